use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::ui::{Context, Result};

/// One keep-alive connection, so that the time to connect is not measured.
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(url: &str) -> Result<Client> {
        let address = url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).context(url)?;
        stream.set_nodelay(true).context(url)?;
        Ok(Client { stream: BufReader::new(stream) })
    }

    /// Returns the body of the response. Fails unless the status is 2xx.
    pub fn get(&mut self, path: &str) -> Result<String> {
        self.expect_success(path, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    /// Posts JSON; like [`Client::get`] otherwise.
    pub fn post(&mut self, path: &str, body: &str) -> Result<String> {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
        self.expect_success(path, &format!("{head}Content-Length: {length}\r\n\r\n{body}"))
    }

    fn expect_success(&mut self, path: &str, request: &str) -> Result<String> {
        let (status, body) = self.exchange(request).context(path)?;
        let is_success = status.split(' ').nth(1).is_some_and(|code| code.starts_with('2'));
        if is_success { Ok(body) } else { Err(format!("{path}: {status} {body}").into()) }
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<(String, String)> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut status = String::new();
        self.stream.read_line(&mut status)?;
        let mut length = 0;
        loop {
            let mut header = String::new();
            self.stream.read_line(&mut header)?;
            if header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}
