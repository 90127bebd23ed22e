//! HTTP by hand: an attacker keeps to no library's manners.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

/// Far more than anything here takes; whoever is still waiting then waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two bytes of who sends or reads just enough to look alive.
pub const PAUSE: Duration = Duration::from_millis(200);

pub struct Raw {
    stream: TcpStream,
    pending: Vec<u8>,
}

/// What came back. The status is 0 where the connection was closed without an answer.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The code of a refusal.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Of the loopback network, which is as many clients as one likes.
pub fn client(number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, number))
}

impl Raw {
    pub async fn connect(to: SocketAddr, from: IpAddr) -> std::io::Result<Raw> {
        Raw::with_buffer(to, from, None).await
    }

    /// With a receive buffer of so many bytes, so that what is not read is soon felt by the server.
    pub async fn with_buffer(to: SocketAddr, from: IpAddr, buffer: Option<u32>) -> std::io::Result<Raw> {
        let socket = TcpSocket::new_v4()?;
        if let Some(buffer) = buffer {
            socket.set_recv_buffer_size(buffer)?;
        }
        socket.bind(SocketAddr::new(from, 0))?;
        Ok(Raw { stream: socket.connect(to).await?, pending: Vec::new() })
    }

    pub async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Sends as much as the server takes before it closes the connection.
    pub async fn send_all_it_takes(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(16 * 1024) {
            if !matches!(timeout(PATIENCE, self.stream.write_all(part)).await, Ok(Ok(()))) {
                break;
            }
        }
    }

    /// The next answer, or one without a status at the end of the connection.
    pub async fn answer(&mut self) -> Result<Answer, String> {
        loop {
            if let Some(answer) = self.received() {
                return Ok(answer);
            }
            if !self.receive().await? {
                return Ok(Answer::default());
            }
        }
    }

    /// What has come, once it is a whole answer.
    fn received(&mut self) -> Option<Answer> {
        let end = self.pending.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&self.pending[..end]).to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        let body = self.pending.get(end..end + length)?;
        let body = String::from_utf8_lossy(body).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        self.pending.drain(..end + length);
        Some(Answer { status, head, body })
    }

    /// False at the end of the connection, however it came.
    async fn receive(&mut self) -> Result<bool, String> {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.pending)).await;
        let read = read.map_err(|_| "the server neither answers nor closes the connection".to_owned())?;
        Ok(read.is_ok_and(|bytes| bytes > 0))
    }

    /// Sends a little now and then until the server closes the connection, and gives the last that it has said.
    pub async fn trickle(&mut self, little: &[u8]) -> Result<Answer, String> {
        let closed = timeout(PATIENCE, async {
            loop {
                tokio::select! {
                    read = self.receive() => if !read? { return Ok::<_, String>(()) },
                    // Whether it is taken shows when reading.
                    () = sleep(PAUSE) => drop(self.stream.write_all(little).await),
                }
            }
        });
        closed.await.map_err(|_| "the server goes on with a connection that trickles".to_owned())??;
        Ok(self.last())
    }

    fn last(&mut self) -> Answer {
        let mut last = Answer::default();
        while let Some(answer) = self.received() {
            last = answer;
        }
        last
    }

    /// Reads one byte. False at the end of the connection.
    pub async fn sip(&mut self) -> bool {
        self.stream.read_u8().await.is_ok()
    }

    /// Waits for the server to close the connection, and gives the last that it has said.
    pub async fn until_closed(&mut self) -> Result<Answer, String> {
        while self.receive().await? {}
        Ok(self.last())
    }
}

/// A request with a JSON body.
pub fn request(method: &str, path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}
