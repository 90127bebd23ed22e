//! The server that is attacked, and what has to hold after every attack.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::raw::{Answer, Raw, client, get, request};

/// What the process may have, whatever is done to it.
const MEGABYTES: f64 = 300.0;

/// The address of the shop that is served meanwhile; attackers have others.
const SHOP: u8 = 2;

pub struct Target {
    child: Child,
    process: u32,
    pub address: SocketAddr,
}

impl Target {
    /// `offercast api` with these settings.
    pub async fn start(program: &str, database_url: &str, settings: &[(&str, &str)]) -> Target {
        let mut command = Command::new(program);
        command.args(["api", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", database_url).kill_on_drop(true);
        command.env("OFFERCAST_LOG", "error,offercast=info").env("OFFERCAST_LOG_FORMAT", "json");
        command.env("OFFERCAST_WEB_DIR", "none").envs(settings.iter().copied());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().expect("it ended before it listened");
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = entry["address"].as_str() {
                break address.parse().unwrap();
            }
        };
        // Somebody has to read the rest, or the process blocks on a full pipe. What it calls an error, but for being busy, is worth seeing.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("\"level\":\"ERROR\"") && !line.contains("\"code\":\"busy\"") {
                    eprintln!("{line}");
                }
            }
        });
        Target { process: child.id().unwrap(), child, address }
    }

    /// Alive, small, and serving. Gives the megabytes that it has had at most.
    pub async fn check(&mut self) -> Result<f64, String> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(format!("the process has ended: {status}"));
        }
        let answer = self.redeem().await?;
        if answer.status != 201 {
            return Err(format!("the shop is not served: {answer:?}"));
        }
        let megabytes = self.megabytes("VmHWM:");
        if megabytes > MEGABYTES {
            return Err(format!("the process has had {megabytes:.0} MB"));
        }
        Ok(megabytes)
    }

    pub fn megabytes(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0.0) / 1024.0
    }

    pub async fn connect(&self, from: u8) -> Raw {
        Raw::connect(self.address, client(from)).await.unwrap()
    }

    /// One request by a client of its own, and its answer.
    pub async fn ask(&self, from: u8, request: &[u8]) -> Result<Answer, String> {
        let mut raw = Raw::connect(self.address, client(from)).await.map_err(|error| error.to_string())?;
        raw.send_all_it_takes(request).await;
        raw.answer().await
    }

    /// What a shop does.
    pub async fn redeem(&self) -> Result<Answer, String> {
        self.ask(SHOP, &order()).await
    }

    /// A connection of the shop that is kept.
    pub async fn shop(&self) -> Raw {
        self.connect(SHOP).await
    }

    /// The number of a metric with these labels; 0 while there is none.
    pub async fn metric(&self, name: &str) -> Result<f64, String> {
        let metrics = self.ask(SHOP, &get("/metrics")).await?;
        let line = metrics.body.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        Ok(line.unwrap_or(0.0))
    }

    /// Waits until a metric is at least as large; fails after a minute, which is far more than it takes.
    pub async fn until(&self, name: &str, least: f64) -> Result<(), String> {
        let started = Instant::now();
        loop {
            let now = self.metric(name).await?;
            if now >= least {
                return Ok(());
            }
            if started.elapsed() > Duration::from_secs(60) {
                return Err(format!("{name} is {now}, not {least}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

pub fn order() -> Vec<u8> {
    request("POST", "/api/offers/SHOP/redeem", br#"{"customer_id": 1001, "order_amount": 50}"#)
}

/// The offer of the shop, and one with codes to be downloaded.
pub async fn make_offers(target: &Target) -> Result<(), String> {
    for code in ["SHOP", "CODES"] {
        let offer = json!({
            "code": code, "name": code, "discount_type": "percent", "discount_value": 10, "currency": "USD",
            "start_date": "2000-01-01", "end_date": "2199-12-31",
        });
        let made = target.ask(SHOP, &request("POST", "/api/offers", offer.to_string().as_bytes())).await?;
        if made.status != 201 {
            return Err(format!("{made:?}"));
        }
    }
    let codes = request("POST", "/api/offers/CODES/codes", br#"{"count": 1000000}"#);
    let issued = target.ask(SHOP, &codes).await?;
    if issued.status == 201 { Ok(()) } else { Err(format!("{issued:?}")) }
}
