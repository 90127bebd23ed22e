use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Returns a channel whose value becomes true on Ctrl-C or SIGTERM.
pub fn stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (stop, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Fails if all receivers are dropped, because everything has stopped already.
        let _ = stop.send(true);
    });
    Ok(receiver)
}

/// Completes when `stop` becomes true or its sender is dropped.
pub async fn received(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
