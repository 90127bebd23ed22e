use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::ui::{Context, Result};

/// One in this many redemptions is of offer 0.
const BUSIEST: u32 = 10;
/// Every offer with redemptions has some on each day of a year, so that a dashboard shows the same number of days for
/// any number of redemptions.
const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS: u32 = 365;

pub fn code(offer: u32) -> String {
    format!("BENCH-{offer}")
}

/// The number of offers with redemptions.
pub fn redeeming(offers: u32, redemptions: u32) -> u32 {
    offers.min(1 + (redemptions - redemptions / BUSIEST) / DAYS)
}

/// Writes the offers and a year of redemptions, the same in every run.
pub fn write(folder: &Path, offers: u32, redemptions: u32) -> Result<(PathBuf, PathBuf)> {
    let (offers_file, redemptions_file) = (folder.join("offers.csv"), folder.join("redemptions.csv"));
    write_offers(&offers_file, offers).context(offers_file.display())?;
    write_redemptions(&redemptions_file, offers, redemptions).context(redemptions_file.display())?;
    Ok((offers_file, redemptions_file))
}

fn write_offers(path: &Path, offers: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(
        file,
        "code,name,discount_type,discount_value,currency,timezone,start_date,end_date,budget,max_redemptions"
    )?;
    for offer in 0..offers {
        let code = code(offer);
        writeln!(
            file,
            "{code},Offer {offer},percent,10,USD,Europe/Berlin,2025-01-01,2099-12-31,99999999,9999999"
        )?;
    }
    file.flush()
}

fn write_redemptions(path: &Path, offers: u32, redemptions: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "offer_code,customer_id,order_amount,discount_given,redeemed_at")?;
    let others = redeeming(offers, redemptions) - 1;
    let mut random = 1u64;
    for n in 0..redemptions {
        // Knuth's MMIX generator; the quality of the randomness does not matter.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = (random >> 33) as u32;
        let (of_busiest, of_others) = (n / BUSIEST, n - n / BUSIEST);
        let (offer, day) = match n % BUSIEST {
            0 => (0, of_busiest % DAYS),
            _ => (1 + of_others / DAYS % others, of_others % DAYS),
        };
        let (month, day) = date(day);
        let (hour, minute, second) = (bits / 11 % 24, bits / 13 % 60, bits / 17 % 60);
        let cents = bits % 20_000 + 100;
        let discount = (cents + 5) / 10;
        writeln!(
            file,
            "{},c{},{}.{:02},{}.{:02},2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
            code(offer),
            bits % 50_000,
            cents / 100,
            cents % 100,
            discount / 100,
            discount % 100
        )?;
    }
    file.flush()
}

/// Month and day of a day of the year, counted from 0.
fn date(mut day: u32) -> (usize, u32) {
    let mut month = 0;
    while day >= MONTHS[month] {
        day -= MONTHS[month];
        month += 1;
    }
    (month + 1, day + 1)
}
