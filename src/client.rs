//! Layer 3: the HTTP client, which turns our requests into the vendor's calls.
//!
//! One task serves all requests concurrently, holds the access token and reports what
//! happens as [`Event`]s. Reads are retried where that can help; a write is sent once,
//! over a connection of its own, and its end is judged by one table ([`Doubt`]), which
//! decides whether it may be sent again.
//!
//! The client must not draw, store or log anything: headers and bodies carry credentials,
//! keys and the names of other companies. A call leaves it only as [`Called`], which cannot
//! hold any of these; the libraries below have no logger to write to. It never follows a
//! redirect, keeps no cookies, and speaks without TLS only to this host.
//!
//! [`Called`]: crate::api::Called
//! [`Doubt`]: crate::domain::issuance::Doubt

mod answer;
mod blocking;
mod budget;
mod ca;
mod call;
mod call_report;
mod clock;
mod config;
mod connection_pool;
mod dry_run;
mod endpoint;
mod errors;
mod mask;
mod outcome;
mod proxy;
mod read;
mod read_requests;
mod retry_after;
mod serve;
mod session;
mod timeouts;
mod tls_errors;
mod tokens;
mod verify;
mod write;

use thiserror::Error;
use tokio::sync::mpsc;
use url::Url;

use crate::{
    api::{DryRunRequest, Event, Permit, Request, RequestId, Write},
    domain::key_order::KeyOrder,
};

use serve::Job;

pub use ca::{Authority, AuthorityError};
pub use config::{Config, ConfigError, Credentials, Environment, Trust, check_address};
pub use proxy::{Proxy, ProxyInUse};
pub use timeouts::{Pace, Timeouts};
pub use verify::{ApiAnswered, probe_api, verify_credentials};

/// The most requests queued for the task; more are refused by `try_send`.
const REQUEST_QUEUE_LEN: usize = 64;
/// The most events queued for their receiver before the task waits for it.
const EVENT_QUEUE_LEN: usize = 256;

/// A handle to the client task, for reading. The task ends, once it has answered every
/// request, when the last handle is dropped.
///
/// It has no way to write: that takes a [`Writer`], and one is only given for a
/// [`Permit`].
///
/// ```compile_fail
/// # use onramp::{api::{RequestId, Write}, client::Client};
/// fn sneak(client: &Client, write: Write) {
///     let _ = client.try_send(RequestId(1), write);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    jobs: mpsc::Sender<(RequestId, Job)>,
    /// The URL that creates keys, for [`Client::dry_run`].
    keys_url: Url,
}

/// A handle to the client task, for writing.
#[derive(Debug)]
pub struct Writer {
    jobs: mpsc::Sender<(RequestId, Job)>,
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
    let (jobs, asked) = mpsc::channel(REQUEST_QUEUE_LEN);
    let (tell, events) = mpsc::channel(EVENT_QUEUE_LEN);
    let asks = read_requests::ReadRequests { base: &config.api_url, timeouts: &config.timeouts };
    let keys_url = asks.url(&read_requests::KEYS_PATH);
    tokio::spawn(serve::serve_requests(config, asked, tell));
    (Client { jobs, keys_url }, events)
}

impl Client {
    /// Enqueues a request without waiting.
    pub fn try_send(&self, id: RequestId, request: Request) -> Result<(), NotTaken> {
        enqueue(&self.jobs, id, Job::Read(request))
    }

    /// Enqueues a request, waiting while the queue is full.
    pub async fn send(&self, id: RequestId, request: Request) -> Result<(), NotTaken> {
        self.jobs.send((id, Job::Read(request))).await.map_err(|_| NotTaken::Ended)
    }

    /// Returns the request that would create the key of `order`. Nothing is sent.
    pub fn dry_run(&self, order: &KeyOrder) -> DryRunRequest {
        dry_run::create_request(&self.keys_url, order)
    }

    /// Returns the writer that `permit` allows.
    pub fn writer(&self, _permit: Permit) -> Writer {
        Writer { jobs: self.jobs.clone() }
    }
}

impl Writer {
    /// Enqueues a change without waiting.
    pub fn try_send(&self, id: RequestId, write: Write) -> Result<(), NotTaken> {
        enqueue(&self.jobs, id, Job::Write(write))
    }
}

fn enqueue(jobs: &mpsc::Sender<(RequestId, Job)>, id: RequestId, job: Job) -> Result<(), NotTaken> {
    jobs.try_send((id, job)).map_err(|refused| match refused {
        mpsc::error::TrySendError::Full(_) => NotTaken::Busy,
        mpsc::error::TrySendError::Closed(_) => NotTaken::Ended,
    })
}
