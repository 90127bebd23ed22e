use std::pin::Pin;

use offercast_app::Error;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::error::ApiError;

/// The thread that processes batch requests.
///
/// A batch of 1,000 rows uses a core for several milliseconds. On a thread of the web server it would delay every other
/// request; on a separate thread with a lower priority, single redemptions run first.
#[derive(Clone)]
pub struct BatchThread {
    jobs: mpsc::Sender<Job>,
}

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Batches that run concurrently: while some wait for the database, another one is parsed.
const MAX_RUNNING: usize = 4;
/// Maximum number of queued batches. Their bodies count towards the limit of bytes of all request bodies.
const QUEUE: usize = 1_000;
/// Niceness of the thread. The other threads have 0; 19 is the lowest priority.
const NICENESS: i32 = 10;

impl BatchThread {
    /// Starts the thread. It ends when the last clone of the returned handle is dropped.
    pub fn start() -> std::io::Result<BatchThread> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let runtime = Builder::new_current_thread().enable_time().build()?;
        std::thread::Builder::new().name("batches".to_owned()).spawn(move || {
            lower_priority();
            runtime.block_on(run(queue));
        })?;
        Ok(BatchThread { jobs })
    }

    /// Runs `work` on the thread and returns its result. The work runs to completion even if the caller stops waiting.
    ///
    /// Fails with `busy` if the queue is full, and with `outcome_unknown` if the work panics: some of its rows may have
    /// been redeemed.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (done, result) = oneshot::channel();
        let job = Box::pin(async move {
            // The receiver is gone if the client has disconnected.
            let _ = done.send(work.await);
        });
        self.jobs.try_send(job).map_err(|_| busy())?;
        result.await.map_err(|_| Error::OutcomeUnknown(None).into())
    }
}

async fn run(mut queue: mpsc::Receiver<Job>) {
    let mut running = JoinSet::new();
    loop {
        if running.len() >= MAX_RUNNING {
            // A panic is ignored here: it drops the batch's sender, so that its caller responds `outcome_unknown`.
            let _ = running.join_next().await;
        }
        tokio::select! {
            Some(_) = running.join_next() => {}
            job = queue.recv() => match job {
                Some(job) => drop(running.spawn(job)),
                None => break,
            },
        }
    }
    while running.join_next().await.is_some() {}
}

/// Lowers the priority of the current thread. Only on Linux: elsewhere it would apply to the whole process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        if let Err(error) = rustix::process::setpriority_process(Some(thread), NICENESS) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "cannot lower the priority of the batch thread; batches may delay other requests"
            );
        }
    }
}

fn busy() -> ApiError {
    ApiError::busy("The server is processing too many batches. Try again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn work_runs_on_the_batch_thread() {
        let batches = BatchThread::start().unwrap();
        let name = batches.run(async { std::thread::current().name().map(str::to_owned) }).await.unwrap();
        assert_eq!(name.as_deref(), Some("batches"));
    }

    #[actix_web::test]
    async fn a_panicking_batch_does_not_affect_others() {
        let batches = BatchThread::start().unwrap();
        for _ in 0..2 * MAX_RUNNING {
            let failed = batches
                .run(async {
                    if true {
                        panic!("a panicking row")
                    }
                })
                .await;
            assert_eq!(failed.unwrap_err().code, "outcome_unknown");
        }
        assert_eq!(batches.run(async { 7 }).await.unwrap(), 7);
    }
}
