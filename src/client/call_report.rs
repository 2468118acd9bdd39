//! Reports one call to the log: method, path, status, time and size, and nothing else.

use std::time::Instant;

use tokio::sync::mpsc;

use crate::api::{CallEnd, Called, Cause, Event, RequestId};

use super::{
    answer::{Answer, End},
    clock,
};

/// A call in progress.
pub(super) struct CallReport<'s> {
    tell: &'s mpsc::Sender<Event>,
    request: Option<RequestId>,
    verb: &'static str,
    path: &'static str,
    since: Instant,
}

impl<'s> CallReport<'s> {
    /// Starts to observe a call for `request`; `tell` is the receiver of events.
    pub(super) fn start(
        tell: &'s mpsc::Sender<Event>,
        request: Option<RequestId>,
        verb: &'static str,
        path: &'static str,
    ) -> Self {
        Self { tell, request, verb, path, since: clock::now() }
    }

    /// Reports that there was an answer.
    pub(super) async fn report_answer(self, answer: &Answer) {
        let status = answer.status.as_u16();
        let whole = answer.end == End::Whole;
        let end = if whole { CallEnd::Whole(status) } else { CallEnd::Cut(status) };
        if let (429 | 503, Some(wait)) = (status, answer.retry_after) {
            // The wait is advice for background reads; losing it does no harm.
            let _unheard = self.tell.try_send(Event::Wait(wait));
        }
        self.send_report(end, answer).await;
    }

    /// Reports that there was none.
    pub(super) async fn report_no_answer(self, cause: Cause) {
        self.send_report(CallEnd::Unanswered(cause), None).await;
    }

    async fn send_report(self, end: CallEnd, answer: impl Into<Option<&Answer>>) {
        let answer = answer.into();
        let called = Called {
            request: self.request,
            verb: self.verb,
            path: self.path,
            end,
            took: clock::now().duration_since(self.since),
            bytes: answer.map_or(0, |answer| answer.body.len() as u64),
            trace: answer.and_then(|answer| answer.trace.clone()),
        };
        // A test of credentials has no receiver for this.
        let _unheard = self.tell.send(Event::Called(called)).await;
    }
}
