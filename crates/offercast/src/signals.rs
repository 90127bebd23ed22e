use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true on Ctrl-C or SIGTERM.
pub fn stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (stop, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Nobody listening any more means that everything has stopped already.
        let _ = stop.send(true);
    });
    Ok(receiver)
}
