//! HTTP over a plain socket, to send requests that no HTTP library would send.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

/// Far longer than any step should take, so that a hanging server fails the test.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Time between two bytes of a slow client.
pub const PAUSE: Duration = Duration::from_millis(200);

pub struct Raw {
    stream: TcpStream,
    pending: Vec<u8>,
}

/// A response. The status is 0 if the connection was closed without one.
#[derive(Debug, Default)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    /// The error code in the body.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The address of a client. Each address of the loopback network counts as a different client.
pub fn client(number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, number))
}

impl Raw {
    pub async fn connect(to: SocketAddr, from: IpAddr) -> std::io::Result<Raw> {
        Raw::with_buffer(to, from, None).await
    }

    /// Connects with a receive buffer of this size in bytes. If it is small, the server soon has to wait for the
    /// client.
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

    /// Sends the bytes, or as many as possible until the server closes the connection.
    pub async fn send_until_closed(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(16 * 1024) {
            if !matches!(timeout(TIMEOUT, self.stream.write_all(part)).await, Ok(Ok(()))) {
                break;
            }
        }
    }

    /// Reads the next response. At the end of the connection it has the status 0.
    pub async fn response(&mut self) -> Result<Response, String> {
        loop {
            if let Some(response) = self.take_complete() {
                return Ok(response);
            }
            if !self.receive().await? {
                return Ok(Response::default());
            }
        }
    }

    /// Takes a complete response from the received bytes.
    fn take_complete(&mut self) -> Option<Response> {
        let end = self.pending.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&self.pending[..end]).to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        let body = self.pending.get(end..end + length)?;
        let body = String::from_utf8_lossy(body).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        self.pending.drain(..end + length);
        Some(Response { status, head, body })
    }

    /// Receives bytes. Returns false at the end of the connection, also after an error.
    async fn receive(&mut self) -> Result<bool, String> {
        let read = timeout(TIMEOUT, self.stream.read_buf(&mut self.pending)).await;
        let read = read.map_err(|_| "the server neither responds nor closes the connection".to_owned())?;
        Ok(read.is_ok_and(|bytes| bytes > 0))
    }

    /// Sends a few bytes at intervals until the server closes the connection, and returns its last response.
    pub async fn trickle(&mut self, bytes: &[u8]) -> Result<Response, String> {
        let closed = timeout(TIMEOUT, async {
            loop {
                tokio::select! {
                    read = self.receive() => if !read? { return Ok::<_, String>(()) },
                    // An error is noticed by the next read.
                    () = sleep(PAUSE) => drop(self.stream.write_all(bytes).await),
                }
            }
        });
        closed.await.map_err(|_| "the server does not close a connection that trickles".to_owned())??;
        Ok(self.last())
    }

    fn last(&mut self) -> Response {
        let mut last = Response::default();
        while let Some(response) = self.take_complete() {
            last = response;
        }
        last
    }

    /// Reads one byte. Returns false at the end of the connection.
    pub async fn read_byte(&mut self) -> bool {
        self.stream.read_u8().await.is_ok()
    }

    /// Waits until the server closes the connection, and returns its last response.
    pub async fn until_closed(&mut self) -> Result<Response, String> {
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
