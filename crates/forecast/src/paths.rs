//! Sample paths: possible futures, drawn from one joint distribution.
//!
//! The normal score of day h of path p is sqrt(r) F_p + sqrt(1 - r) e_ph (a one-factor Gaussian copula); the
//! day's value is its quantile at that score. F_p, the common score of all days of a path, takes evenly spaced
//! quantiles of Student's distribution, so that totals vary little even with few paths.

use std::sync::LazyLock;

use crate::normal;
use crate::spread::{STEPS, STEPS_PER_SCORE};

/// The number of equally likely normal scores to draw from.
const DRAWS: usize = 4096;
const DRAW_BITS: u32 = 12;

static SCORES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    #[expect(clippy::cast_possible_truncation, reason = "seven digits are plenty for a sample")]
    let score = |draw: usize| normal::quantile((draw as f64 + 0.5) / DRAWS as f64) as f32;
    (0..DRAWS).map(score).collect()
});

/// One day's distribution.
#[derive(Debug, Clone)]
pub(crate) struct Marginal {
    pub table: Vec<f32>,
    /// Weights of the path's common score and of the day's own score.
    pub common: f32,
    pub own: f32,
}

/// Draws paths; the same seed gives the same paths.
#[derive(Debug, Clone)]
pub struct Paths {
    pub(crate) marginals: Vec<Marginal>,
    /// The marginal of each day.
    pub(crate) days: Vec<usize>,
    /// Degrees of freedom of the common score.
    pub(crate) freedom: f64,
    pub(crate) count: usize,
    pub(crate) drawn: usize,
    pub(crate) random: SplitMix,
}

#[expect(clippy::should_implement_trait, reason = "a path borrows the generator")]
impl Paths {
    /// Draws the next path, `None` after the last one. Paths come in ascending order of their common score.
    pub fn next(&mut self) -> Option<Path<'_>> {
        if self.drawn == self.count {
            return None;
        }
        let common = normal::quantile((self.drawn as f64 + 0.5) / self.count as f64);
        #[expect(clippy::cast_possible_truncation, reason = "a score")]
        let common = normal::student(common, self.freedom) as f32;
        self.drawn += 1;
        let scores = Scores { random: &mut self.random, bits: 0, left: 0, table: &SCORES };
        Some(Path { days: self.days.iter(), marginals: &self.marginals, common, scores })
    }

    /// The sum of each path, in no particular order.
    pub fn totals(mut self) -> Vec<f64> {
        let mut totals = Vec::with_capacity(self.count);
        while let Some(path) = self.next() {
            totals.push(path.sum());
        }
        totals
    }
}

/// One possible future, drawn day by day.
pub struct Path<'a> {
    days: std::slice::Iter<'a, usize>,
    marginals: &'a [Marginal],
    /// The common score of its days.
    common: f32,
    scores: Scores<'a>,
}

impl Iterator for Path<'_> {
    type Item = f64;

    #[inline]
    fn next(&mut self) -> Option<f64> {
        let marginal = &self.marginals[*self.days.next()?];
        let score = marginal.common * self.common + marginal.own * self.scores.next();
        Some(f64::from(marginal.table[step(score)]))
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the table")]
fn step(score: f32) -> usize {
    ((score + 4.0) * STEPS_PER_SCORE).clamp(0.0, (STEPS - 1) as f32) as usize
}

/// Draws five normal scores from each random number.
struct Scores<'a> {
    random: &'a mut SplitMix,
    bits: u64,
    left: u32,
    table: &'static [f32],
}

impl Scores<'_> {
    #[inline]
    fn next(&mut self) -> f32 {
        if self.left == 0 {
            (self.bits, self.left) = (self.random.next(), u64::BITS / DRAW_BITS);
        }
        #[expect(clippy::cast_possible_truncation, reason = "the lowest 12 bits")]
        let draw = self.bits as usize % DRAWS;
        self.bits >>= DRAW_BITS;
        self.left -= 1;
        self.table[draw]
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub struct SplitMix(u64);

impl SplitMix {
    pub fn new(seed: u64) -> SplitMix {
        SplitMix(seed)
    }

    #[inline]
    #[expect(clippy::should_implement_trait, reason = "the sequence never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws from the standard normal distribution: one of 4,096 equally likely values.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        f64::from(SCORES[(self.next() >> (u64::BITS - DRAW_BITS)) as usize])
    }
}
