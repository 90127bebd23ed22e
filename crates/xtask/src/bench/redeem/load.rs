//! The load generator: connections that each send the next request once the last one is answered. A thread
//! a connection, requests written and answers read without a library, so that little of the machine goes
//! into generating.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::places;
use crate::ui::{Context, Result};

use super::Figures;

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);
const STACK: usize = 128 * 1024;

#[derive(Clone, Copy)]
pub enum Target {
    Nothing,
    One,
    Many(u32),
}

#[derive(Clone, Copy)]
pub struct Load<'a> {
    /// Connections are dealt out among them.
    pub addresses: &'a [String],
    pub connections: usize,
    pub target: Target,
    /// Requests a second of all connections together; none for as many as there can be.
    pub pace: Option<f64>,
}

impl Load<'_> {
    pub fn run(self, time: Duration) -> Result<Figures> {
        let run = places::moment();
        let begin = Instant::now() + WARM_UP;
        let parts: Vec<Result<Figures>> = thread::scope(|scope| {
            let start = |n: usize| {
                let address = &self.addresses[n % self.addresses.len()];
                let work = move || self.connection(address, n, run, begin, begin + time).context(address);
                thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)
            };
            let threads: Vec<_> = (0..self.connections).map(start).collect();
            let join = |thread: std::io::Result<thread::ScopedJoinHandle<'_, Result<Figures>>>| {
                thread.context("a thread")?.join().map_err(|_| "the load broke down")?
            };
            threads.into_iter().map(join).collect()
        });
        let mut all = Figures::default();
        for part in parts {
            let part = part?;
            all.latencies.extend(part.latencies);
            all.refused += part.refused;
            all.errors += part.errors;
        }
        all.latencies.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "requests of some seconds")]
        let requests = all.latencies.len() as f64;
        all.requests_per_s = requests / time.as_secs_f64();
        Ok(all)
    }

    fn connection(
        self,
        address: &str,
        number: usize,
        run: u128,
        begin: Instant,
        end: Instant,
    ) -> std::io::Result<Figures> {
        let mut connection = Connection::open(address)?;
        let mut figures = Figures::default();
        let mut random = Random(number as u64 + 1);
        let rest = self.pace.map(|pace| Duration::from_secs_f64(self.connections as f64 / pace));
        for n in 0u64.. {
            let request = self.request(&mut random, &format!("{run}-{number}-{n}"));
            let sent = Instant::now();
            if sent >= end {
                break;
            }
            let status = connection.exchange(&request)?;
            let took = sent.elapsed();
            if sent >= begin {
                figures.latencies.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
                match status {
                    200 | 201 => {}
                    409 => figures.refused += 1,
                    _ => figures.errors += 1,
                }
            }
            if let Some(rest) = rest {
                thread::sleep(rest.saturating_sub(took));
            }
        }
        Ok(figures)
    }

    fn request(self, random: &mut Random, key: &str) -> String {
        let offer = match self.target {
            Target::Nothing => return "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n".to_owned(),
            Target::One => 0,
            Target::Many(offers) => 1 + random.below(offers),
        };
        let customer = random.below(1_000_000);
        let body = format!("{{\"customer_id\":{customer},\"order_amount\":100}}");
        post(&format!("/api/offers/BENCH-{offer}/redeem"), key, &body)
    }
}

pub fn make_offers(address: &str, offers: u32) -> Result<()> {
    let mut connection = Connection::open(address).context(address)?;
    for n in 0..=offers {
        let body = format!(
            "{{\"code\":\"BENCH-{n}\",\"name\":\"Bench\",\"discount_type\":\"percent\",\"discount_value\":10,\
             \"currency\":\"USD\",\"start_date\":\"2020-01-01\",\"end_date\":\"2199-12-31\",\
             \"budget\":1000000000000,\"max_redemptions\":1000000000000}}"
        );
        let status = connection.exchange(&post("/api/offers", "unused", &body)).context(address)?;
        if status != 201 {
            return Err(format!("an offer could not be made: {status}").into());
        }
    }
    Ok(())
}

fn post(path: &str, key: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    fn open(address: &str) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Connection { stream, buffer: vec![0; 16 * 1024] })
    }

    /// The status; the body is read and thrown away.
    fn exchange(&mut self, request: &str) -> std::io::Result<u16> {
        self.stream.write_all(request.as_bytes())?;
        let mut have = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[have..])?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            have += read;
            if let Some((status, length)) = parse(&self.buffer[..have])
                && have >= length
            {
                return Ok(status);
            }
        }
    }
}

/// Status and length of an answer, once its head is there.
fn parse(answer: &[u8]) -> Option<(u16, usize)> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    Some((status, head + 4 + length.unwrap_or(0)))
}

/// Good enough to spread requests over offers (Lehmer's generator).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(0xda94_2042_e4dd_58b5).wrapping_add(1);
        u32::try_from((self.0 >> 33) % u64::from(bound)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let answer = b"HTTP/1.1 409 Conflict\r\ncontent-length: 3\r\nx: y\r\n\r\nabc";
        assert_eq!(parse(answer), Some((409, answer.len())));
        assert_eq!(parse(&answer[..30]), None);
    }

    #[test]
    fn percentiles_are_of_the_sorted_latencies() {
        let figures = Figures { latencies: (1..=100).map(|n| n * 1_000).collect(), ..Figures::default() };
        assert_eq!([50, 95, 99].map(|p| figures.percentile_ms(p)), [51.0, 96.0, 100.0]);
        assert_eq!(Figures::default().percentile_ms(50).to_bits(), 0.0f64.to_bits());
    }
}
