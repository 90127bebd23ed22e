//! Runs a job: measures it, turns a panic into a failure, and decides which failures are retried.

use std::future::Future;
use std::time::Instant;

use apalis::prelude::{AbortError, BoxDynError};
use offercast_app::Error;

/// Runs the body of a job in a separate task, so that a panic becomes an ordinary failure. The job is retried after
/// temporary database errors and panics; other errors abort it.
pub async fn run<T: Send + 'static>(
    queue: &'static str,
    body: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, BoxDynError> {
    let started = Instant::now();
    let outcome = tokio::spawn(body).await;
    let seconds = started.elapsed().as_secs_f64();
    metrics::histogram!("offercast_job_duration_seconds", "queue" => queue).record(seconds);
    let (result, label) = match outcome {
        Ok(Ok(done)) => (Ok(done), "done"),
        Ok(Err(Error::Storage(error))) if error.is_temporary() => (Err(error.into()), "retried"),
        Ok(Err(error)) => (Err(AbortError::new(error).into()), "aborted"),
        Err(panicked) => (Err(panicked.into()), "panicked"),
    };
    metrics::counter!("offercast_jobs_run_total", "queue" => queue, "result" => label).increment(1);
    if let Err(error) = &result {
        let error: &BoxDynError = error;
        let error: &(dyn std::error::Error + 'static) = &**error;
        tracing::warn!(queue, error, outcome = label, duration_ms = seconds * 1e3, "job failed");
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// If a job panics in apalis' own task, it stays marked as running forever.
    #[tokio::test]
    async fn a_panic_becomes_an_ordinary_failure() {
        let panics = async { if true { panic!("a defect") } else { Ok(()) } };
        let error = run("test", panics).await.unwrap_err();
        assert!(error.to_string().contains("a defect"), "{error}");
    }

    #[tokio::test]
    async fn only_temporary_errors_are_retried() {
        let fails = |error: offercast_app::StorageError| run::<()>("test", async { Err(error.into()) });
        let busy = fails(offercast_app::StorageError::Busy("no lock".to_owned())).await.unwrap_err();
        assert!(!busy.is::<AbortError>());
        let broken = fails(offercast_app::StorageError::Unreadable("zone".to_owned())).await.unwrap_err();
        assert!(broken.is::<AbortError>());
    }
}
