use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Database;

/// A proxy in front of a database that can be shut. New connections then wait; existing ones are not affected.
pub struct Gate {
    /// The URL of the database through the proxy.
    pub url: String,
    is_open: Arc<watch::Sender<bool>>,
}

impl Gate {
    /// Starts an open gate.
    pub async fn before(database: &Database) -> Gate {
        let (role, location) = database.url.rsplit_once('@').unwrap();
        let (address, name) = location.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{role}@{}/{name}", listener.local_addr().unwrap());
        let is_open = Arc::new(watch::Sender::new(true));
        tokio::spawn(accept(listener, address.to_owned(), is_open.clone()));
        Gate { url, is_open }
    }

    pub fn shut(&self) {
        self.is_open.send_replace(false);
    }

    pub fn open(&self) {
        self.is_open.send_replace(true);
    }
}

async fn accept(listener: TcpListener, address: String, is_open: Arc<watch::Sender<bool>>) {
    while let Ok((mut from, _)) = listener.accept().await {
        let (mut is_open, address) = (is_open.subscribe(), address.clone());
        tokio::spawn(async move {
            is_open.wait_for(|is_open| *is_open).await.unwrap();
            let mut to = TcpStream::connect(address).await.unwrap();
            // An error only means that the connection was closed.
            let _ = copy_bidirectional(&mut from, &mut to).await;
        });
    }
}
