//! What the operating system does for the server's connections.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::SockRef;

/// What the system holds of an answer for a client that does not take it yet; by itself it holds up to 4 MB. A third of
/// it has to be taken before more is asked for, so this is also a part of how slow a client may be.
const SEND_BUFFER: usize = 256 * 1024;

/// Files that are open besides the clients' connections: those to the database, logs, the dashboard at the start.
const OTHER_FILES: u64 = 200;

/// What every connection that is accepted takes over from its listener.
pub fn prepare(listener: &TcpListener, patience: Duration) -> io::Result<()> {
    let socket = SockRef::from(listener);
    socket.set_send_buffer_size(SEND_BUFFER)?;
    // Also after it has been closed, the rest of an answer waits only so long for a client that is gone.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(patience))?;
    #[cfg(not(target_os = "linux"))]
    let _ = patience;
    Ok(())
}

/// How many connections the process may have, once it may open as many files as the system lets it.
pub fn most_connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wider = Rlimit { current: maximum, maximum };
    let files = if setrlimit(Resource::Nofile, wider).is_ok() { maximum } else { current };
    let connections = files.map_or(u64::MAX, |files| files.saturating_sub(OTHER_FILES));
    usize::try_from(connections).unwrap_or(usize::MAX)
}
