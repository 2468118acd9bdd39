//! One API request, from submission to reply.

use std::collections::BTreeMap;

use crate::{
    api::{Failure, Listing, Reply, Request, RequestId, Unread, VlanAnswer, Write},
    client::{
        answer::Answer,
        blocking::{INLINE_MAX_BYTES, join_blocking},
        errors,
        read_requests::{MAINTENANCE, OUTAGE},
        session::Session,
    },
    domain::{
        event::Event,
        id::{KeyId, OnRampId},
        service_key::ServiceKey,
        text::SafeText,
        vlan::VlanId,
    },
    wire::{self, List, WireError},
};

/// One API request.
pub(super) struct Call<'s> {
    /// The state it shares with the others.
    pub(super) session: &'s Session,
    /// Its id.
    pub(super) id: RequestId,
    /// The server's clock minus ours, by the last answer.
    pub(super) clock_offset: Option<i64>,
}

impl<'s> Call<'s> {
    /// Begins a request.
    pub(super) const fn new(session: &'s Session, id: RequestId) -> Self {
        Self { session, id, clock_offset: None }
    }

    /// Answers it.
    pub(super) async fn answer(&mut self, request: Request) -> Result<Reply, Failure> {
        match request {
            Request::Products => self.products().await,
            Request::OnRamp(id) => self.on_ramp(&id).await,
            Request::Keys => self.keys().await,
            Request::KeysOf(id) => self.keys_of(id).await,
            Request::Key(id) => self.key(id).await,
            Request::ValidateKey(id) => self.validate(&id).await,
            Request::CheckVlan(id, vlan) => self.check_vlan(&id, vlan).await,
            Request::Traffic(id, kind) => {
                let answer = self.get_with_retries(&self.session.asks().traffic(&id, kind)).await?;
                let traffic = decode(answer, wire::telemetry::read_traffic).await?;
                Ok(Reply::Traffic(id, Box::new(traffic)))
            }
            Request::Events => self.events().await,
            Request::Locations => {
                let answer = self.get_with_retries(&self.session.asks().locations()).await?;
                Ok(Reply::Locations(listing(
                    decode(answer, wire::locations::read_locations).await?,
                )))
            }
            Request::Company => {
                let answer = self.get_with_retries(&self.session.asks().company()).await?;
                Ok(Reply::Company(decode(answer, wire::company::read_company_name).await?))
            }
            Request::RoundTrips(from, month) => {
                let answer =
                    self.get_with_retries(&self.session.asks().round_trips(from, month)).await?;
                let read = move |body: &[u8]| wire::round_trips::read_round_trips(body, from);
                Ok(Reply::RoundTrips(from, listing(decode(answer, read).await?)))
            }
            Request::PortHealth(id) => {
                let answer = self.get_with_retries(&self.session.asks().line(&id)).await?;
                let line = decode(answer, wire::telemetry::read_line).await?;
                Ok(Reply::PortHealth(id, Box::new(line)))
            }
        }
    }

    /// Carries it out.
    pub(super) async fn carry_out(&mut self, write: Write) -> Result<Reply, Failure> {
        match write {
            Write::CreateKey { intent, .. } => self.create_key(&intent.order).await,
            Write::UpdateKey(change, _) => self.update_key(change).await,
            Write::Decide { circuit, approve, .. } => self.answer_approval(circuit, approve).await,
        }
    }

    async fn products(&mut self) -> Result<Reply, Failure> {
        let answer = self.get_with_retries(&self.session.asks().products()).await?;
        let list = decode(answer, wire::products::read_products).await?;
        self.session.learn_lags(&list.entries);
        Ok(Reply::Products(listing(list)))
    }

    async fn on_ramp(&mut self, id: &OnRampId) -> Result<Reply, Failure> {
        let ask = self.session.asks().on_ramp(id);
        let answer = self.get_with_retries(&ask).await?;
        let trace = answer.trace.clone();
        match decode(answer, wire::products::read_product).await? {
            Some(on_ramp) => Ok(Reply::OnRamp(Box::new(on_ramp))),
            None => Err(errors::not_found_failure(ask.what, trace)),
        }
    }

    async fn keys(&mut self) -> Result<Reply, Failure> {
        let answer = self.get_with_retries(&self.session.asks().keys()).await?;
        Ok(Reply::Keys(listing(decode(answer, wire::keys::read_keys).await?)))
    }

    /// Reads the keys of one on-ramp. The server may ignore the filter, so the list is
    /// filtered again. A key may name another member of the on-ramp's LAG.
    async fn keys_of(&mut self, id: OnRampId) -> Result<Reply, Failure> {
        let answer = self.get_with_retries(&self.session.asks().keys_of(&id)).await?;
        let mut list = decode(answer, wire::keys::read_keys).await?;
        list.entries.retain(|key| self.session.is_one_on_ramp(&key.on_ramp, &id));
        Ok(Reply::KeysOf(id, listing(list)))
    }

    async fn key(&mut self, id: KeyId) -> Result<Reply, Failure> {
        let ask = self.session.asks().key(&id);
        let answer = self.get_with_retries(&ask).await?;
        let trace = answer.trace.clone();
        let read = move |body: &[u8]| wire::keys::read_key(body, &id);
        let key: Option<ServiceKey> = decode(answer, read).await?;
        key.map(|key| Reply::Key(Box::new(key)))
            .ok_or_else(|| errors::not_found_failure(ask.what, trace))
    }

    async fn validate(&mut self, id: &KeyId) -> Result<Reply, Failure> {
        let answer = self.get_with_retries(&self.session.asks().validate(id)).await?;
        decode(answer, wire::keys::read_verdict).await.map(Reply::KeyIsValid)
    }

    /// All states that matter, each by a call of its own. Where one of them
    /// fails all do: a list that is missing must not pass for "no outage".
    async fn events(&mut self) -> Result<Reply, Failure> {
        let mut all: Listing<Event> =
            Listing { entries: Vec::new(), unread: Vec::new(), other: BTreeMap::new() };
        for (kind, state) in
            [(MAINTENANCE, "Scheduled"), (MAINTENANCE, "Running"), (OUTAGE, "Ongoing")]
        {
            let answer = self.get_with_retries(&self.session.asks().events(kind, state)).await?;
            let read = if kind == OUTAGE {
                wire::events::read_outages
            } else {
                wire::events::read_maintenance
            };
            let Listing { entries, unread, .. } = listing(decode(answer, read).await?);
            // Maintenance that began between two calls is listed twice.
            let again = |known: &Event, new: &Event| {
                new.number == known.number && (wire::events::has_number(new) || new == known)
            };
            all.entries.retain(|known| !entries.iter().any(|new| again(known, new)));
            all.entries.extend(entries);
            all.unread.extend(unread);
        }
        Ok(Reply::Events(all))
    }

    async fn check_vlan(&mut self, id: &OnRampId, vlan: VlanId) -> Result<Reply, Failure> {
        let answer = self.get_with_retries(&self.session.asks().vlan(id, vlan)).await?;
        let free = decode(answer, wire::vlan::read_free_vlans).await?;
        let is_free = free.contains(&vlan);
        Ok(Reply::Vlan(if is_free { VlanAnswer::Free } else { VlanAnswer::Taken(free) }))
    }
}

/// Reads the body of an answer.
pub(super) async fn decode<T: Send + 'static>(
    answer: Answer,
    read: impl FnOnce(&[u8]) -> Result<T, WireError> + Send + 'static,
) -> Result<T, Failure> {
    let Answer { body, trace, .. } = answer;
    let made = if body.len() <= INLINE_MAX_BYTES {
        read(&body)
    } else {
        join_blocking(tokio::task::spawn_blocking(move || read(&body))).await
    };
    made.map_err(|error| errors::unreadable_failure(error, trace))
}

fn listing<T>(list: List<T>) -> Listing<T> {
    let unread = |(position, why): (usize, SafeText)| Unread { position, why };
    let List { entries, other, .. } = list;
    Listing { entries, unread: list.unread.into_iter().map(unread).collect(), other }
}
