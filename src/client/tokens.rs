//! The access token: one for all requests, fetched by one of them.
//!
//! It is renewed when 80 to 90 % of its lifetime is over, and when the API refuses it. A
//! request that needs it while it is being fetched waits for that one answer, good or bad.
//! After a refusal no token is asked for for a while: a wrong secret must not lock the
//! account.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::{
    api::{Cause, Event, Failure},
    domain::issuance::Doubt,
    wire::token::{self, NoToken},
};

use super::{
    answer::{Answer, UnmaskedAnswer},
    call_report::CallReport,
    clock,
    endpoint::Endpoint,
    errors::{self, refused_credentials},
    timeouts::{Pace, Timeouts},
};

/// The most that is read of the token endpoint's answer: 64 KiB.
const ANSWER_MAX_BYTES: usize = 64 << 10;
/// The lifetime of a token that states none. A 401 renews it earlier.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);
/// Token requests per window after a refusal.
const REQUESTS_AFTER_REFUSAL: usize = 2;

/// The purpose of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// A read, which can be repeated.
    Read,
    /// A write, which cannot: the token must outlive it.
    Write,
}

/// An access token.
#[derive(Clone)]
pub(super) struct Token {
    text: Arc<SecretString>,
    serial: u64,
    made: Instant,
    made_wall: i64,
    renewed_at: Duration,
    dead_at: Duration,
}

/// The token of a endpoint.
#[derive(Default)]
pub(super) struct Tokens {
    state: Mutex<State>,
    /// The number of finished fetches.
    rounds: AtomicU64,
}

#[derive(Default)]
struct State {
    held: Option<Token>,
    serial: u64,
    /// The failure of the last fetch, if it failed.
    failed: Option<Failure>,
    /// The last refusal of the credentials.
    refused: Option<(Instant, Failure)>,
    /// The times of token requests.
    asked: Vec<Instant>,
}

impl Token {
    /// Creates a token that was issued just now.
    fn new(token: token::Token, serial: u64, pace: &Pace) -> Self {
        let life = token.lifetime.unwrap_or(DEFAULT_LIFETIME);
        Self {
            text: Arc::new(token.text),
            serial,
            made: clock::now(),
            made_wall: clock::unix_ms_now(),
            renewed_at: (life / 100 * fastrand::u32(80..=90)).max(pace.token_floor),
            dead_at: life.max(pace.token_floor),
        }
    }

    /// Returns the token's text, for the `Authorization` header and nothing else.
    pub(super) fn reveal(&self) -> &str {
        self.text.expose_secret()
    }

    /// Returns the larger age of both clocks: the monotonic one stops while the host
    /// sleeps, the other one can be set.
    fn age(&self) -> Duration {
        let wall = u64::try_from(clock::unix_ms_now().saturating_sub(self.made_wall)).unwrap_or(0);
        clock::now().duration_since(self.made).max(Duration::from_millis(wall))
    }

    /// Returns whether it is young enough for `need`.
    fn serves(&self, need: Need, timeouts: &Timeouts) -> bool {
        let age = self.age();
        let outlives = need == Need::Read || age + timeouts.write < self.dead_at;
        age < self.renewed_at && (outlives || age < timeouts.pace.token_floor)
    }
}

impl Tokens {
    /// Returns a token that serves `need`, fetched if there is none.
    pub(super) async fn get_token(
        &self,
        endpoint: &Endpoint,
        need: Need,
    ) -> Result<Token, Failure> {
        let rounds = self.rounds.load(SeqCst);
        let mut state = self.state.lock().await;
        if let Some(token) =
            state.held.as_ref().filter(|token| token.serves(need, &endpoint.config.timeouts))
        {
            return Ok(token.clone());
        }
        let fetched = match &state.failed {
            // It was asked for while we waited, and we share the answer.
            Some(failed) if self.rounds.load(SeqCst) != rounds => Err(failed.clone()),
            _ => state.fetch_token(endpoint).await,
        };
        self.rounds.fetch_add(1, SeqCst);
        // The waiting request was not sent yet, whatever the failure meant for the
        // request that triggered the fetch.
        let nothing_sent = |failed| Failure { doubt: Doubt::NotSent, ..failed };
        fetched.or_else(|failed| state.aging_token().ok_or_else(|| nothing_sent(failed)))
    }

    /// Forgets `token`, which was refused, unless a newer one has taken its
    /// place already.
    pub(super) async fn forget_token(&self, token: &Token) {
        let mut state = self.state.lock().await;
        if state.held.as_ref().is_some_and(|held| held.serial == token.serial) {
            state.held = None;
        }
    }

    /// Takes note that a fresh token was refused, too.
    pub(super) async fn record_refusal(
        &self,
        endpoint: &Endpoint,
        token: &Token,
        failed: &Failure,
    ) {
        self.forget_token(token).await;
        let mut state = self.state.lock().await;
        state.refused = Some((clock::now(), failed.clone()));
        state.report_wait(endpoint).await;
    }
}

impl State {
    async fn fetch_token(&mut self, endpoint: &Endpoint) -> Result<Token, Failure> {
        let window = endpoint.config.timeouts.pace.refusal_window;
        self.asked.retain(|&asked| is_recent(asked, window));
        if let Some(left) = self.remaining_wait(window)
            && let Some((_, failed)) = &self.refused
        {
            let failed = failed.clone();
            report_sign_in_wait(endpoint, left).await;
            return Err(failed);
        }
        let fetched = self.request_token(endpoint).await;
        match &fetched {
            Ok(token) => {
                self.held = Some(token.clone());
                (self.failed, self.refused) = (None, None);
            }
            Err(failed) => {
                if failed.cause == Cause::Credentials {
                    self.refused = Some((clock::now(), failed.clone()));
                    self.held = None;
                    self.report_wait(endpoint).await;
                }
                self.failed = Some(failed.clone());
                if let Some(held) = &mut self.held {
                    held.renewed_at = held.age() + endpoint.config.timeouts.pace.token_floor;
                }
            }
        }
        fetched
    }

    /// Returns how long the endpoint is left alone; `None` if it may be asked.
    fn remaining_wait(&self, window: Duration) -> Option<Duration> {
        let (refused, _) = self.refused.as_ref()?;
        let last = *self.asked.get(self.asked.len().checked_sub(REQUESTS_AFTER_REFUSAL)?)?;
        let left = |at: Instant| window.checked_sub(clock::now().duration_since(at));
        Some(left(*refused)?.min(left(last)?)).filter(|left| !left.is_zero())
    }

    /// Reports how long the endpoint is left alone, if it is.
    async fn report_wait(&self, endpoint: &Endpoint) {
        if let Some(left) = self.remaining_wait(endpoint.config.timeouts.pace.refusal_window) {
            report_sign_in_wait(endpoint, left).await;
        }
    }

    /// Returns the current token, if it is old but still good.
    fn aging_token(&self) -> Option<Token> {
        self.held.clone().filter(|token| token.age() < token.dead_at)
    }

    /// Asks the endpoint, again where that can help.
    async fn request_token(&mut self, endpoint: &Endpoint) -> Result<Token, Failure> {
        let pace = &endpoint.config.timeouts.pace;
        let mut repeated = 0;
        loop {
            self.asked.push(clock::now());
            let (failed, wait) = match request_token_once(endpoint).await {
                Ok((Some(token), _)) => {
                    endpoint.hide_token(token.text.expose_secret());
                    return Ok(self.numbered_token(token, pace));
                }
                Ok((None, answer)) => {
                    let wait = answer.may_be_repeated().then_some(answer.retry_after);
                    (token_failure(endpoint, &answer), wait)
                }
                Err((failed, may_pass)) => (failed, may_pass.then_some(None)),
            };
            match wait {
                Some(asked) if repeated < pace.retries && endpoint.budget.take_retry() => {
                    tokio::time::sleep(pace.wait(repeated, asked)).await;
                }
                _ => return Err(failed),
            }
            repeated += 1;
        }
    }

    fn numbered_token(&mut self, token: token::Token, pace: &Pace) -> Token {
        self.serial += 1;
        Token::new(token, self.serial, pace)
    }
}

async fn report_sign_in_wait(endpoint: &Endpoint, left: Duration) {
    // The receiver is gone where the session has ended.
    let _unheard = endpoint.tell.send(Event::SignInWaits(left)).await;
}

/// Requests a token once; without an answer, returns whether the failure may pass.
async fn request_token_once(
    endpoint: &Endpoint,
) -> Result<(Option<token::Token>, Answer), (Failure, bool)> {
    let pool = endpoint.pool.as_ref().map_err(|failed| (failed.clone(), false))?;
    let config = &endpoint.config;
    let credentials = &config.credentials;
    let request = pool
        .reads
        .post(config.token_url.clone())
        .basic_auth(&credentials.client_id, Some(credentials.client_secret.expose_secret()))
        .form(&[("grant_type", "client_credentials")])
        .timeout(config.timeouts.token);
    let watch = CallReport::start(&endpoint.tell, None, "POST", "(token)");
    match request.send().await {
        Ok(response) => {
            let answer = UnmaskedAnswer::read(response, ANSWER_MAX_BYTES, |_| {}).await;
            let token = answer.token();
            let answer = answer.mask_words(endpoint.mask()).await;
            watch.report_answer(&answer).await;
            Ok((token, answer))
        }
        Err(error) => {
            let lost = errors::failure_of_lost(&error, &config.token_route(), &endpoint.mask());
            watch.report_no_answer(lost.0.cause).await;
            Err(lost)
        }
    }
}

/// Explains why an answer has no token.
fn token_failure(endpoint: &Endpoint, answer: &Answer) -> Failure {
    let host = endpoint.config.token_host();
    let reply = token::read_token(&answer.body);
    let mut failed = match (answer.status.as_u16(), reply, errors::failure_of_page(answer)) {
        (200..=299 | 400 | 401 | 403, Err(NoToken::Refused(why)), _) => {
            refused_credentials(why.as_str(), host)
        }
        (_, _, Some(page)) => page,
        (status @ (400 | 401 | 403), _, _) => {
            refused_credentials(&format!("status {status}"), host)
        }
        _ if answer.is_whole_success() => errors::failure(
            Cause::Unreadable,
            "the token host's reply has no token",
            CHECK_TOKEN_ADDRESS,
        ),
        _ => errors::failure_of_answer(answer, "address", host),
    };
    // The one of the body stays, if the head has none.
    failed.trace = failed.trace.or_else(|| answer.trace.clone());
    failed
}

const CHECK_TOKEN_ADDRESS: &str = "Check the token address of this environment.";

/// Returns whether `moment` lies within `window` before now.
fn is_recent(moment: Instant, window: Duration) -> bool {
    clock::now().duration_since(moment) < window
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(seconds: Option<u64>, age: u64) -> Token {
        let lifetime = seconds.map(Duration::from_secs);
        let token = token::Token { text: "t".into(), lifetime };
        let mut token = Token::new(token, 1, &Pace::default());
        token.made_wall -= i64::try_from(age * 1000).unwrap();
        token
    }

    fn serves(lifetime: Option<u64>, age: u64, need: Need) -> bool {
        token(lifetime, age).serves(need, &Timeouts::default())
    }

    #[test]
    fn a_token_is_renewed_when_most_of_its_life_is_over() {
        for _ in 0..100 {
            assert!(serves(Some(1000), 795, Need::Read));
            assert!(!serves(Some(1000), 905, Need::Read));
        }
    }

    #[test]
    fn a_write_gets_a_token_that_outlives_it() {
        assert!(serves(Some(300), 235, Need::Read));
        assert!(serves(Some(300), 235, Need::Write));
        let mut worn = token(Some(300), 245);
        worn.renewed_at = Duration::from_secs(260);
        assert!(worn.serves(Need::Read, &Timeouts::default()));
        assert!(!worn.serves(Need::Write, &Timeouts::default()));
    }

    #[test]
    fn a_lifetime_of_seconds_does_not_ask_for_a_token_per_request() {
        assert!(serves(Some(1), 25, Need::Read) && serves(Some(1), 25, Need::Write));
        assert!(!serves(Some(1), 35, Need::Read));
    }

    #[test]
    fn a_token_without_a_lifetime_is_used_for_a_while() {
        assert!(serves(None, 2800, Need::Write) && !serves(None, 3300, Need::Read));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_the_token() {
        let mut token = token(Some(1000), 0);
        token.made_wall += 7_200_000;
        assert!(token.serves(Need::Write, &Timeouts::default()));
    }
}
