//! A recording TCP proxy in front of the simulator: the access token of a session
//! appears nowhere else.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A listener between a client and a server.
pub(crate) struct RecordingProxy {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl RecordingProxy {
    /// Opens one in front of the server at `url`.
    pub(crate) fn open(url: &str) -> Self {
        let behind = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let all = Arc::clone(&heard);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&behind) else { return };
                let (from, to) = (client.try_clone(), server.try_clone());
                let (from, to) = (from.expect("a copy"), to.expect("a copy"));
                let all = Arc::clone(&all);
                thread::spawn(move || pass(client, server, |bytes| lock(&all).extend(bytes)));
                thread::spawn(move || pass(to, from, |_| {}));
            }
        });
        Self { url, heard }
    }

    /// Returns every access token that was used so far.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let heard = String::from_utf8_lossy(&lock(&self.heard)).into_owned();
        let lines = heard.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let is = name.eq_ignore_ascii_case("authorization");
            is.then(|| value.strip_prefix("Bearer ").map(str::to_owned)).flatten()
        });
        let mut tokens: Vec<_> = lines.collect();
        tokens.dedup();
        tokens
    }
}

fn lock(heard: &Mutex<Vec<u8>>) -> std::sync::MutexGuard<'_, Vec<u8>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut hear: impl FnMut(&[u8])) {
    let mut piece = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut piece) {
        hear(&piece[..count]);
        if count == 0 || to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Write));
}
