use std::pin::Pin;

use actix_web::http::StatusCode;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::error::ApiError;

/// The thread that reads and answers batches.
///
/// A batch of 1,000 rows takes a core for milliseconds. On the threads of the web server, every other request would wait
/// for it; on a thread of its own, with a lower priority, single redemptions go first.
#[derive(Clone)]
pub struct BatchThread {
    jobs: mpsc::Sender<Job>,
}

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Batches that are worked on at once: while some of them wait for the database, another is read.
const MAX_RUNNING: usize = 4;
/// Batches that wait for their turn. Their bodies count against the bytes that there are for all bodies.
const QUEUE: usize = 1_000;
/// Of the thread: 0 is that of the others, 19 the lowest.
const NICENESS: i32 = 10;

impl BatchThread {
    /// It ends once nobody holds what is returned.
    pub fn start() -> std::io::Result<BatchThread> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let runtime = Builder::new_current_thread().enable_time().build()?;
        std::thread::Builder::new().name("batches".to_owned()).spawn(move || {
            lower_priority();
            runtime.block_on(run(queue));
        })?;
        Ok(BatchThread { jobs })
    }

    /// Does the work on the thread. It is done to its end also if nobody waits for it any more.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (done, result) = oneshot::channel();
        let job = Box::pin(async move {
            // A client that has gone away does not hear of it.
            let _ = done.send(work.await);
        });
        self.jobs.try_send(job).map_err(|_| busy())?;
        result.await.map_err(|_| busy())
    }
}

async fn run(mut queue: mpsc::Receiver<Job>) {
    let mut running = JoinSet::new();
    loop {
        if running.len() >= MAX_RUNNING {
            // What a batch that panicked leaves behind is a caller who is told that the server is busy.
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

/// Linux keeps the priority of each thread by itself; elsewhere all of the process would get it.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        if let Err(error) = rustix::process::setpriority_process(Some(thread), NICENESS) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "batches have the priority of other requests"
            );
        }
    }
}

fn busy() -> ApiError {
    let message = "The server has too many batches to answer. Try again";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message).with_header("retry-after", "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn work_is_done_on_a_thread_of_its_own() {
        let batches = BatchThread::start().unwrap();
        let name = batches.run(async { std::thread::current().name().map(str::to_owned) }).await.unwrap();
        assert_eq!(name.as_deref(), Some("batches"));
    }

    #[actix_web::test]
    async fn a_batch_that_panics_fails_no_other() {
        let batches = BatchThread::start().unwrap();
        for _ in 0..2 * MAX_RUNNING {
            let failed = batches
                .run(async {
                    if true {
                        panic!("a row")
                    }
                })
                .await;
            assert_eq!(failed.unwrap_err().code, "busy");
        }
        assert_eq!(batches.run(async { 7 }).await.unwrap(), 7);
    }
}
