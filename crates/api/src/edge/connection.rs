//! Client connections with timeouts and a limit of bytes read ahead.
//!
//! actix-http has timeouts for the head of a connection's first request and for idle connections. It has none for later
//! heads, for bodies and for clients that stop reading a response, and it reads up to 128 KiB ahead. [`TimedStream`]
//! wraps the socket and adds these limits. [`super::track_request`] and [`super::BodyReader`] report to it, through
//! [`Connection`], which phase of a request the connection is in.

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

use super::client_address::Client;
use super::guard::has_body;
use super::limits::{Full, Permit, Quota};
use super::{Deadlines, Edge, Network, raw_responses};

/// Bytes that may be read before actix has processed them. A request head must fit, and while a request is being
/// processed at most this much of the next one is read.
const READ_AHEAD: usize = 16 * 1024;

/// A stalled response continues if the client reads this many bytes within the timeout.
const PROGRESS: usize = 16 * 1024;

/// The phase of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for a request or the rest of its head.
    Idle,
    /// A request is being processed or its response sent.
    Busy,
    /// The body of a request is being received.
    Body,
    /// The response was sent without reading the body; the rest of the body is discarded until the connection closes.
    Discarding,
}

/// The state of a connection, shared by its [`TimedStream`] and the handlers of its requests.
#[derive(Debug)]
pub struct Connection {
    phase: Cell<Phase>,
    /// When the connection was accepted or its last request ended.
    since: Cell<Instant>,
    /// When the first byte of the current head arrived.
    head_since: Cell<Option<Instant>>,
    /// Bytes read in the current phase; while a body is received or discarded, counted anew every 16 KiB.
    read_ahead: Cell<usize>,
    /// Whether actix has already been given a head of the maximum size to parse.
    is_head_full: Cell<bool>,
    /// Whether a body that is too large to skip has not been received yet.
    has_unread_body: Cell<bool>,
    closes_with_client: Cell<bool>,
    /// Wakes the reader when reading may continue.
    read_waker: RefCell<Option<Waker>>,
}

impl Connection {
    fn new() -> Connection {
        let now = Instant::now();
        Connection {
            phase: Cell::new(Phase::Idle),
            since: Cell::new(now),
            // The timeout of the first head starts with the connection.
            head_since: Cell::new(Some(now)),
            read_ahead: Cell::new(0),
            is_head_full: Cell::new(false),
            has_unread_body: Cell::new(false),
            closes_with_client: Cell::new(false),
            read_waker: RefCell::new(None),
        }
    }

    /// Starts a request. It ends when the returned guard is dropped.
    pub fn start_request(self: Rc<Self>, headers: &HeaderMap) -> RequestGuard {
        self.enter(Phase::Busy);
        self.has_unread_body.set(has_body(headers) && !is_small(headers));
        RequestGuard(self)
    }

    /// Allows unlimited reading until the returned guard is dropped.
    pub fn receive_body(&self) -> BodyGuard<'_> {
        self.enter(Phase::Body);
        BodyGuard(self)
    }

    pub fn body_is_complete(&self) {
        self.has_unread_body.set(false);
    }

    fn end_request(&self) {
        let phase = if self.has_unread_body.get() { Phase::Discarding } else { Phase::Idle };
        self.enter(phase);
        self.closes_with_client.set(false);
        self.since.set(Instant::now());
        self.head_since.set(None);
    }

    fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.read_ahead.set(0);
        self.is_head_full.set(false);
        if let Some(waker) = self.read_waker.take() {
            waker.wake();
        }
    }

    fn record_read(&self, bytes: usize) {
        self.read_ahead.set(self.read_ahead.get() + bytes);
        if self.phase.get() == Phase::Idle && self.head_since.get().is_none() {
            self.head_since.set(Some(Instant::now()));
        }
    }

    /// When the connection times out. `None` while a request is processed or its body is received.
    fn deadline(&self, deadlines: &Deadlines) -> Option<Instant> {
        match (self.phase.get(), self.head_since.get()) {
            (Phase::Busy | Phase::Body, _) => None,
            (Phase::Discarding, _) => Some(self.since.get() + deadlines.head),
            (Phase::Idle, Some(head)) => Some(head + deadlines.head),
            (Phase::Idle, None) => Some(self.since.get() + deadlines.idle),
        }
    }
}

/// Ends the response as soon as the client closes its side of the connection, for responses without an end, such as
/// event streams.
pub fn close_with_client(request: &HttpRequest) {
    if let Some(connection) = request.conn_data::<Rc<Connection>>() {
        connection.closes_with_client.set(true);
    }
}

/// Whether the body is small enough to be read ahead and skipped.
fn is_small(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length <= READ_AHEAD)
}

/// Marks a request as in progress until dropped.
pub struct RequestGuard(Rc<Connection>);

impl RequestGuard {
    /// Whether the request has a large body, or one of unknown size, that was not received completely.
    pub fn has_unread_body(&self) -> bool {
        self.0.has_unread_body.get()
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.end_request();
    }
}

/// Marks a body as being received until dropped.
pub struct BodyGuard<'a>(&'a Connection);

impl Drop for BodyGuard<'_> {
    fn drop(&mut self) {
        self.0.enter(Phase::Busy);
    }
}

/// Limits the number of connections.
#[derive(Clone)]
pub struct Admission {
    quota: Arc<Quota<Client>>,
    trusted: Arc<[Network]>,
    deadlines: Deadlines,
}

impl Admission {
    pub fn new(edge: &Edge) -> Admission {
        let quota = Quota::new(edge.caps.connections, edge.caps.connections_per_address);
        Admission { quota, trusted: edge.trusted_proxies.clone().into(), deadlines: edge.deadlines }
    }

    /// Accepts a connection. If a limit is reached, sends an error response to the client and returns an error. Trusted
    /// proxies count only towards the total.
    pub fn admit(&self, stream: TcpStream) -> io::Result<TimedStream> {
        let address = stream.peer_addr()?.ip().to_canonical();
        let is_proxy = self.trusted.iter().any(|network| network.contains(address));
        let client = (!is_proxy).then(|| Client::at(address));
        match self.quota.acquire(client) {
            Ok(permit) => Ok(TimedStream::new(stream, self.deadlines, permit)),
            Err(full) => {
                let (response, reason) = match full {
                    Full::Total => (raw_responses::too_many_connections(), "connections"),
                    Full::Holder => {
                        (raw_responses::too_many_connections_of_address(), "connections_of_address")
                    }
                };
                Err(send_and_close(&stream, &response, reason))
            }
        }
    }
}

/// Sends a response without waiting for the client to read it, and returns the error that closes the connection.
fn send_and_close(stream: &TcpStream, response: &str, reason: &'static str) -> io::Error {
    let _ = stream.try_write(response.as_bytes());
    closed(reason)
}

/// Counts a closed connection and returns the error that closes it.
fn closed(reason: &'static str) -> io::Error {
    metrics::counter!("offercast_connections_closed_total", "reason" => reason).increment(1);
    io::Error::new(io::ErrorKind::TimedOut, reason)
}

/// A socket that times out if the client is too slow.
pub struct TimedStream {
    stream: TcpStream,
    connection: Rc<Connection>,
    deadlines: Deadlines,
    /// Fires at the read deadline or earlier.
    read_timer: Option<Pin<Box<Sleep>>>,
    /// What the timer wakes.
    timer_waker: Option<Waker>,
    stalled: Option<StalledWrite>,
    _permit: Permit<Client>,
}

/// A response that the client does not read as fast as it is sent.
struct StalledWrite {
    deadline: Pin<Box<Sleep>>,
    written: usize,
}

impl StalledWrite {
    fn starting_now(timeout: Duration) -> StalledWrite {
        StalledWrite { deadline: Box::pin(sleep(timeout)), written: 0 }
    }
}

impl TimedStream {
    fn new(stream: TcpStream, deadlines: Deadlines, permit: Permit<Client>) -> TimedStream {
        let connection = Rc::new(Connection::new());
        let (read_timer, timer_waker, stalled) = (None, None, None);
        TimedStream { stream, connection, deadlines, read_timer, timer_waker, stalled, _permit: permit }
    }

    pub fn connection(&self) -> Rc<Connection> {
        self.connection.clone()
    }

    /// Pauses reading until actix has processed what was read. Fails if that is a head of the maximum size without an
    /// end.
    fn pause_reading(&self, context: &Context<'_>) -> io::Result<()> {
        let connection = &self.connection;
        match connection.phase.get() {
            Phase::Busy => {
                connection.read_waker.replace(Some(context.waker().clone()));
            }
            Phase::Idle if connection.is_head_full.replace(true) => {
                return Err(self.reject(&raw_responses::head_too_large(), "head_too_large"));
            }
            Phase::Idle => context.waker().wake_by_ref(),
            Phase::Body | Phase::Discarding => {
                connection.read_ahead.set(0);
                context.waker().wake_by_ref();
            }
        }
        Ok(())
    }

    /// Closes the connection with an error response, unless an earlier response is still being written.
    fn reject(&self, response: &str, reason: &'static str) -> io::Error {
        if self.stalled.is_some() {
            return closed(reason);
        }
        send_and_close(&self.stream, response, reason)
    }

    /// Pending until the read deadline, then an error. Without a deadline, the timer still fires from time to time,
    /// because nothing polls this stream again when a deadline is set later.
    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let due = self.connection.deadline(&self.deadlines);
        if self.will_be_woken(due, context.waker()) {
            return Poll::Pending;
        }
        let next = due.unwrap_or_else(|| Instant::now() + self.deadlines.head);
        self.timer_waker = Some(context.waker().clone());
        let timer = self.read_timer.get_or_insert_with(|| Box::pin(sleep_until(next)));
        if due.is_some_and(|due| due < timer.deadline()) {
            timer.as_mut().reset(next);
        }
        while timer.as_mut().poll(context).is_ready() {
            if due.is_some_and(|due| due <= timer.deadline()) {
                return Poll::Ready(Err(self.time_out()));
            }
            timer.as_mut().reset(next);
        }
        Poll::Pending
    }

    /// Whether the timer fires no later than `due` and then wakes this task. Polling it again would cost time on every
    /// request.
    fn will_be_woken(&self, due: Option<Instant>, waker: &Waker) -> bool {
        let Some(timer) = &self.read_timer else { return false };
        let is_early = !timer.is_elapsed() && due.is_none_or(|due| timer.deadline() <= due);
        is_early && self.timer_waker.as_ref().is_some_and(|known| known.will_wake(waker))
    }

    fn time_out(&self) -> io::Error {
        // No response without a request: browsers open connections in advance and would take it for the response to
        // their next request.
        if self.connection.phase.get() != Phase::Idle || self.connection.read_ahead.get() == 0 {
            return closed("idle");
        }
        self.reject(&raw_responses::head_too_slow(), "slow_head")
    }

    fn record_write(&mut self, bytes: usize) {
        let Some(stalled) = &mut self.stalled else { return };
        stalled.written += bytes;
        if stalled.written >= PROGRESS {
            self.stalled = None;
        }
    }

    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        match read {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.connection.record_read(buffer.filled().len() - before);
                read
            }
            Poll::Ready(Ok(())) if self.connection.closes_with_client.get() => {
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
            Poll::Ready(_) => read,
            Poll::Pending => self.poll_deadline(context),
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.connection.read_ahead.get() < READ_AHEAD {
            return self.read(context, buffer);
        }
        match self.pause_reading(context) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        let timeout = self.deadlines.answer;
        match &written {
            Poll::Ready(Ok(bytes)) => self.record_write(*bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let stalled = self.stalled.get_or_insert_with(|| StalledWrite::starting_now(timeout));
                if stalled.deadline.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Err(closed("slow_reader")));
                }
            }
        }
        written
    }

    /// actix flushes once everything has been written to the socket.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stalled = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
