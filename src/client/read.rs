//! Sends reads, and repeats them where that can help.

use std::time::Duration;

use reqwest::StatusCode;

use crate::api::{Event, Failure};

use super::{
    answer::{Answer, End, Throttle, UnmaskedAnswer},
    call::Call,
    call_report::CallReport,
    errors,
    read_requests::ReadRequest,
    tokens::{Need, Token},
};

/// The longest plausible wait that a server may ask for.
const CREDIBLE_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// The result of one attempt.
enum Attempt {
    /// The whole answer.
    Got(Answer),
    /// The token was refused.
    Unauthorised(Failure),
    /// Something that may pass, and how long the server asks us to wait.
    Again(Failure, Option<Duration>),
    /// Something that will not.
    Failed(Failure),
}

impl Answer {
    /// Returns whether asking again can help. Source: the vendor's own CLI repeats
    /// these, and not a plain 500.
    pub(super) fn may_be_repeated(&self) -> bool {
        matches!(self.status.as_u16(), 429 | 502 | 503 | 504)
            || (self.status.is_success() && self.end == End::Cut)
    }
}

impl Call<'_> {
    /// Gets the whole answer to `ask`: renews the token once if it is refused, and
    /// retries after a failure of the connection or the server.
    pub(super) async fn get_with_retries(&mut self, ask: &ReadRequest) -> Result<Answer, Failure> {
        let session = self.session;
        let pace = &session.endpoint.config.timeouts.pace;
        session.endpoint.budget.count_request();
        let (mut repeated, mut renewed) = (0, false);
        loop {
            let token = session.tokens.get_token(&session.endpoint, Need::Read).await?;
            match self.get_once(ask, &token).await {
                Attempt::Got(answer) => return Ok(answer),
                Attempt::Failed(failed) => return Err(failed),
                Attempt::Unauthorised(failed) if renewed => {
                    session.tokens.record_refusal(&session.endpoint, &token, &failed).await;
                    return Err(failed);
                }
                Attempt::Unauthorised(_) => {
                    session.tokens.forget_token(&token).await;
                    renewed = true;
                }
                Attempt::Again(failed, asked) => {
                    // A longer wait is reported at once; an implausible one is ignored.
                    let too_long = asked
                        .is_some_and(|asked| asked > pace.longest && asked <= CREDIBLE_RETRY_AFTER);
                    if too_long || repeated >= pace.retries || !session.endpoint.budget.take_retry()
                    {
                        return Err(failed);
                    }
                    tokio::time::sleep(pace.wait(repeated, asked)).await;
                    repeated += 1;
                }
            }
        }
    }

    async fn get_once(&mut self, ask: &ReadRequest, token: &Token) -> Attempt {
        let session = self.session;
        let host = session.endpoint.config.api_host();
        let pool = match &session.endpoint.pool {
            Ok(pool) => pool,
            Err(failed) => return Attempt::Failed(failed.clone()),
        };
        let request = pool.reads.get(ask.url.clone()).bearer_auth(token.reveal());
        let watch = CallReport::start(&session.endpoint.tell, Some(self.id), "GET", ask.path);
        let response = match request.timeout(ask.within).send().await {
            Ok(response) => response,
            Err(error) => {
                let (failed, may_pass) = errors::failure_of_lost(
                    &error,
                    &session.endpoint.config.api_route(),
                    &session.endpoint.mask(),
                );
                watch.report_no_answer(failed.cause).await;
                return if may_pass {
                    Attempt::Again(failed, None)
                } else {
                    Attempt::Failed(failed)
                };
            }
        };
        let id = self.id;
        let mut throttle = Throttle::new(session.endpoint.config.timeouts.pace.progress);
        let answer = UnmaskedAnswer::read(response, ask.cap, |bytes| {
            if throttle.is_due() {
                // Progress is dropped if its receiver does not keep up.
                let _unheard =
                    session.endpoint.tell.try_send(Event::Progress { id, bytes: bytes as u64 });
            }
        });
        let answer = answer.await.mask(session.endpoint.mask()).await;
        watch.report_answer(&answer).await;
        self.clock_offset = answer.clock_offset.or(self.clock_offset);
        if answer.is_whole_success() {
            return match errors::failure_of_page(&answer) {
                Some(failed) => Attempt::Failed(failed),
                None => Attempt::Got(answer),
            };
        }
        let failed = errors::failure_of_answer(&answer, ask.what, host);
        match answer.status {
            StatusCode::UNAUTHORIZED => Attempt::Unauthorised(failed),
            _ if answer.may_be_repeated() => Attempt::Again(failed, answer.retry_after),
            _ => Attempt::Failed(failed),
        }
    }
}
