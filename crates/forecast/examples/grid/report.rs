//! The coverage of the bands and their width, by cell.

use offercast_forecast::Point;

use crate::shapes::Shape;

/// The shares that a band of 80 and of 95 % may hold.
const HOLDS_80: (f64, f64) = (0.72, 0.92);
const HOLDS_95: (f64, f64) = (0.88, 0.99);
/// Bands may be this many times as wide as the narrowest that hold their share.
const WIDEST: f64 = 1.5;
/// Bounds of the groups of noise, in addition to all.
const NOISE: [(f64, f64); 3] = [(0.1, 0.2), (0.2, 0.4), (0.4, 0.6)];

/// A forecast, what happened, and the noise of its series.
#[derive(Clone, Copy)]
pub struct Observed {
    pub point: Point,
    pub actual: f64,
    pub deviation: f64,
}

pub struct Cell {
    pub shape: Shape,
    pub known: usize,
    pub level: f64,
    pub days: Vec<Observed>,
    pub totals: Vec<Observed>,
}

/// The share of values inside the bands, and the width of the bands relative to the narrowest that hold their share.
#[derive(Clone, Copy)]
struct Held {
    share_80: f64,
    share_95: f64,
    width_80: f64,
    width_95: f64,
}

impl Observed {
    /// By which factor the band would have to be stretched around its mean to reach the value.
    fn stretch(&self, lower: f64, upper: f64) -> f64 {
        let Observed { point, actual, .. } = self;
        let (distance, reach) = if *actual < point.mean {
            (point.mean - actual, point.mean - lower)
        } else {
            (actual - point.mean, upper - point.mean)
        };
        if distance <= 1e-9 { 0.0 } else { distance / reach.max(1e-9) }
    }
}

impl Held {
    fn of(observed: &[Observed]) -> Held {
        let stretches = |band: fn(&Point) -> (f64, f64)| {
            let stretch = |observed: &Observed| {
                let (lower, upper) = band(&observed.point);
                observed.stretch(lower, upper)
            };
            let mut all: Vec<f64> = observed.iter().map(stretch).collect();
            all.sort_unstable_by(f64::total_cmp);
            all
        };
        let (at_80, at_95) = (
            stretches(|point| (point.lower_80, point.upper_80)),
            stretches(|point| (point.lower_95, point.upper_95)),
        );
        Held {
            share_80: inside(&at_80),
            share_95: inside(&at_95),
            width_80: 1.0 / quantile(&at_80, 0.8),
            width_95: 1.0 / quantile(&at_95, 0.95),
        }
    }

    fn holds(&self) -> bool {
        (HOLDS_80.0..=HOLDS_80.1).contains(&self.share_80)
            && (HOLDS_95.0..=HOLDS_95.1).contains(&self.share_95)
    }

    fn is_narrow(&self) -> bool {
        self.width_80 <= WIDEST && self.width_95 <= WIDEST
    }
}

fn inside(stretches: &[f64]) -> f64 {
    stretches.partition_point(|stretch| *stretch <= 1.0 + 1e-9) as f64 / stretches.len() as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in the sample")]
fn quantile(sorted: &[f64], level: f64) -> f64 {
    sorted[(level * sorted.len() as f64) as usize]
}

/// Prints the ranges over all levels by shape and history, the same by noise, and how many cells hold.
pub fn print(cells: &[Cell]) {
    println!(
        "{:16}{:>5}{:>14}{:>14}{:>14}{:>14}{:>12}{:>12}",
        "least and most", "days", "days 80", "days 95", "totals 80", "totals 95", "widths 80", "widths 95"
    );
    for row in cells.chunk_by(|one, other| one.shape.name() == other.shape.name() && one.known == other.known)
    {
        let held: Vec<(Held, Held)> =
            row.iter().map(|cell| (Held::of(&cell.days), Held::of(&cell.totals))).collect();
        println!("{:16}{:>5}{}", row[0].shape.name(), row[0].known, ranges(&held));
    }
    print_by_noise(cells);
    print_cells(cells);
}

fn ranges(held: &[(Held, Held)]) -> String {
    let range = |measure: &dyn Fn(&(Held, Held)) -> f64| {
        let values = held.iter().map(measure);
        let (least, most) =
            values.fold((f64::INFINITY, 0.0f64), |(least, most), x| (least.min(x), most.max(x)));
        format!("{least:.2}–{most:.2}")
    };
    let shares = [
        range(&|(days, _)| days.share_80),
        range(&|(days, _)| days.share_95),
        range(&|(_, totals)| totals.share_80),
        range(&|(_, totals)| totals.share_95),
    ];
    let widest = |measure: fn(&Held) -> f64| {
        held.iter().fold(0.0f64, |most, (days, totals)| most.max(measure(days)).max(measure(totals)))
    };
    let shares: String = shares.iter().map(|range| format!("{range:>14}")).collect();
    format!("{shares}{:>12.2}{:>12.2}", widest(|held| held.width_80), widest(|held| held.width_95))
}

fn print_by_noise(cells: &[Cell]) {
    println!("\nby noise, all shapes and levels");
    let mut histories: Vec<usize> = cells.iter().map(|cell| cell.known).collect();
    histories.sort_unstable();
    histories.dedup();
    for (from, to) in NOISE {
        for known in &histories {
            let of_noise = |observed: &Observed| (from..to).contains(&observed.deviation);
            let gather = |all: fn(&Cell) -> &Vec<Observed>| -> Vec<Observed> {
                let cells = cells.iter().filter(|cell| cell.known == *known);
                cells.flat_map(all).copied().filter(of_noise).collect()
            };
            let (days, totals) =
                (Held::of(&gather(|cell| &cell.days)), Held::of(&gather(|cell| &cell.totals)));
            println!(
                "{:16}{known:>5}{}",
                format!("{:.0} to {:.0} %", 100.0 * from, 100.0 * to),
                ranges(&[(days, totals)])
            );
        }
    }
}

/// Prints how many cells hold, and the others.
fn print_cells(cells: &[Cell]) {
    let (mut days_hold, mut totals_hold, mut narrow) = (0, 0, 0);
    println!("\ncells that do not hold");
    for cell in cells {
        let (days, totals) = (Held::of(&cell.days), Held::of(&cell.totals));
        days_hold += usize::from(days.holds());
        totals_hold += usize::from(totals.holds());
        narrow += usize::from(days.is_narrow() && totals.is_narrow());
        if !days.holds() || !totals.holds() {
            println!(
                "{:16}{:>5}{} at {}",
                cell.shape.name(),
                cell.known,
                ranges(&[(days, totals)]),
                cell.level
            );
        }
    }
    let all = cells.len();
    println!("\nof {all} cells: days hold in {days_hold}, totals in {totals_hold}, widths in {narrow}");
}

pub fn json(cells: &[Cell]) -> String {
    let row = |cell: &Cell| {
        let part = |held: Held| {
            let Held { share_80, share_95, width_80, width_95 } = held;
            format!("[{share_80:.4}, {share_95:.4}, {width_80:.3}, {width_95:.3}]")
        };
        format!(
            "{{\"shape\": \"{}\", \"days\": {}, \"level\": {}, \"of_days\": {}, \"of_totals\": {}}}",
            cell.shape.name(),
            cell.known,
            cell.level,
            part(Held::of(&cell.days)),
            part(Held::of(&cell.totals))
        )
    };
    format!("[{}]\n", cells.iter().map(row).collect::<Vec<_>>().join(",\n"))
}
