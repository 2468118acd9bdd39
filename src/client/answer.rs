//! An answer, read up to its cap.

use std::time::{Duration, Instant};

use reqwest::{
    Response, StatusCode,
    header::{CONTENT_LENGTH, HeaderMap, LOCATION},
};
use url::Url;

use crate::domain::text::SafeText;

use super::{clock, retry_after};

/// The most that is read of an answer that is no success: 256 KiB.
pub(super) const ERROR_CAP: usize = 256 << 10;

/// An answer, as far as it arrived.
pub(super) struct Answer {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its body, decompressed.
    pub(super) body: Vec<u8>,
    /// How its body ended.
    pub(super) end: End,
    /// The vendor's trace id.
    pub(super) trace: Option<SafeText>,
    /// How long the server asks us to wait.
    pub(super) retry_after: Option<Duration>,
    /// The server's clock minus ours, in milliseconds.
    pub(super) clock_offset: Option<i64>,
    /// The host a redirect points to. It is shown, never called.
    pub(super) leads_to: Option<SafeText>,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// The line dropped, or the framing or the compression is broken.
    Cut,
    /// Not in time.
    Late,
    /// Over the cap of so many bytes.
    Over(usize),
}

impl Answer {
    /// Reads `response` up to `cap` bytes after decompression; `progress` is
    /// told now and then how many there are.
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
            trace: trace(headers),
            retry_after: retry_after::read(headers),
            clock_offset: retry_after::clock_offset(headers),
            leads_to: response.status().is_redirection().then(|| host(&response)),
        };
        let cap = if answer.status.is_success() { cap } else { cap.min(ERROR_CAP) };
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

    /// Whether it is a success that arrived as a whole.
    pub(super) fn is_whole_success(&self) -> bool {
        self.status.is_success() && self.end == End::Whole
    }
}

/// Support asks for it. Older deployments name it otherwise.
fn trace(headers: &HeaderMap) -> Option<SafeText> {
    let names = ["trace-id", "uow", "x-correlation-id"];
    let value = names.iter().find_map(|name| headers.get(*name))?;
    let trace = SafeText::clean(&String::from_utf8_lossy(value.as_bytes()));
    (!trace.is_empty()).then_some(trace)
}

fn host(response: &Response) -> SafeText {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target =
        location.and_then(|to| Url::options().base_url(Some(response.url())).parse(to).ok());
    SafeText::clean(target.as_ref().and_then(Url::host_str).unwrap_or("nowhere"))
}

/// Absent for compressed answers, whose length says nothing of the body.
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

    /// Whether it is time again.
    pub(super) fn is_due(&mut self) -> bool {
        let now = clock::now();
        let due = now.duration_since(self.last) >= self.every;
        if due {
            self.last = now;
        }
        due
    }
}
