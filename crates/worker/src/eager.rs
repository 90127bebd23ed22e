use std::task::{Context, Poll};

use apalis::prelude::{PollSnapshot, PollStrategy};

/// Polls a strategy until it is pending, so that its waker is registered for the next event.
///
/// Without it a strategy that was ready once is not asked again before it is pending, its wake-up gets
/// lost, and the queue stalls until the heartbeat.
pub struct Eager<S>(pub S);

/// Events taken at a time before other tasks get their turn.
const AT_ONCE: usize = 1_000;

impl<S: PollStrategy> PollStrategy for Eager<S> {
    fn poll_drive(&mut self, context: &mut Context<'_>, snapshot: &PollSnapshot) -> Poll<Option<()>> {
        let mut result = Poll::Pending;
        for _ in 0..AT_ONCE {
            match self.0.poll_drive(context, snapshot) {
                Poll::Ready(Some(())) => result = Poll::Ready(Some(())),
                Poll::Ready(None) | Poll::Pending => return result,
            }
        }
        context.waker().wake_by_ref();
        result
    }
}
