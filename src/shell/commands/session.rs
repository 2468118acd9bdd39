//! An account for commands, which read sequentially.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::{
    api::{Cause, Event, Failure, Listing, Reply, Request, RequestId},
    client::{self, Client},
    domain::{
        id::OnRampId,
        inventory::Inventory,
        issuance::Doubt,
        on_ramp::OnRamp,
        service_key::ServiceKey,
        text::SafeText,
        time::{ReadAt, Timestamp},
        words::count,
    },
    shell::{
        account::{self, Account, AccountSelection, Variables, choose_account, config::Config},
        clock,
        exit::ExitError,
        stdio,
        store::{
            audit,
            journal::JournalLocation,
            log::{Note, write_note},
        },
    },
};

/// The longest wait that is obeyed: a longer one is taken for an error.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// An account that is read sequentially.
pub(in crate::shell) struct ReadSession {
    client: Client,
    events: mpsc::Receiver<Event>,
    next: u64,
    /// The wait that Megaport last asked for.
    pause: Option<Duration>,
    clock_offset: i64,
    /// The API and the account, in words.
    pub(in crate::shell) whose: SafeText,
    /// The location of its journal.
    pub(in crate::shell) journal: JournalLocation,
    /// The location of its audit, and its setting.
    pub(in crate::shell) audit: (audit::AuditAccount, audit::AuditSetting),
}

impl ReadSession {
    /// Opens the chosen account.
    pub(in crate::shell) async fn open(wanted: &AccountSelection) -> Result<Self, ExitError> {
        let choice = choose_account(wanted, &Variables::read()?, &Config::load()?)?;
        Ok(Self::from_account(account::open_account(&choice).await?))
    }

    /// Creates it from an open account.
    pub(in crate::shell) fn from_account(account: Account) -> Self {
        write_note(&Note::started(&account.session));
        let Account { session, config, audit, .. } = account;
        let id = &config.credentials.client_id;
        let journal =
            JournalLocation::for_account(&session.environment.to_string(), &session.host, id);
        let audit = (audit::AuditAccount::for_session(&session, id, false), audit);
        let whose = SafeText::clean(&session.whose());
        let (client, events) = client::start(config);
        Self { client, events, next: 0, pause: None, clock_offset: 0, whose, journal, audit }
    }

    /// Returns the time, by the server's clock as far as known.
    pub(in crate::shell) fn now(&self) -> Timestamp {
        clock::now().shifted(self.clock_offset)
    }

    /// Returns the time of a reading that is taken now.
    pub(in crate::shell) fn read_at(&self) -> ReadAt {
        ReadAt { here: clock::now(), shown: self.now() }
    }

    /// Returns the wait that Megaport has asked for since the last call of this.
    pub(in crate::shell) const fn take_pause(&mut self) -> Duration {
        match self.pause.take() {
            Some(pause) => pause,
            None => Duration::ZERO,
        }
    }

    /// Sends a request, and waits for the answer.
    async fn request(&mut self, request: Request) -> Result<Reply, Failure> {
        let asked = RequestId(self.next);
        self.next += 1;
        write_note(&Note::asked(asked, &request));
        if self.client.send(asked, request).await.is_err() {
            return Err(client_ended());
        }
        while let Some(event) = self.events.recv().await {
            match event {
                Event::Called(called) => write_note(&Note::Called(called)),
                Event::Done { id, result, clock_offset } if id == asked => {
                    self.clock_offset = clock_offset.unwrap_or(self.clock_offset);
                    if let Err(failure) = &result {
                        write_note(&Note::failed(id, failure));
                    }
                    return result;
                }
                // An event of a request that is no longer awaited.
                Event::Done { .. } | Event::Progress { .. } | Event::SignInWaits(_) => {}
                Event::Wait(pause) => self.pause = Some(pause.min(RETRY_AFTER_MAX)),
            }
        }
        Err(client_ended())
    }

    /// Reads every on-ramp.
    pub(in crate::shell) async fn read_on_ramps(&mut self) -> Result<Listing<OnRamp>, Failure> {
        match self.request(Request::Products).await? {
            Reply::Products(listing) => Ok(listing),
            _ => Err(client_ended()),
        }
    }

    /// Reads one on-ramp.
    pub(in crate::shell) async fn read_on_ramp(
        &mut self,
        id: &OnRampId,
    ) -> Result<OnRamp, Failure> {
        match self.request(Request::OnRamp(id.clone())).await? {
            Reply::OnRamp(on_ramp) => Ok(*on_ramp),
            _ => Err(client_ended()),
        }
    }

    /// Reads every key.
    pub(in crate::shell) async fn read_keys(&mut self) -> Result<Listing<ServiceKey>, Failure> {
        match self.request(Request::Keys).await? {
            Reply::Keys(listing) => Ok(listing),
            _ => Err(client_ended()),
        }
    }

    /// Fills in missing places of on-ramps from the list of data centres. If that
    /// cannot be read, this is reported, and the places stay empty.
    pub(in crate::shell) async fn complete_sites(&mut self, inventory: &mut Inventory) {
        let answer = self.request(Request::Locations).await.and_then(|reply| match reply {
            Reply::Locations(listing) => Ok(listing.entries),
            _ => Err(client_ended()),
        });
        match answer {
            Ok(all) => {
                let locations = all.into_iter().map(|one| (one.id, one)).collect();
                inventory.complete_sites(&locations);
            }
            Err(failure) => stdio::print_stderr(&format!(
                "onramp: the sites of some on-ramps are unknown; the location list could not be \
                 read: {}\n",
                failure.happened
            )),
        }
    }

    /// Reads on-ramps and keys, with the number of unreadable entries.
    pub(in crate::shell) async fn read_inventory(
        &mut self,
    ) -> Result<(Inventory, Unread), Failure> {
        // Keys first: a circuit created from one in between is in the list read later.
        let keys = self.read_keys().await?;
        let on_ramps = self.read_on_ramps().await?;
        for (kind, n) in &on_ramps.other {
            let services = count(*n, "service");
            stdio::print_stderr(&format!(
                "onramp: not shown: {services} of type {kind} (not an on-ramp type)\n"
            ));
        }
        let mut inventory = Inventory::with_unread(on_ramps.entries, on_ramps.unread.len());
        let circuits = inventory.on_ramps().iter().map(|one| one.unread as usize).sum();
        let unread = Unread { on_ramps: on_ramps.unread.len(), circuits, keys: keys.unread.len() };
        inventory.set_keys(keys.entries, unread.keys, self.read_at());
        Ok((inventory, unread))
    }
}

/// Builds the failure when the client task has ended.
fn client_ended() -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "the client has ended".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt: Doubt::NotSent,
    }
}

/// The number of unreadable entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::shell) struct Unread {
    /// Of the list of on-ramps.
    pub(in crate::shell) on_ramps: usize,
    /// VXCs and IXs of the on-ramps that could be.
    pub(in crate::shell) circuits: usize,
    /// Of the list of keys.
    pub(in crate::shell) keys: usize,
}

impl Unread {
    /// Returns the exit of the program after it has printed the readable part of the
    /// lists and of this host's journal.
    pub(in crate::shell) fn into_exit(self, journal: Option<String>) -> Result<(), ExitError> {
        let all = [(self.on_ramps, "on-ramp"), (self.circuits, "circuit"), (self.keys, "key")];
        let some = all.into_iter().filter(|(n, _)| *n > 0);
        let some: Vec<_> = some.map(|(n, one)| count(n, one)).collect();
        let lists =
            (!some.is_empty()).then(|| format!("{} unreadable or contradictory", some.join(", ")));
        let journal = journal.map(|why| format!("keys created on this host may be missing: {why}"));
        let missing: Vec<_> = lists.into_iter().chain(journal).collect();
        if missing.is_empty() { Ok(()) } else { Err(ExitError::Incomplete(missing.join("; "))) }
    }
}

/// Returns the exit of the program when it could read nothing.
pub(in crate::shell) fn exit_error(failure: &Failure) -> ExitError {
    let says = failure.in_full();
    match failure.cause {
        Cause::Credentials => ExitError::Credentials(says),
        _ => ExitError::Failed(says),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_read_is_counted_and_has_a_code_of_its_own() {
        assert!(Unread::default().into_exit(None).is_ok());
        let ending = Unread { on_ramps: 0, circuits: 2, keys: 1 };
        let ending = ending.into_exit(Some("torn".into())).expect_err("missing");
        assert_eq!(ending.code(), 6);
        assert_eq!(
            ending.to_string(),
            "2 circuits, 1 key unreadable or contradictory; keys created on this host may be missing: torn"
        );
    }
}
