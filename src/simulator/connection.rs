//! Accepted connections that can be made to fail.
//!
//! axum serves these like any other; only one that is to reset or close fails its next
//! write, which makes the server drop it.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

const OPEN: u8 = 0;
const RESET: u8 = 1;
const CLOSE: u8 = 2;

/// A listener whose connections can be made to fail.
#[derive(Debug)]
pub(super) struct Connections {
    listener: TcpListener,
    accepted: u64,
}

impl Connections {
    /// Accepts from `listener`.
    pub(super) const fn new(listener: TcpListener) -> Self {
        Self { listener, accepted: 0 }
    }
}

impl Listener for Connections {
    type Io = FaultyConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (FaultyConnection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // A reply is one write; small ones must not wait for each other.
        _ = stream.set_nodelay(true);
        self.accepted += 1;
        let caller = Caller { address, number: self.accepted, order: Arc::default() };
        (FaultyConnection { stream, caller }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The peer's address and a handle to reset its connection.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) address: SocketAddr,
    /// Number of the connection, from 1.
    pub(super) number: u64,
    order: Arc<AtomicU8>,
}

impl Caller {
    /// Resets the connection in place of the next write.
    pub(super) fn reset(&self) {
        self.order.store(RESET, Ordering::Release);
    }

    /// Closes the connection in place of the next write.
    pub(super) fn close(&self) {
        self.order.store(CLOSE, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Connections>> for Caller {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        stream.io().caller.clone()
    }
}

/// One accepted connection.
#[derive(Debug)]
pub(super) struct FaultyConnection {
    stream: TcpStream,
    caller: Caller,
}

impl FaultyConnection {
    fn apply_command(&self) -> io::Result<()> {
        match self.caller.order.load(Ordering::Acquire) {
            OPEN => return Ok(()),
            RESET => self.stream.set_zero_linger()?,
            _ => {}
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

impl AsyncRead for FaultyConnection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for FaultyConnection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.apply_command()?;
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.apply_command()?;
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
