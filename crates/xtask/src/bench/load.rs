//! The load generator: wrk, whose connections each send a request after the response to the previous one.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::places;
use crate::tools;
use crate::ui::{Context, Result};

use super::http::Client;

/// Time before the measurement, for the server to cache a thousand offers and to compute their first forecasts.
const WARM_UP: Duration = Duration::from_secs(10);

/// The measurements of requests or transactions.
#[derive(Default, Clone)]
pub struct Figures {
    pub requests_per_s: f64,
    /// In microseconds.
    pub latencies: Vec<u32>,
    pub refused: u64,
    pub errors: u64,
}

impl Figures {
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let index = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        f64::from(self.latencies.get(index).copied().unwrap_or_default()) / 1e3
    }
}

#[derive(Clone, Copy)]
pub enum Target {
    Nothing,
    One,
    Many(u32),
}

#[derive(Clone, Copy)]
pub struct Load<'a> {
    /// The connections are split evenly between these addresses.
    pub addresses: &'a [String],
    pub connections: usize,
    pub target: Target,
    /// Requests per second of all connections together; `None` for no limit.
    pub pace: Option<f64>,
    /// Where scripts are written.
    pub folder: &'a Path,
}

impl Load<'_> {
    pub fn run(self, time: Duration) -> Result<Figures> {
        self.run_all(WARM_UP)?;
        let refused = self.refused()?;
        let mut figures = self.run_all(time)?;
        figures.refused = self.refused()? - refused;
        figures.errors = figures.errors.saturating_sub(figures.refused);
        Ok(figures)
    }

    /// Runs one wrk per address.
    fn run_all(self, time: Duration) -> Result<Figures> {
        let parts: Vec<Result<Figures>> = thread::scope(|scope| {
            let start = |address| scope.spawn(move || self.wrk(address, time));
            let running: Vec<_> = self.addresses.iter().map(String::as_str).map(start).collect();
            running.into_iter().map(|wrk| wrk.join().map_err(|_| "the load generator panicked")?).collect()
        });
        let mut all = Figures::default();
        for part in parts {
            let part = part?;
            all.requests_per_s += part.requests_per_s;
            all.errors += part.errors;
            all.latencies.extend(part.latencies);
        }
        all.latencies.sort_unstable();
        Ok(all)
    }

    fn wrk(self, address: &str, time: Duration) -> Result<Figures> {
        // The port distinguishes runs that start in the same millisecond.
        let port = address.rsplit(':').next().unwrap_or_default();
        let run = format!("{}{port}", places::moment());
        let script = self.folder.join(format!("load-{run}.lua"));
        fs::write(&script, self.script(&run)).context(script.display())?;
        let connections = self.connections / self.addresses.len();
        let output = Command::new(tools::wrk()?)
            .args(["--threads", "1", "--timeout", "30s"])
            .args(["--connections", &connections.to_string(), "--duration", &format!("{}s", time.as_secs())])
            .arg("--script")
            .arg(&script)
            .arg(format!("http://{address}"))
            .stderr(Stdio::inherit())
            .output()
            .context("wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        parse(&text).ok_or_else(|| format!("unexpected output of wrk: {text}").into())
    }

    fn script(self, run: &str) -> String {
        let mut script = match self.target {
            Target::Nothing => "request = function() return wrk.format('GET', '/healthz') end\n".to_owned(),
            Target::One => redeem_script("0", run),
            Target::Many(offers) => redeem_script(&format!("math.random({offers})"), run),
        };
        if let Some(pace) = self.pace {
            #[expect(clippy::cast_precision_loss, reason = "connections are few")]
            let rest_ms = self.connections as f64 / pace * 1e3;
            // Random delays, so that requests do not arrive in bursts.
            let _ = writeln!(script, "delay = function() return math.random() * 2 * {rest_ms} end");
        }
        script + REPORT
    }

    /// The declined redemptions, from the server's metrics: wrk counts every status that is not 2xx as an error.
    fn refused(self) -> Result<u64> {
        let mut refused = 0;
        for address in self.addresses {
            let metrics = Client::connect(address)?.get("/metrics")?;
            let lines = metrics.lines().filter(|line| line.starts_with("offercast_http_requests_total{"));
            let counts = lines.filter(|line| line.contains("status=\"409\""));
            refused += counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum::<u64>();
        }
        Ok(refused)
    }
}

/// A wrk script that redeems; each request has its own idempotency key.
fn redeem_script(offer: &str, run: &str) -> String {
    let seed = &run[run.len().saturating_sub(9)..];
    format!(
        "local n = 0
math.randomseed({seed})
request = function()
    n = n + 1
    local headers = {{['Content-Type'] = 'application/json', ['Idempotency-Key'] = '{run}-' .. n}}
    local body = '{{\"customer_id\":' .. math.random(1000000) .. ',\"order_amount\":100}}'
    return wrk.format('POST', '/api/offers/BENCH-' .. {offer} .. '/redeem', headers, body)
end
"
    )
}

/// Prints every latency in microseconds with its count.
const REPORT: &str = "
done = function(summary, latency)
    local e = summary.errors
    print('total', summary.requests, summary.duration, e.connect + e.read + e.write + e.timeout + e.status)
    for i = 1, #latency do
        local value, count = latency(i)
        print('latency', value, count)
    end
end
";

fn parse(output: &str) -> Option<Figures> {
    let mut figures = Figures::default();
    let mut is_complete = false;
    for line in output.lines() {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("total") => {
                let mut number = || words.next()?.parse::<f64>().ok();
                let (requests, microseconds, errors) = (number()?, number()?, number()?);
                figures.requests_per_s = requests / microseconds * 1e6;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
                let errors = errors as u64;
                figures.errors = errors;
                is_complete = true;
            }
            Some("latency") => {
                let value: u32 = words.next()?.parse().ok()?;
                let count: usize = words.next()?.parse().ok()?;
                figures.latencies.extend(std::iter::repeat_n(value, count));
            }
            _ => {}
        }
    }
    is_complete.then_some(figures)
}

pub fn make_offers(address: &str, offers: u32) -> Result<()> {
    let mut client = Client::connect(address)?;
    for n in 0..=offers {
        let body = format!(
            "{{\"code\":\"BENCH-{n}\",\"name\":\"Bench\",\"discount_type\":\"percent\",\"discount_value\":10,\
             \"currency\":\"USD\",\"start_date\":\"2020-01-01\",\"end_date\":\"2199-12-31\",\
             \"budget\":1000000000000,\"max_redemptions\":1000000000000}}"
        );
        client.post("/api/offers", &body)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_wrk_is_parsed() {
        let report = "Running 1s test\ntotal\t30\t1500000\t2\nlatency\t900\t2\nlatency\t1200\t1\n";
        let figures = parse(report).unwrap();
        assert_eq!(figures.latencies, [900, 900, 1_200]);
        assert!((figures.requests_per_s - 20.0).abs() < 1e-9);
        assert_eq!(figures.errors, 2);
        assert!(parse("unable to connect").is_none());
    }

    #[test]
    fn percentiles_are_taken_from_sorted_latencies() {
        let figures = Figures { latencies: (1..=100).map(|n| n * 1_000).collect(), ..Figures::default() };
        assert_eq!([50, 95, 99].map(|p| figures.percentile_ms(p)), [51.0, 96.0, 100.0]);
        assert_eq!(Figures::default().percentile_ms(50).to_bits(), 0.0f64.to_bits());
    }
}
