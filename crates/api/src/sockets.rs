//! Operating-system settings of the server's connections: socket options and the limit of open files.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::SockRef;

/// Bytes of a response that the kernel buffers for a client that reads slowly. The kernel's default grows to 4 MB. A
/// client must read a third of the buffer before the socket becomes writable again, so this size also affects how slow
/// a client may be before its response times out.
const SEND_BUFFER: usize = 256 * 1024;

/// File descriptors reserved for other purposes than client connections: database connections, logs, the dashboard's
/// files.
const OTHER_FILES: u64 = 200;

/// Sets the socket options that accepted connections inherit from their listener.
///
/// `timeout` bounds how long unacknowledged data may remain.
pub fn prepare(listener: &TcpListener, timeout: Duration) -> io::Result<()> {
    let socket = SockRef::from(listener);
    socket.set_send_buffer_size(SEND_BUFFER)?;
    // Also applies after close, so that the kernel drops the rest of a response when the client is gone.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(timeout))?;
    #[cfg(not(target_os = "linux"))]
    let _ = timeout;
    Ok(())
}

/// Raises the limit of open files to its hard limit and returns how many client connections it allows.
pub fn max_connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: maximum, maximum };
    let files = if setrlimit(Resource::Nofile, raised).is_ok() { maximum } else { current };
    let connections = files.map_or(u64::MAX, |files| files.saturating_sub(OTHER_FILES));
    usize::try_from(connections).unwrap_or(usize::MAX)
}
