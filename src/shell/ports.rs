//! Performs the effects of the engine, for every front end: requests through the
//! client, records into the journal, acts into the audit.
//!
//! One module keeps the order: if an audit is required its line comes first, then the
//! record on the disk, and only the receipt of that record releases a write. Nothing is
//! decided here.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use tokio::task::AbortHandle;

use crate::{
    api::{
        self, Cause, Failure, Permit, RequestId, Write,
        account::{EnvironmentKind, Session},
        journal,
    },
    client::{self, Client, Config, NotTaken, Writer},
    domain::{issuance::Doubt, time::Timestamp},
    engine::effect::Effect,
    shell::{
        clock,
        store::{
            audit::{self, Audit},
            journal::{Journal, JournalLocation, Receipt},
            log::{Note, write_note},
        },
    },
    simulator::Simulator,
};

/// A report of a port, from a thread or a task of its own.
#[derive(Debug)]
pub(super) enum PortReport {
    /// Of the client.
    Api(api::Event),
    /// Of the journal of this number.
    Journal(u64, crate::shell::store::journal::JournalReport),
    /// Of the audit of this number.
    Audit(u64, audit::AuditReport),
}

/// The part of a report that is for the engine, or for its front end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FrontEndEvent {
    /// Something from the API.
    Api(api::Event),
    /// Something from the journal.
    Journal(journal::Event),
    /// Something from the audit.
    Audit(api::audit::Event),
}

/// The future that sends a report from a task, and waits while the queue is full.
pub(super) type Sending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The ports' way of reporting to their front end.
#[derive(Clone)]
pub(super) struct Reporter {
    /// From a thread, which may block.
    pub(super) from_thread: Arc<dyn Fn(PortReport) + Send + Sync>,
    /// From a task, which must not.
    pub(super) from_task: Arc<dyn Fn(PortReport) -> Sending + Send + Sync>,
}

/// The ports of one front end.
pub(super) struct Ports {
    reporter: Reporter,
    pub(super) account: Option<ActiveAccount>,
    /// The journal, which must have a record on the disk before its write, and its
    /// location.
    pub(super) journal: Option<(JournalLocation, Journal)>,
    /// The number of journals so far.
    journals: u64,
    /// The audit: who did what.
    pub(super) audit: Option<Box<Audit>>,
    /// The number of audits so far.
    audits: u64,
    /// Writes that must wait for their audit line, if the audit is required.
    awaiting_audit: BTreeMap<RequestId, (Write, Timestamp)>,
    /// Requests that are on the disk and wait for the engine's word.
    receipts: BTreeMap<RequestId, Receipt>,
}

/// The account in use.
pub(super) struct ActiveAccount {
    pub(super) client: Client,
    /// The writer; there is none in read-only mode.
    pub(super) writer: Option<Writer>,
    /// The task that forwards the client's events.
    forward_task: AbortHandle,
    /// The embedded simulator lives as long as its account is used.
    _simulator: Option<Simulator>,
}

impl Drop for ActiveAccount {
    fn drop(&mut self) {
        // Further events of another account are dropped.
        self.forward_task.abort();
    }
}

impl Ports {
    /// Ports without an account.
    pub(super) const fn new(reporter: Reporter) -> Self {
        Self {
            reporter,
            account: None,
            journal: None,
            journals: 0,
            audit: None,
            audits: 0,
            awaiting_audit: BTreeMap::new(),
            receipts: BTreeMap::new(),
        }
    }

    /// Uses an account from now on, in place of the one before.
    pub(super) fn use_account(
        &mut self,
        session: &Session,
        config: Config,
        setting: audit::AuditSetting,
        simulator: Option<Simulator>,
    ) {
        let id = &config.credentials.client_id;
        self.use_journal(match session.environment {
            // Nothing of a demo is worth a file.
            EnvironmentKind::Demo => JournalLocation::Memory,
            environment => {
                JournalLocation::for_account(&environment.to_string(), &session.host, id)
            }
        });
        let place = audit::AuditAccount::for_session(
            session,
            id,
            session.environment == EnvironmentKind::Demo,
        );
        self.use_audit(place, setting);
        let (client, mut events) = client::start(config);
        let report = Arc::clone(&self.reporter.from_task);
        let task = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                #[cfg(debug_assertions)]
                crate::shell::panic_for_test::panic_at("task");
                match &event {
                    api::Event::Called(called) => {
                        write_note(&Note::Called(called.clone()));
                        continue;
                    }
                    api::Event::Done { id, result: Err(failure), .. } => {
                        write_note(&Note::failed(*id, failure));
                    }
                    api::Event::Done { .. }
                    | api::Event::Progress { .. }
                    | api::Event::SignInWaits(_)
                    | api::Event::Wait(_) => {}
                }
                report(PortReport::Api(event)).await;
            }
        });
        let forward_task = task.abort_handle();
        self.account =
            Some(ActiveAccount { client, writer: None, forward_task, _simulator: simulator });
    }

    /// Closes the account.
    pub(super) fn leave_account(&mut self) {
        self.account = None;
        self.leave_audit("another account is in use");
        self.leave_journal();
    }

    /// Uses the journal of `place` from now on. Setting a mode opens it; one of the
    /// same place stays open.
    fn use_journal(&mut self, place: JournalLocation) {
        if self.journal.as_ref().is_some_and(|(kept, _)| *kept == place) {
            return;
        }
        self.leave_journal();
        self.journals += 1;
        let (number, report) = (self.journals, Arc::clone(&self.reporter.from_thread));
        let report = move |journal_event| report(PortReport::Journal(number, journal_event));
        self.journal = Some((place.clone(), Journal::start(place, number, report)));
    }

    /// Closes the journal. Its queued work is still done, without waiting for it.
    fn leave_journal(&mut self) {
        self.receipts.clear();
        self.awaiting_audit.clear();
        if let Some(journal) = self.journal.take() {
            std::thread::spawn(move || drop(journal));
        }
    }

    /// Uses the audit of `place` from now on; one of the same place stays open.
    fn use_audit(&mut self, place: audit::AuditAccount, setting: audit::AuditSetting) {
        if self.audit.as_ref().is_some_and(|audit| *audit.place() == place) {
            return;
        }
        self.leave_audit("another account is in use");
        self.audits += 1;
        let (number, report) = (self.audits, Arc::clone(&self.reporter.from_thread));
        let report = move |journal_event| report(PortReport::Audit(number, journal_event));
        self.audit = Some(Box::new(Audit::start(place, setting, number, report)));
    }

    /// Closes the audit, after an entry on why the session ended, without waiting for
    /// it.
    fn leave_audit(&mut self, how: &str) {
        if let Some(audit) = self.audit.take() {
            audit.end(how);
            std::thread::spawn(move || drop(audit));
        }
    }

    /// Takes a report. One of a closed journal or audit is dropped.
    pub(super) fn take_report(&mut self, report: PortReport) -> Option<FrontEndEvent> {
        match report {
            PortReport::Api(event) => Some(FrontEndEvent::Api(event)),
            PortReport::Journal(number, report) => {
                self.take_journal_report(number, report).map(FrontEndEvent::Journal)
            }
            PortReport::Audit(number, report) => self.take_audit_report(number, report),
        }
    }

    fn take_journal_report(
        &mut self,
        number: u64,
        report: crate::shell::store::journal::JournalReport,
    ) -> Option<journal::Event> {
        if self.journal.as_ref().map(|(_, journal)| journal.number()) != Some(number) {
            return None;
        }
        match report {
            crate::shell::store::journal::JournalReport::Event(journal_event) => {
                Some(journal_event)
            }
            crate::shell::store::journal::JournalReport::Begun(receipt) => {
                let id = receipt.id();
                self.receipts.insert(id, receipt);
                Some(journal::Event::Begun(id))
            }
        }
    }

    fn take_audit_report(
        &mut self,
        number: u64,
        report: audit::AuditReport,
    ) -> Option<FrontEndEvent> {
        if self.audit.as_ref().map(|audit| audit.number()) != Some(number) {
            return None;
        }
        match report {
            audit::AuditReport::Event(journal_event) => Some(FrontEndEvent::Audit(journal_event)),
            audit::AuditReport::Clear(id) => {
                if let (Some((write, at)), Some((_, journal))) =
                    (self.awaiting_audit.remove(&id), &self.journal)
                {
                    journal.begin(id, write, at);
                }
                None
            }
            audit::AuditReport::NotClear(id, why) => {
                self.awaiting_audit.remove(&id)?;
                let says = format!("the audit log is required and cannot be written: {why}");
                Some(FrontEndEvent::Journal(journal::Event::NotBegun(
                    id,
                    says.as_str().into(),
                    None,
                )))
            }
        }
    }

    /// Performs one effect; returns the events known at once. An error means that the
    /// client has ended.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<Option<api::Event>, NotTaken> {
        let journal_event = match effect {
            Effect::Ask(id, request) => match &self.account {
                Some(account) => {
                    write_note(&Note::asked(id, &request));
                    account.client.try_send(id, request)?;
                    None
                }
                None => Some(failed_event(id, signed_out())),
            },
            Effect::Write(id, write, at) => self.record_write(id, write, at),
            Effect::Send(id) => self.send_write(id).err().map(|failure| failed_event(id, failure)),
            Effect::Withdraw(id) => {
                if let (Some(receipt), Some((_, journal))) =
                    (self.receipts.remove(&id), &self.journal)
                {
                    journal.withdraw(receipt.intent_id(), clock::now());
                }
                None
            }
            Effect::Record(record) => {
                if let Some((_, journal)) = &self.journal {
                    journal.record(record);
                }
                None
            }
            Effect::Audit(at, act) => {
                if let Some(audit) = &self.audit {
                    audit.write(at, act);
                }
                None
            }
            Effect::AcceptDamage => {
                if let Some((_, journal)) = &self.journal {
                    journal.accept_damage(clock::now());
                }
                None
            }
            Effect::SetMode(mode) => {
                if let Some(account) = &mut self.account {
                    write_note(&Note::Mode(mode));
                    account.writer =
                        Permit::for_mode(mode).map(|permit| account.client.writer(permit));
                }
                if let Some((_, journal)) = &self.journal {
                    journal.open(mode);
                }
                None
            }
        };
        Ok(journal_event)
    }

    /// Records a write before it is sent; only the journal's receipt lets
    /// [`Effect::Send`] release it.
    fn record_write(&mut self, id: RequestId, write: Write, at: Timestamp) -> Option<api::Event> {
        let may = matches!(&self.account, Some(ActiveAccount { writer: Some(_), .. }));
        let Some((_, journal)) = self.journal.as_ref().filter(|_| may) else {
            let refused = if self.account.is_some() { read_only() } else { signed_out() };
            return Some(failed_event(id, refused));
        };
        match &self.audit {
            // Its line was asked for before this, and has to be there.
            Some(audit) if audit.is_required() => {
                self.awaiting_audit.insert(id, (write, at));
                audit.clear(id);
            }
            _ => journal.begin(id, write, at),
        }
        None
    }

    /// Releases a write whose record is on the disk. After the wait the mode or the
    /// account may have changed.
    fn send_write(&mut self, id: RequestId) -> Result<(), Failure> {
        let write = self.receipts.remove(&id).ok_or_else(read_only)?.write();
        let account = self.account.as_ref().ok_or_else(signed_out)?;
        let writer = account.writer.as_ref().ok_or_else(read_only)?;
        write_note(&Note::changed(id, &write));
        writer.try_send(id, write).map_err(|why| {
            let happened = format!("it could not be submitted, and nothing was sent: {why}");
            refusal(Cause::ConnectionLost, &happened, "Try again.")
        })
    }
}

fn failed_event(id: RequestId, failure: Failure) -> api::Event {
    api::Event::Done { id, result: Err(failure), clock_offset: None }
}

/// Returns the failure of a change without a permit.
fn read_only() -> Failure {
    let happened = "this console is read-only, and nothing was sent";
    refusal(Cause::Forbidden, happened, ":rw allows creating keys.")
}

/// Returns the failure of a request without an account.
fn signed_out() -> Failure {
    let happened = "not signed in; nothing was sent";
    refusal(Cause::Credentials, happened, "p signs in.")
}

fn refusal(cause: Cause, happened: &str, advice: &str) -> Failure {
    let (happened, advice) = (happened.into(), advice.into());
    Failure { cause, happened, advice, trace: None, doubt: Doubt::NotSent }
}

#[cfg(test)]
mod tests;
