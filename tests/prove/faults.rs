use std::time::{Duration, Instant};

use crate::world::{PROCESSES, World};

/// Injects a fault every half to two seconds until the end, then waits until everything is up again. Returns a summary.
pub async fn inject(world: &World, seed: u64, end: Instant) -> String {
    let mut random = fastrand::Rng::with_seed(seed ^ 0xfa17);
    let (mut kills, mut crashes, mut cuts, mut fills) = (0, 0, 0, 0);
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(random.u64(500..2_000))).await;
        match random.u32(0..12) {
            0..=4 => {
                world.kill(random.usize(0..PROCESSES)).await;
                kills += 1;
            }
            5 => {
                world.crash_database().await;
                crashes += 1;
            }
            6..=9 => {
                world.cut_connections().await;
                cuts += 1;
            }
            _ => {
                let full = Duration::from_millis(random.u64(500..3_000));
                fills += u32::from(world.fill_disk(full).await);
            }
        }
    }
    world.until_ready().await;
    format!(
        "{kills} processes killed, {crashes} database crashes, connections terminated {cuts} times, disk full {fills} times \
         ({} failed writes)",
        world.failed_writes()
    )
}
