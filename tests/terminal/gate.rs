//! A gate before a server that lets one kind of request through in part only.
#![cfg(debug_assertions)]

use std::{
    io::{Read as _, Write as _, copy},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::harness::pty::DEADLINE;

/// A gate on this host.
pub(crate) struct Gate {
    address: SocketAddr,
    holds: Arc<(Mutex<bool>, Condvar)>,
    open: Arc<AtomicBool>,
}

impl Gate {
    /// Opens a gate before `behind` that holds the second half of each first request of
    /// a connection that begins with `what`.
    pub(crate) fn open(behind: &str, what: &'static str) -> Self {
        let behind: SocketAddr = behind.parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let (holds, open) =
            (Arc::<(Mutex<bool>, Condvar)>::default(), Arc::<AtomicBool>::default());
        let (held, passes) = (Arc::clone(&holds), Arc::clone(&open));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (held, passes) = (Arc::clone(&held), Arc::clone(&passes));
                thread::spawn(move || pass(stream, behind, what, &held, &passes));
            }
        });
        Self { address, holds, open }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until it holds half a request.
    pub(crate) fn wait_until_it_holds_one(&self, screen: impl Fn() -> String) {
        let (holds, changed) = &*self.holds;
        let waited = changed.wait_timeout_while(holds.lock().expect("whole"), DEADLINE, |h| !*h);
        assert!(!waited.expect("whole").1.timed_out(), "no request came:\n{}", screen());
    }

    /// Lets everything through from now on.
    pub(crate) fn hold_no_more(&self) {
        self.open.store(true, Ordering::SeqCst);
    }
}

fn pass(
    mut here: TcpStream,
    behind: SocketAddr,
    what: &str,
    held: &(Mutex<bool>, Condvar),
    open: &AtomicBool,
) {
    let mut there = TcpStream::connect(behind).expect("the server is there");
    let (mut back, mut to) = (there.try_clone().expect("two ends"), here.try_clone().expect("two"));
    thread::spawn(move || {
        drop(copy(&mut back, &mut to));
        drop(to.shutdown(std::net::Shutdown::Write));
    });
    let mut first = [0; 16 * 1024];
    let Ok(mut length) = here.read(&mut first) else { return };
    if first[..length].starts_with(what.as_bytes()) && !open.load(Ordering::SeqCst) {
        // The head and the body may come one after the other.
        let soon = Duration::from_millis(100);
        here.set_read_timeout(Some(soon)).expect("set");
        while let Ok(more @ 1..) = here.read(&mut first[length..]) {
            length += more;
        }
        there.write_all(&first[..length / 2]).expect("written");
        *held.0.lock().expect("whole") = true;
        held.1.notify_all();
        // Until the other side has closed.
        here.set_read_timeout(None).expect("set");
        drop(here.read(&mut first));
        return;
    }
    if there.write_all(&first[..length]).is_ok() {
        drop(copy(&mut here, &mut there));
    }
}
