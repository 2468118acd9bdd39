//! Floor 3: the HTTP client, which turns our requests into the vendor's calls.
//!
//! One task serves all requests side by side, holds the access token and tells
//! what happens as [`Event`]s. Reads are repeated when that can help; a write
//! is sent once, over a connection of its own, and how it ended is judged by
//! one table ([`Doubt`]) that decides whether anybody may send it again.
//!
//! This room must not draw, store or log anything: headers and bodies carry
//! credentials, keys and the names of other companies. It never follows a
//! redirect, keeps no cookies, and speaks without TLS only to this host.
//!
//! [`Doubt`]: crate::domain::issuance::Doubt

mod answer;
mod ask;
mod budget;
mod call;
mod clock;
mod config;
mod failing;
mod line;
mod outcome;
mod pace;
mod read;
mod retry_after;
mod serve;
mod session;
mod tokens;
mod verify;
mod write;

use thiserror::Error;
use tokio::sync::mpsc;

use crate::api::{Event, Request, RequestId};

pub use config::{Config, ConfigError, Credentials, Environment, Proxy, Trust};
pub use pace::{Pace, Timeouts};
pub use verify::{Reached, reach, verify};

/// How many requests may wait for the task; more are refused by `try_send`.
const WAITING: usize = 64;
/// How many events may wait for their listener before the task waits for it.
const UNHEARD: usize = 256;

/// A handle to the client task. The task ends, once it has answered what was
/// asked, when the last handle is dropped.
#[derive(Debug, Clone)]
pub struct Client {
    requests: mpsc::Sender<(RequestId, Request)>,
}

/// A request that was not taken. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// Too many requests are waiting already.
    #[error("too many requests are waiting")]
    Busy,
    /// The task has ended.
    #[error("the client has ended")]
    Ended,
}

/// Starts the client task on the current runtime.
///
/// Returns at once: the system's certificates, which take tens of
/// milliseconds, are read by the task. Every request is answered by exactly
/// one [`Event::Done`], unless the process or the runtime ends.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn start(config: Config) -> (Client, mpsc::Receiver<Event>) {
    let (requests, asked) = mpsc::channel(WAITING);
    let (tell, events) = mpsc::channel(UNHEARD);
    tokio::spawn(serve::serve(config, asked, tell));
    (Client { requests }, events)
}

impl Client {
    /// Hands over a request without waiting.
    pub fn try_send(&self, id: RequestId, request: Request) -> Result<(), NotTaken> {
        self.requests.try_send((id, request)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => NotTaken::Busy,
            mpsc::error::TrySendError::Closed(_) => NotTaken::Ended,
        })
    }

    /// Hands over a request, waiting while too many are waiting.
    pub async fn send(&self, id: RequestId, request: Request) -> Result<(), NotTaken> {
        self.requests.send((id, request)).await.map_err(|_| NotTaken::Ended)
    }
}
