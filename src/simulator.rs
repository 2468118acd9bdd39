//! The simulator: the vendor's API on loopback, for the demo and for every test.
//!
//! It keeps the vendor's rules, not just the shapes: tokens expire and each has a new
//! text, VLANs collide, a redeemed single-use key changes, a VXC appears in both
//! companies, the rate limit answers 429. Each unknown about the vendor is a
//! [switch](Switches); failures are a queue of [faults](Fault).
//!
//! It must not use anything of the rest of this crate: it is a second,
//! independent reading of the vendor's documents, so that the client's mistakes
//! cannot hide in it. "Reference" in these files is the project's transcript of
//! the vendor's API.
//!
//! | file | purpose |
//! |---|---|
//! | `world`, `generate` | the world at the start, from a file or invented |
//! | `documents`, `key_json` | the vendor's JSON for it |
//! | `store` | every document, with its owner and indices |
//! | `server`, `state`, `schedule`, `clock` | one call at a time; events without a call |
//! | `routes`, `keys`, `vlans`, `order`, `customer` | the rules |
//! | `events` | maintenance and outages, at a given time |
//! | `load` | the load of an on-ramp, by day and by night |
//! | `tokens`, `rate_limit`, `switches` | permission and rate of calls; the unknowns |
//! | `faults`, `fault_plan` | injected failures |
//! | `http`, `connection`, `request_log` | HTTP and sockets |

mod answer;
mod call;
mod clock;
mod connection;
mod customer;
mod documents;
mod events;
mod fault_plan;
mod faults;
mod generate;
mod http;
mod key_json;
mod keys;
mod load;
mod order;
mod places;
mod rate_limit;
mod request_log;
mod routes;
mod schedule;
mod server;
mod start;
mod state;
mod store;
mod switches;
mod tokens;
mod vlans;
pub mod world;

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use axum::body::Bytes;
use http::Shared;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub use faults::{Act, Commit, Fault, FaultError, Pattern, RetryAfter, Shape, faults_from_json};
pub use request_log::LoggedRequest;
pub use start::{Options, StartError, start};
pub use switches::Switches;
pub use world::{When, World, WorldError};

/// A running simulator; it stops serving when dropped.
///
/// ```
/// use onramp::simulator::{Options, World, start};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let simulator = start(Options::quiet(World::demo())).await?;
///     let form = [("grant_type", "client_credentials")];
///     let reply = reqwest::Client::new()
///         .post(simulator.token_url())
///         .basic_auth(simulator.client_id(), Some(simulator.client_secret()))
///         .form(&form)
///         .send()
///         .await?;
///     assert_eq!(reply.status(), 200);
///     assert_eq!(simulator.count("POST", "/oauth2/token"), 1);
///     Ok(())
/// }
/// ```
pub struct Simulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    provider: (String, String),
    serving: JoinHandle<()>,
}

impl Simulator {
    /// Returns the address it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the API's base URL, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the token URL.
    pub fn token_url(&self) -> String {
        format!("http://{}/oauth2/token", self.address)
    }

    /// Returns the provider's client id.
    pub fn client_id(&self) -> &str {
        &self.provider.0
    }

    /// Returns the provider's client secret, random for each run.
    pub fn client_secret(&self) -> &str {
        &self.provider.1
    }

    /// Returns client id and secret of customer `n`, from 0.
    pub fn customer(&self, n: usize) -> Option<(String, String)> {
        let state = self.shared.state();
        let account = state.store.accounts.get(n + 1)?;
        Some((account.client_id.clone(), account.client_secret.clone()))
    }

    /// Adds a fault at the end of the queue.
    pub fn push_fault(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Forgets the faults that have not struck.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Returns the requests so far, in order; the last 20,000.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.state().request_log.iter().cloned().collect()
    }

    /// Returns how many requests had this method and path.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let state = self.shared.state();
        state
            .request_log
            .iter()
            .filter(|logged| logged.method == method && logged.path == path)
            .count()
    }

    /// Returns every service key of the provider at the server, independent of the
    /// lists.
    pub fn keys(&self) -> Vec<Value> {
        let mut state = self.shared.state();
        let now = server::run_due_events(&mut state);
        let own = state.store.keys.iter().filter(|record| record.company == 0);
        own.map(|record| record.current_json(now)).collect()
    }

    /// Customer 0 redeems `key`, by the rules of an order.
    ///
    /// # Errors
    ///
    /// The reason of the refusal, in the server's words.
    pub fn redeem(&self, key: &str) -> Result<(), String> {
        let mut state = self.shared.state();
        let now = server::run_due_events(&mut state);
        customer::redeem_key(&mut state, 1, key, now).map_err(|refusal| refusal.text)
    }

    /// Creates a single-use key as another agent of the provider, by the rules of a
    /// POST; returns the key's text.
    ///
    /// # Errors
    ///
    /// The reason of the refusal, in the server's words.
    pub fn other_agent(
        &self,
        product_uid: &str,
        vlan: i64,
        description: &str,
    ) -> Result<String, String> {
        let mut state = self.shared.state();
        let now = server::run_due_events(&mut state);
        let body = json!({"productUid": product_uid, "singleUse": true, "vlan": vlan,
                          "description": description, "preApproved": true});
        let index = keys::create_key(&mut state, 0, &body, now).map_err(|refusal| refusal.text)?;
        Ok(state.store.keys[index].key.clone())
    }

    /// Ends every access token.
    pub fn expire_tokens(&self) {
        self.shared.state().tokens.revoke_all();
    }

    /// Rotates the provider's client secret: the old one gets no token any more, and
    /// its tokens end.
    pub fn rotate_secret(&self, secret: &str) {
        let mut state = self.shared.state();
        if let Some(account) = state.store.accounts.first_mut() {
            secret.clone_into(&mut account.client_secret);
        }
        state.tokens.revoke_all();
    }

    /// Moves the server's clock forward; what falls due happens with the next call.
    pub fn advance(&self, by: Duration) {
        self.shared.state().clock.advance(by);
    }

    /// Returns the server's time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.shared.state().now()
    }

    /// Changes the switches.
    pub fn set_switches(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.state().switches);
    }

    /// Returns the body of the provider's `GET /v2/products`, without HTTP.
    pub fn products_body(&self) -> Bytes {
        let mut state = self.shared.state();
        server::run_due_events(&mut state);
        state.store.products_body(0)
    }

    /// Serves until the task is dropped or the runtime ends.
    pub async fn serve_until_stopped(mut self) {
        _ = (&mut self.serving).await;
    }
}

impl fmt::Debug for Simulator {
    /// Shows its address and no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Simulator").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}
