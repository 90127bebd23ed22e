//! The attacked server, and the check after every attack.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::raw::{Raw, Response, client, get, request};

/// The largest peak memory of the process.
const MEGABYTES: f64 = 300.0;

/// The client number of the shop that is served during an attack; attackers have others.
const SHOP: u8 = 2;

pub struct Target {
    child: Child,
    process: u32,
    pub address: SocketAddr,
}

impl Target {
    /// Starts `offercast api` with these settings.
    pub async fn start(program: &str, database_url: &str, settings: &[(&str, &str)]) -> Target {
        let mut command = Command::new(program);
        command.args(["api", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", database_url).kill_on_drop(true);
        command.env("OFFERCAST_LOG", "error,offercast=info").env("OFFERCAST_LOG_FORMAT", "json");
        command
            .env("OFFERCAST_ACCESS", "off")
            .env("OFFERCAST_WEB_DIR", "none")
            .envs(settings.iter().copied());
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
        // The rest must be read too, or the process would block on a full pipe. Errors other than `busy` are printed.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("\"level\":\"ERROR\"") && !line.contains("\"code\":\"busy\"") {
                    eprintln!("{line}");
                }
            }
        });
        Target { process: child.id().unwrap(), child, address }
    }

    /// Checks that the process runs, uses little memory and serves the shop. Returns its peak memory in megabytes.
    pub async fn check(&mut self) -> Result<f64, String> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(format!("the process has ended: {status}"));
        }
        let response = self.redeem().await?;
        if response.status != 201 {
            return Err(format!("the shop cannot redeem: {response:?}"));
        }
        let megabytes = self.megabytes("VmHWM:");
        if megabytes > MEGABYTES {
            return Err(format!("the process used {megabytes:.0} MB"));
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

    /// Sends a request on a new connection and returns the response.
    pub async fn send(&self, from: u8, request: &[u8]) -> Result<Response, String> {
        let mut raw = Raw::connect(self.address, client(from)).await.map_err(|error| error.to_string())?;
        raw.send_until_closed(request).await;
        raw.response().await
    }

    /// Redeems an order of the shop.
    pub async fn redeem(&self) -> Result<Response, String> {
        self.send(SHOP, &order()).await
    }

    /// A keep-alive connection of the shop.
    pub async fn shop(&self) -> Raw {
        self.connect(SHOP).await
    }

    /// The value of a metric with these labels; 0 if it does not exist.
    pub async fn metric(&self, name: &str) -> Result<f64, String> {
        let metrics = self.send(SHOP, &get("/metrics")).await?;
        let line = metrics.body.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        Ok(line.unwrap_or(0.0))
    }

    /// Waits until a metric has at least this value; fails after a minute.
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

/// Creates the shop's offer, and one with codes to download.
pub async fn create_offers(target: &Target) -> Result<(), String> {
    for code in ["SHOP", "CODES"] {
        let offer = json!({
            "code": code, "name": code, "discount_type": "percent", "discount_value": 10, "currency": "USD",
            "start_date": "2000-01-01", "end_date": "2199-12-31",
        });
        let created =
            target.send(SHOP, &request("POST", "/api/offers", offer.to_string().as_bytes())).await?;
        if created.status != 201 {
            return Err(format!("{created:?}"));
        }
    }
    let codes = request("POST", "/api/offers/CODES/codes", br#"{"count": 1000000}"#);
    let issued = target.send(SHOP, &codes).await?;
    if issued.status == 201 { Ok(()) } else { Err(format!("{issued:?}")) }
}
