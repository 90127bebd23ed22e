//! A client's connection that does not wait for it for ever.
//!
//! actix has a deadline for the head of a connection's first request and for idle ones; it waits without end for a second
//! head, for a body and for whoever does not take an answer, and reads up to 128 KiB ahead. So [`PacedStream`], between
//! actix and the socket, knows from [`super::pace`] and [`super::BodyReader`] what a connection is doing.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep, sleep_until};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::guard::has_body;
use super::limits::{Full, Permit, Quota};
use super::{Deadlines, Edge, Network, client::Client, refusal};

/// What is read before it is known what to do with it: a head has to fit, and a request that is being answered may be
/// followed by as much.
const READ_AHEAD: usize = 16 * 1024;

/// An answer goes on if this much of it is taken within the deadline.
const PROGRESS: usize = 16 * 1024;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for a request, or for the rest of its head.
    Idle,
    /// A request is being answered.
    Busy,
    /// Its body is being received.
    Body,
    /// It was answered without its body, which is thrown away until the connection is closed.
    Discarding,
}

/// What a [`PacedStream`] is told about the requests that come through it.
#[derive(Debug)]
pub struct Connection {
    phase: Cell<Phase>,
    /// When the phase began.
    since: Cell<Instant>,
    /// When the first byte of a head came.
    head_since: Cell<Option<Instant>>,
    /// Bytes that were read since actix last looked at them.
    ahead: Cell<usize>,
    /// Whether actix has looked at as much as a head may have, and found none.
    is_looked_at: Cell<bool>,
    /// A body is still to come that is too large to be passed over.
    owes_body: Cell<bool>,
    ends_with_client: Cell<bool>,
    /// Who waits for reading to go on.
    parked: RefCell<Option<Waker>>,
}

impl Connection {
    fn new() -> Connection {
        let now = Instant::now();
        Connection {
            phase: Cell::new(Phase::Idle),
            since: Cell::new(now),
            // The first head has no time to wait for.
            head_since: Cell::new(Some(now)),
            ahead: Cell::new(0),
            is_looked_at: Cell::new(false),
            owes_body: Cell::new(false),
            ends_with_client: Cell::new(false),
            parked: RefCell::new(None),
        }
    }

    /// A request has come, whose answer ends with what is returned.
    pub fn begin(self: Rc<Self>, headers: &HeaderMap) -> Busy {
        self.enter(Phase::Busy);
        self.owes_body.set(has_body(headers) && !is_small(headers));
        Busy(self)
    }

    /// Until what is returned is dropped, all that comes is read.
    pub fn receive_body(&self) -> Receiving<'_> {
        self.enter(Phase::Body);
        Receiving(self)
    }

    pub fn body_is_complete(&self) {
        self.owes_body.set(false);
    }

    /// Whether a large body, or one of unknown size, was not received.
    pub fn leaves_a_body(&self) -> bool {
        self.owes_body.get()
    }

    fn end(&self) {
        let phase = if self.owes_body.get() { Phase::Discarding } else { Phase::Idle };
        self.enter(phase);
        self.ends_with_client.set(false);
        self.since.set(Instant::now());
        self.head_since.set(None);
    }

    fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.ahead.set(0);
        self.is_looked_at.set(false);
        if let Some(waker) = self.parked.take() {
            waker.wake();
        }
    }

    fn has_read(&self, bytes: usize) {
        self.ahead.set(self.ahead.get() + bytes);
        if self.phase.get() == Phase::Idle && self.head_since.get().is_none() {
            self.head_since.set(Some(Instant::now()));
        }
    }

    /// When the client has been waited for long enough.
    fn deadline(&self, deadlines: &Deadlines) -> Option<Instant> {
        match (self.phase.get(), self.head_since.get()) {
            (Phase::Busy | Phase::Body, _) => None,
            (Phase::Discarding, _) => Some(self.since.get() + deadlines.head),
            (Phase::Idle, Some(head)) => Some(head + deadlines.head),
            (Phase::Idle, None) => Some(self.since.get() + deadlines.idle),
        }
    }
}

/// The answer is of use only as long as the client is there: it ends when the client has closed its side, too.
pub fn end_with_client(request: &HttpRequest) {
    if let Some(connection) = request.conn_data::<Rc<Connection>>() {
        connection.ends_with_client.set(true);
    }
}

/// Whether a body comes along with what is read ahead.
fn is_small(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length <= READ_AHEAD)
}

/// A request that is being answered.
pub struct Busy(Rc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A body that is being received.
pub struct Receiving<'a>(&'a Connection);

impl Drop for Receiving<'_> {
    fn drop(&mut self) {
        self.0.enter(Phase::Busy);
    }
}

/// Who may connect.
#[derive(Clone)]
pub struct Admission {
    quota: Arc<Quota>,
    trusted: Arc<[Network]>,
    deadlines: Deadlines,
}

impl Admission {
    pub fn new(edge: &Edge) -> Admission {
        let quota = Quota::new(edge.caps.connections, edge.caps.connections_per_address);
        Admission { quota, trusted: edge.trusted_proxies.clone().into(), deadlines: edge.deadlines }
    }

    /// An error for a client that has been told that it may not.
    pub fn admit(&self, stream: TcpStream) -> io::Result<PacedStream> {
        let address = stream.peer_addr()?.ip().to_canonical();
        let is_proxy = self.trusted.iter().any(|network| network.contains(address));
        let client = (!is_proxy).then(|| Client::at(address));
        match self.quota.take(client) {
            Ok(permit) => Ok(PacedStream::new(stream, self.deadlines, permit)),
            Err(full) => {
                let (answer, reason) = match full {
                    Full::All => (refusal::full(), "connections"),
                    Full::Client => (refusal::full_for_address(), "connections_of_address"),
                };
                Err(turn_away(&stream, &answer, reason))
            }
        }
    }
}

/// A last word that nobody waits for, since the client may not listen.
fn turn_away(stream: &TcpStream, answer: &str, reason: &'static str) -> io::Error {
    let _ = stream.try_write(answer.as_bytes());
    closed(reason)
}

fn closed(reason: &'static str) -> io::Error {
    metrics::counter!("offercast_connections_closed_total", "reason" => reason).increment(1);
    io::Error::new(io::ErrorKind::TimedOut, reason)
}

/// A socket that gives up on a client.
pub struct PacedStream {
    stream: TcpStream,
    connection: Rc<Connection>,
    deadlines: Deadlines,
    /// Goes off at the deadline or before it.
    alarm: Option<Pin<Box<Sleep>>>,
    stalled: Option<Stalled>,
    _permit: Permit,
}

/// An answer that is not taken as fast as it comes.
struct Stalled {
    deadline: Pin<Box<Sleep>>,
    taken: usize,
}

impl Stalled {
    fn since_now(patience: Duration) -> Stalled {
        Stalled { deadline: Box::pin(sleep(patience)), taken: 0 }
    }
}

impl PacedStream {
    fn new(stream: TcpStream, deadlines: Deadlines, permit: Permit) -> PacedStream {
        let connection = Rc::new(Connection::new());
        PacedStream { stream, connection, deadlines, alarm: None, stalled: None, _permit: permit }
    }

    pub fn connection(&self) -> Rc<Connection> {
        self.connection.clone()
    }

    /// Nothing more is read before actix has looked at what there is.
    fn hold_back(&self, context: &Context<'_>) -> io::Result<()> {
        let connection = &self.connection;
        match connection.phase.get() {
            Phase::Busy => {
                connection.parked.replace(Some(context.waker().clone()));
            }
            Phase::Idle if connection.is_looked_at.replace(true) => {
                return Err(self.refuse(&refusal::head_too_large(), "head_too_large"));
            }
            Phase::Idle => context.waker().wake_by_ref(),
            Phase::Body | Phase::Discarding => {
                connection.ahead.set(0);
                context.waker().wake_by_ref();
            }
        }
        Ok(())
    }

    fn refuse(&self, answer: &str, reason: &'static str) -> io::Error {
        if self.stalled.is_some() {
            return closed(reason);
        }
        turn_away(&self.stream, answer, reason)
    }

    /// Pending, until the client has been waited for long enough. The alarm goes off now and then while nothing is
    /// waited for, since nobody calls again when that changes.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let due = self.connection.deadline(&self.deadlines);
        let next = due.unwrap_or_else(|| Instant::now() + self.deadlines.head);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(next)));
        if due.is_some_and(|due| due < alarm.deadline()) {
            alarm.as_mut().reset(next);
        }
        while alarm.as_mut().poll(context).is_ready() {
            if due.is_some_and(|due| due <= alarm.deadline()) {
                return Poll::Ready(Err(self.give_up()));
            }
            alarm.as_mut().reset(next);
        }
        Poll::Pending
    }

    fn give_up(&self) -> io::Error {
        // A browser connects ahead of need, and would take this for the answer to its next request.
        if self.connection.phase.get() != Phase::Idle || self.connection.ahead.get() == 0 {
            return closed("idle");
        }
        self.refuse(&refusal::head_too_slow(), "slow_head")
    }

    fn has_taken(&mut self, bytes: usize) {
        let Some(stalled) = &mut self.stalled else { return };
        stalled.taken += bytes;
        if stalled.taken >= PROGRESS {
            self.stalled = None;
        }
    }

    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        match read {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.connection.has_read(buffer.filled().len() - before);
                read
            }
            Poll::Ready(Ok(())) if self.connection.ends_with_client.get() => {
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
            Poll::Ready(_) => read,
            Poll::Pending => self.wait(context),
        }
    }
}

impl AsyncRead for PacedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.connection.ahead.get() < READ_AHEAD {
            return self.read(context, buffer);
        }
        match self.hold_back(context) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for PacedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        let patience = self.deadlines.answer;
        match &written {
            Poll::Ready(Ok(bytes)) => self.has_taken(*bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let stalled = self.stalled.get_or_insert_with(|| Stalled::since_now(patience));
                if stalled.deadline.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Err(closed("slow_reader")));
                }
            }
        }
        written
    }

    /// actix flushes when the socket has all that there is.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stalled = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
