//! An answer, read up to its cap.

use std::time::{Duration, Instant};

use reqwest::{
    Response, StatusCode,
    header::{CONTENT_LENGTH, HeaderMap, LOCATION},
};
use url::Url;

use crate::{domain::text::SafeText, wire::token};

use super::{
    blocking::{INLINE_MAX_BYTES, join_blocking},
    clock,
    mask::{Mask, MaskedBytes},
    retry_after,
};

/// The most that is read of an answer that is no success: 256 KiB.
pub(super) const ERROR_MAX_BYTES: usize = 256 << 10;

/// An answer, as far as it arrived. Its texts may repeat sent secrets, so it reveals
/// none: [`UnmaskedAnswer::mask`] turns it into an [`Answer`] with texts.
pub(super) struct UnmaskedAnswer {
    status: StatusCode,
    body: Vec<u8>,
    end: End,
    trace: Option<Vec<u8>>,
    retry_after: Option<Duration>,
    clock_offset: Option<i64>,
    leads_to: Option<String>,
}

/// An answer, as far as it arrived, without any of the secrets sent.
pub(super) struct Answer {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its body, decompressed.
    pub(super) body: MaskedBytes,
    /// The end of its body.
    pub(super) end: End,
    /// The vendor's trace id.
    pub(super) trace: Option<SafeText>,
    /// The wait that the server asks for.
    pub(super) retry_after: Option<Duration>,
    /// The server's clock minus ours, in milliseconds.
    pub(super) clock_offset: Option<i64>,
    /// The host a redirect points to. It is shown, never called.
    pub(super) leads_to: Option<SafeText>,
}

/// The end of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As announced.
    Whole,
    /// The connection broke, or the framing or the compression is broken.
    Cut,
    /// Not in time.
    Late,
    /// Over the cap of so many bytes.
    Over(usize),
}

impl UnmaskedAnswer {
    /// Reads `response` up to `cap` bytes after decompression; reports the count to
    /// `progress` now and then.
    pub(super) async fn read(
        mut response: Response,
        cap: usize,
        mut progress: impl FnMut(usize),
    ) -> Self {
        let headers = response.headers();
        let mut answer = Self {
            status: response.status(),
            body: Vec::new(),
            end: End::Whole,
            trace: trace_header(headers),
            retry_after: retry_after::read_retry_after(headers),
            clock_offset: retry_after::clock_offset(headers),
            leads_to: response.status().is_redirection().then(|| redirect_host(&response)),
        };
        let cap = if answer.status.is_success() { cap } else { cap.min(ERROR_MAX_BYTES) };
        if stated_length(headers).is_some_and(|length| length > cap as u64) {
            answer.end = End::Over(cap);
            return answer;
        }
        answer.end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if answer.body.len() + chunk.len() > cap => break End::Over(cap),
                Ok(Some(chunk)) => {
                    answer.body.extend_from_slice(&chunk);
                    progress(answer.body.len());
                }
                Ok(None) => break End::Whole,
                Err(error) if error.is_timeout() => break End::Late,
                Err(_) => break End::Cut,
            }
        };
        answer
    }

    /// Returns the access token in it, where it is a success and has one: all that is
    /// read of an answer as it came.
    pub(super) fn token(&self) -> Option<token::Token> {
        token::read_token(&self.body).ok().filter(|_| self.status.is_success())
    }

    /// Hides what `mask` knows.
    pub(super) async fn mask(self, mask: Mask) -> Answer {
        let first = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        let is_data = self.status.is_success() && matches!(first, Some(b'{' | b'['));
        self.masked(mask, is_data).await
    }

    /// Masks an answer of the token host: with any status, the rest of it is text.
    pub(super) async fn mask_words(self, mask: Mask) -> Answer {
        self.masked(mask, false).await
    }

    /// Masks a body; a large one is searched on a thread of its own.
    async fn masked(self, mask: Mask, is_data: bool) -> Answer {
        let Self { status, body, end, trace, retry_after, clock_offset, leads_to } = self;
        let trace = trace.map(|raw| mask.text(&raw)).filter(|trace| !trace.is_empty());
        let leads_to = leads_to.map(|host| mask.text(host.as_bytes()));
        let body = if body.len() <= INLINE_MAX_BYTES {
            mask.body(body, is_data)
        } else {
            join_blocking(tokio::task::spawn_blocking(move || mask.body(body, is_data))).await
        };
        Answer { status, body, end, trace, retry_after, clock_offset, leads_to }
    }
}

impl Answer {
    /// Returns whether it is a success that arrived as a whole.
    pub(super) fn is_whole_success(&self) -> bool {
        self.status.is_success() && self.end == End::Whole
    }
}

/// Returns the trace id. Support asks for it. Older deployments use another name.
fn trace_header(headers: &HeaderMap) -> Option<Vec<u8>> {
    let names = ["trace-id", "uow", "x-correlation-id"];
    let value = names.iter().find_map(|name| headers.get(*name))?;
    Some(value.as_bytes().to_vec())
}

fn redirect_host(response: &Response) -> String {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target =
        location.and_then(|to| Url::options().base_url(Some(response.url())).parse(to).ok());
    target.as_ref().and_then(Url::host_str).unwrap_or("nowhere").to_owned()
}

/// Returns the stated length; `None` for compressed answers, whose length says nothing
/// about the body.
fn stated_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Lets one call through per `every`, the first one after that time.
pub(super) struct Throttle {
    every: Duration,
    last: Instant,
}

impl Throttle {
    /// Starts the time.
    pub(super) fn new(every: Duration) -> Self {
        Self { every, last: clock::now() }
    }

    /// Returns whether it is time again.
    pub(super) fn is_due(&mut self) -> bool {
        let now = clock::now();
        let due = now.duration_since(self.last) >= self.every;
        if due {
            self.last = now;
        }
        due
    }
}
