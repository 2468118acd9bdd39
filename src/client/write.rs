//! Sends writes: once, over a connection of their own.
//!
//! A connection kept for reuse may be closed by the server just as a request is sent:
//! then it is unknown whether it was processed, though the server never saw it.
//! Measured near the server's idle limit, 100 of 300 writes ended so, and none over a
//! new connection.
//!
//! A key cannot be deleted, so nothing here ever sends a write again. The failure's
//! doubt states how it ended, and a reply is searched for a key even if the connection
//! broke after it.

use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderValue},
};

use crate::{
    api::{Failure, KeyChange, Reply},
    client::{
        answer::{Answer, UnmaskedAnswer},
        call::{Call, decode},
        call_report::CallReport,
        errors, read_requests,
        tokens::Need,
    },
    domain::{id::ConnectionId, issuance::Doubt, key_order::KeyOrder},
    wire::{
        self,
        key_body::{self, Editable},
    },
};

/// The writes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteKind<'a> {
    Create,
    Change,
    Decide(&'a ConnectionId),
}

impl Call<'_> {
    /// Creates a key.
    pub(super) async fn create_key(&mut self, order: &KeyOrder) -> Result<Reply, Failure> {
        let answer =
            self.send_write(WriteKind::Create, key_body::create_body(order), "on-ramp").await?;
        let cut = cut_short_failure(&answer, self.session.endpoint.config.api_host());
        let order = order.clone();
        let made = decode(answer, move |body| wire::keys::read_created(body, &order)).await;
        // Without a key to show, a broken connection is a better error than broken
        // JSON.
        made.map(|key| Reply::Created(Box::new(key))).map_err(|unread| cut.unwrap_or(unread))
    }

    /// Changes a key: reads it, applies the change, and sends all of it, because the
    /// vendor resets every field that an update omits.
    pub(super) async fn update_key(&mut self, change: KeyChange) -> Result<Reply, Failure> {
        let ask = self.session.asks().key(&change.key);
        let mut found = self.get_with_retries(&ask).await.map_err(mark_not_sent)?;
        let trace = found.trace.take();
        let wanted = change.key.clone();
        let read = move |body: &[u8]| wire::keys::read_editable(body, &wanted);
        let key = decode(found, read).await.map_err(mark_not_sent)?;
        let key = key.ok_or_else(|| mark_not_sent(errors::not_found_failure("key", trace)))?;
        let wanted = key.key.id.clone();
        let answer =
            self.send_write(WriteKind::Change, apply_change(key, change).body(), "key").await?;
        let cut = cut_short_failure(&answer, self.session.endpoint.config.api_host());
        let trace = answer.trace.clone();
        let key = decode(answer, move |body| wire::keys::read_key(body, &wanted)).await;
        match key {
            Ok(Some(key)) => Ok(Reply::Updated(Box::new(key))),
            Ok(None) => Err(errors::unreadable_failure(
                wire::WireError::Shape("it does not contain the changed key"),
                trace,
            )),
            Err(unread) => Err(cut.unwrap_or(unread)),
        }
    }

    /// Answers a circuit that awaits our approval. Fields that the request omits stay
    /// as they are.
    pub(super) async fn answer_approval(
        &mut self,
        circuit: ConnectionId,
        approve: bool,
    ) -> Result<Reply, Failure> {
        self.send_write(
            WriteKind::Decide(&circuit),
            wire::approval::approval_body(approve),
            "circuit",
        )
        .await?;
        Ok(Reply::Decided(circuit))
    }

    /// Sends one write, once. Gives back a success, however it ended.
    async fn send_write(
        &mut self,
        verb: WriteKind<'_>,
        body: Vec<u8>,
        what: &str,
    ) -> Result<Answer, Failure> {
        let session = self.session;
        let (config, host) = (&session.endpoint.config, session.endpoint.config.api_host());
        let pool = session.endpoint.pool.as_ref().map_err(Clone::clone)?;
        let token = session.tokens.get_token(&session.endpoint, Need::Write).await?;
        let keys = || session.asks().url(&read_requests::KEYS_PATH);
        let (request, name, path) = match verb {
            WriteKind::Create => (pool.writes.post(keys()), "POST", read_requests::KEYS_TEMPLATE),
            WriteKind::Change => (pool.writes.put(keys()), "PUT", read_requests::KEYS_TEMPLATE),
            WriteKind::Decide(id) => {
                let url = session.asks().url(&["v3", "product", "vxc", id.as_str()]);
                (pool.writes.put(url), "PUT", read_requests::VXC_TEMPLATE)
            }
        };
        let watch = CallReport::start(&session.endpoint.tell, Some(self.id), name, path);
        let sent = request
            .bearer_auth(token.reveal())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .timeout(config.timeouts.write)
            .body(body)
            .send()
            .await;
        let response = match sent {
            Ok(response) => response,
            Err(error) => {
                let failed =
                    errors::failure_of_error(&error, &config.api_route(), &session.endpoint.mask());
                watch.report_no_answer(failed.cause).await;
                return Err(failed);
            }
        };
        let answer = UnmaskedAnswer::read(response, read_requests::ON_RAMP_MAX_BYTES, |_| {}).await;
        let answer = answer.mask(session.endpoint.mask()).await;
        watch.report_answer(&answer).await;
        self.clock_offset = answer.clock_offset.or(self.clock_offset);
        if answer.status == StatusCode::UNAUTHORIZED {
            session.tokens.forget_token(&token).await;
        }
        if !answer.status.is_success() {
            return Err(errors::failure_of_answer(&answer, what, host));
        }
        match errors::failure_of_page(&answer) {
            Some(failed) => Err(failed),
            None => Ok(answer),
        }
    }
}

/// Explains how a success was cut short.
fn cut_short_failure(answer: &Answer, host: &str) -> Option<Failure> {
    (!answer.is_whole_success()).then(|| errors::failure_of_answer(answer, "key", host))
}

/// Returns a failure before the write.
fn mark_not_sent(mut failed: Failure) -> Failure {
    failed.doubt = Doubt::NotSent;
    failed
}

fn apply_change(mut editable: Editable, change: KeyChange) -> Editable {
    let key = &mut editable.key;
    key.active = change.active.unwrap_or(key.active);
    key.rate = change.rate.or(key.rate);
    key.usage = change.usage.unwrap_or(key.usage);
    key.pre_approved = change.pre_approved.or(key.pre_approved);
    key.validity = change.validity.unwrap_or(key.validity);
    if let Some(label) = change.label {
        editable.description = (!label.is_empty()).then(|| label.as_str().to_owned());
    }
    editable
}
