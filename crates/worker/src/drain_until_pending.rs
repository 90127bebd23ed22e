use std::task::{Context, Poll};

use apalis::prelude::{PollSnapshot, PollStrategy};

/// Polls a strategy until it is pending, so that its waker is registered for the next event.
///
/// apalis polls a strategy only once per wake-up. If it is ready then, no waker is registered, the next wake-up is
/// lost, and the queue stalls until the heartbeat.
pub struct DrainUntilPending<S>(pub S);

/// Events to take before other tasks get their turn.
const MAX_EVENTS: usize = 1_000;

impl<S: PollStrategy> PollStrategy for DrainUntilPending<S> {
    fn poll_drive(&mut self, context: &mut Context<'_>, snapshot: &PollSnapshot) -> Poll<Option<()>> {
        let mut result = Poll::Pending;
        for _ in 0..MAX_EVENTS {
            match self.0.poll_drive(context, snapshot) {
                Poll::Ready(Some(())) => result = Poll::Ready(Some(())),
                Poll::Ready(None) | Poll::Pending => return result,
            }
        }
        context.waker().wake_by_ref();
        result
    }
}
