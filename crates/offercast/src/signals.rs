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

/// Completes once the signal has come; also when nobody is left to say so.
pub async fn received(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
