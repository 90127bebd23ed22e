use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::ui::{Context, Result};

/// One connection that is kept open: what is measured is the server, not the connecting.
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

    /// The body of an answer that has to be 200.
    pub fn get(&mut self, path: &str) -> Result<String> {
        self.exchange(path).context(path).and_then(|(status, body)| {
            if status.contains(" 200 ") { Ok(body) } else { Err(format!("{path}: {status} {body}").into()) }
        })
    }

    fn exchange(&mut self, path: &str) -> std::io::Result<(String, String)> {
        write!(self.stream.get_mut(), "GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n")?;
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
