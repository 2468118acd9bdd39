//! Performs effects: the only place where the console acts on the world.

use std::{collections::BTreeMap, path::PathBuf};

use tokio::task::AbortHandle;

use crate::{
    api::{
        Cause, Event, Failure, Permit, RequestId, Write, account::Fence, cache::CachedLists,
        journal, regions,
    },
    client::{self, Client, NotTaken, Writer},
    domain::{issuance::Doubt, text::SafeText, time::Timestamp},
    engine::effect as engine,
    simulator::Simulator,
    ui::msg::{Effect, Msg},
};

use super::{
    account::{
        Account,
        service::{self, AccountOptions, AccountService},
    },
    audit::{self, Audit},
    cache::Cache,
    clipboard::{self, ClipboardService},
    clock,
    exit::Ending,
    headless,
    inbox::{Mail, Sender, reporter, task_reporter},
    journal::{Journal, Receipt, Report, Where},
    log::{self, Note},
    notify,
    private::shown,
    regions::RegionsWatcher,
    terminal,
};

/// Performs what the model asked for.
pub(super) struct Executor {
    accounts: AccountService,
    letters: Sender,
    clipboard: ClipboardService,
    line: Option<Line>,
    /// What has to be on the disk before it may happen, and whose it is.
    journal: Option<(Where, Journal)>,
    /// How many journals there were.
    journals: u64,
    /// What is kept of the account's lists; nothing of a demo's.
    cache: Option<Cache>,
    /// Who did what.
    audit: Option<Box<Audit>>,
    /// How many audits there were.
    audits: u64,
    /// What may not go on before the audit has its line, where that is required.
    held: BTreeMap<RequestId, (Write, Timestamp)>,
    /// Who follows and edits the region map.
    regions: Option<RegionsWatcher>,
    /// How many of them there were.
    keepers: u64,
    /// Requests that are on the disk and wait for the model's word.
    receipts: BTreeMap<RequestId, Receipt>,
}

/// The account in use.
struct Line {
    client: Client,
    /// The way to write; there is none in read-only mode.
    writer: Option<Writer>,
    /// The task that forwards what the client tells.
    forwards: AbortHandle,
    /// The embedded simulator lives as long as its account is used.
    _simulator: Option<Simulator>,
}

impl Drop for Line {
    fn drop(&mut self) {
        // What another account still tells is for nobody.
        self.forwards.abort();
    }
}

/// What the event loop itself has to do after an effect.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Then {
    /// Nothing.
    Continue,
    /// Draw every cell.
    Redraw,
    /// Tell the model how a request ended.
    Tell(Event),
    /// Tell the model something else.
    Say(Msg),
    /// Write this to the terminal as it is.
    Write(String),
    /// Give the terminal back and stop until a shell lets the program go on.
    Suspend,
    /// Leave.
    Quit,
}

impl Executor {
    /// An executor without an account.
    pub(super) fn new(options: AccountOptions, letters: Sender) -> Self {
        let receipts = BTreeMap::new();
        let clipboard = ClipboardService::start(task_reporter(letters.clone(), about_clipboard));
        let accounts = AccountService::new(options, task_reporter(letters.clone(), about_account));
        Self {
            accounts,
            letters,
            clipboard,
            line: None,
            journal: None,
            journals: 0,
            cache: None,
            audit: None,
            audits: 0,
            regions: None,
            keepers: 0,
            held: BTreeMap::new(),
            receipts,
        }
    }

    /// Uses `account` from now on, and the one before no more.
    pub(super) fn use_account(&mut self, account: Account) {
        log::note(&Note::started(&account.session));
        let session = &account.session;
        let id = &account.config.credentials.client_id;
        self.keep_journal(match session.fence {
            // Nothing of a demo is worth a file.
            Fence::Demo => Where::Memory,
            fence => Where::of(&fence.to_string(), &session.host, id),
        });
        let memory = session.fence == Fence::Demo;
        let (environment, api) = (session.fence.to_string(), account.config.api_url());
        self.cache = (!memory).then(|| Cache::of(&environment, api, id));
        let place = audit::Where::of(session, id, memory);
        self.keep_audit(place, account.audit);
        self.keepers += 1;
        let number = self.keepers;
        let report = reporter(self.letters.clone(), move |event| Mail::Regions(number, event));
        self.regions = Some(RegionsWatcher::start(account.regions, number, report));
        let (client, mut events) = client::start(account.config);
        let letters = self.letters.clone();
        let task = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                #[cfg(debug_assertions)]
                super::panic_for_test::at("task");
                match &event {
                    Event::Called(called) => {
                        log::note(&Note::Called(called.clone()));
                        continue;
                    }
                    Event::Done { id, result: Err(failure), .. } => {
                        log::note(&Note::failed(*id, failure));
                    }
                    Event::Done { .. } | Event::Progress { .. } | Event::Wait(_) => {}
                }
                if letters.send(Mail::Msg(Msg::Api(event))).await.is_err() {
                    return;
                }
            }
        });
        let forwards = task.abort_handle();
        let line = Line { client, writer: None, forwards, _simulator: account.simulator };
        self.line = Some(line);
    }

    /// Whether the region map of this number is the one in use.
    pub(super) fn keeps(&self, number: u64) -> bool {
        self.regions.as_ref().is_some_and(|keeper| keeper.number() == number)
    }

    /// Keeps the journal of `place` from now on. The model opens it by setting
    /// a mode; that of the same place just goes on.
    fn keep_journal(&mut self, place: Where) {
        if self.journal.as_ref().is_some_and(|(kept, _)| *kept == place) {
            return;
        }
        self.leave_journal();
        self.journals += 1;
        let number = self.journals;
        let report = reporter(self.letters.clone(), move |report| Mail::Journal(number, report));
        let journal = Journal::start(place.clone(), number, report);
        self.journal = Some((place, journal));
    }

    /// Keeps no journal any more. What was asked of it is still done, and the
    /// screen does not wait for that.
    fn leave_journal(&mut self) {
        self.receipts.clear();
        self.held.clear();
        if let Some(journal) = self.journal.take() {
            std::thread::spawn(move || drop(journal));
        }
    }

    /// Takes in what a journal reports; what of it is for the model. That of a
    /// journal that was left is for nobody.
    pub(super) fn hear(&mut self, number: u64, report: Report) -> Option<journal::Event> {
        if self.journal.as_ref().map(|(_, journal)| journal.number()) != Some(number) {
            return None;
        }
        match report {
            Report::Event(told) => Some(told),
            Report::Begun(receipt) => {
                let id = receipt.id();
                self.receipts.insert(id, receipt);
                Some(journal::Event::Begun(id))
            }
        }
    }

    /// Keeps the audit of `place` from now on; that of the same place just goes
    /// on.
    fn keep_audit(&mut self, place: audit::Where, setting: audit::Setting) {
        if self.audit.as_ref().is_some_and(|audit| *audit.place() == place) {
            return;
        }
        self.leave_audit("another account is used");
        self.audits += 1;
        let number = self.audits;
        let report = reporter(self.letters.clone(), move |report| Mail::Audit(number, report));
        let audit = Audit::start(place, setting, number, report);
        self.audit = Some(Box::new(audit));
    }

    /// Keeps no audit any more, and writes down why the session ended. The
    /// screen does not wait for that.
    fn leave_audit(&mut self, how: &str) {
        if let Some(audit) = self.audit.take() {
            audit.end(how);
            std::thread::spawn(move || drop(audit));
        }
    }

    /// Takes in what an audit reports; what of it is for the model. That of an
    /// audit that was left is for nobody.
    pub(super) fn hear_audit(&mut self, number: u64, report: audit::Report) -> Option<Msg> {
        if self.audit.as_ref().map(|audit| audit.number()) != Some(number) {
            return None;
        }
        match report {
            audit::Report::Event(told) => Some(Msg::Audit(told)),
            audit::Report::Clear(id) => {
                if let (Some((write, at)), Some((_, journal))) =
                    (self.held.remove(&id), &self.journal)
                {
                    journal.begin(id, write, at);
                }
                None
            }
            audit::Report::NotClear(id, why) => {
                self.held.remove(&id)?;
                let says = format!("the audit cannot be written, and it is required: {why}");
                Some(Msg::Journal(journal::Event::NotBegun(id, says.as_str().into(), None)))
            }
        }
    }

    /// Whatever makes or changes something is written down first; the journal's
    /// receipt is what [`engine::Effect::Send`] lets out.
    fn write(&mut self, id: RequestId, write: Write, at: Timestamp) -> Then {
        let may = matches!(&self.line, Some(Line { writer: Some(_), .. }));
        let Some((_, journal)) = self.journal.as_ref().filter(|_| may) else {
            let refused = if self.line.is_some() { read_only() } else { signed_out() };
            return not_done(id, refused);
        };
        match &self.audit {
            // Its line was asked for before this, and has to be there.
            Some(audit) if audit.is_required() => {
                self.held.insert(id, (write, at));
                audit.clear(id);
            }
            _ => journal.begin(id, write, at),
        }
        Then::Continue
    }

    /// Lets a write out, or tells why it did not leave.
    fn let_out(&self, id: RequestId, write: Write) -> Then {
        match self.hand_to_client(id, write) {
            Ok(()) => Then::Continue,
            Err(failure) => not_done(id, failure),
        }
    }

    /// Hands a write over to the client. One that has waited may find another
    /// mode, or another account.
    fn hand_to_client(&self, id: RequestId, write: Write) -> Result<(), Failure> {
        let line = self.line.as_ref().ok_or_else(signed_out)?;
        let writer = line.writer.as_ref().ok_or_else(read_only)?;
        log::note(&Note::changed(id, &write));
        writer.try_send(id, write).map_err(|why| {
            let happened = format!("it could not be handed over, and nothing was sent: {why}");
            refusal(Cause::Line, &happened, "Try again.")
        })
    }

    /// Performs what the engine wants done.
    fn perform_engine(&mut self, effect: engine::Effect) -> Result<Then, Ending> {
        match effect {
            engine::Effect::Ask(id, request) => match &self.line {
                Some(line) => {
                    log::note(&Note::asked(id, &request));
                    handed_over(line.client.try_send(id, request))
                }
                None => Ok(not_done(id, signed_out())),
            },
            engine::Effect::Write(id, write, at) => Ok(self.write(id, write, at)),
            engine::Effect::Send(id) => match self.receipts.remove(&id) {
                Some(receipt) => Ok(self.let_out(id, receipt.write())),
                None => Ok(not_done(id, read_only())),
            },
            engine::Effect::Withdraw(id) => {
                if let (Some(receipt), Some((_, journal))) =
                    (self.receipts.remove(&id), &self.journal)
                {
                    journal.withdraw(receipt.named(), clock::now());
                }
                Ok(Then::Continue)
            }
            engine::Effect::Record(record) => {
                if let Some((_, journal)) = &self.journal {
                    journal.record(record);
                }
                Ok(Then::Continue)
            }
            engine::Effect::Audit(at, act) => {
                if let Some(audit) = &self.audit {
                    audit.write(at, act);
                }
                Ok(Then::Continue)
            }
            engine::Effect::AcceptDamage => {
                if let Some((_, journal)) = &self.journal {
                    journal.accept(clock::now());
                }
                Ok(Then::Continue)
            }
            engine::Effect::SetMode(mode) => {
                if let Some(line) = &mut self.line {
                    log::note(&Note::Mode(mode));
                    line.writer = Permit::of(mode).map(|permit| line.client.writer(permit));
                }
                if let Some((_, journal)) = &self.journal {
                    journal.open(mode);
                }
                Ok(Then::Continue)
            }
        }
    }

    /// Performs one effect.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<Then, Ending> {
        match effect {
            Effect::Engine(effect) => self.perform_engine(effect),
            Effect::ReadAudit(id) => {
                if let Some(audit) = &self.audit {
                    audit.read(id);
                }
                Ok(Then::Continue)
            }
            Effect::Notify(says) => Ok(Then::Write(notify::sequence(&says))),
            Effect::Clipboard(id, what) => Ok(match self.clipboard.ask(id, what) {
                Some(verdict) => Then::Say(Msg::Clipboard(id, verdict)),
                None => Then::Continue,
            }),
            Effect::Rehearse(orders) => Ok(match &self.line {
                Some(Line { client, .. }) => {
                    let requests = orders.iter().map(|order| client.rehearse(order)).collect();
                    Then::Say(Msg::Rehearsed(requests))
                }
                None => Then::Continue,
            }),
            Effect::Account(id, ask) => {
                self.accounts.ask(id, ask);
                Ok(Then::Continue)
            }
            Effect::AskAttached => Ok(self.ask_attached()),
            Effect::Recall(id) => Ok(self.recall(id)),
            Effect::Save(snapshot) => {
                if let Some(cache) = &self.cache {
                    cache.save(*snapshot);
                }
                Ok(Then::Continue)
            }
            Effect::LeaveOff => {
                self.accounts.leave_off();
                Ok(Then::Continue)
            }
            Effect::Map(id, layer, edit) => Ok(self.map(id, |keeper| keeper.edit(id, layer, edit))),
            Effect::Unmap(id) => Ok(self.map(id, |keeper| keeper.undo(id))),
            Effect::HangUp => {
                (self.line, self.regions, self.cache) = (None, None, None);
                self.leave_audit("another account is used");
                self.leave_journal();
                Ok(Then::Continue)
            }
            file @ (Effect::ReadLog | Effect::HandOver(..) | Effect::Export(..)) => {
                Ok(self.with_files(file))
            }
            Effect::Redraw => Ok(Then::Redraw),
            Effect::Suspend => Ok(Then::Suspend),
            Effect::Quit => Ok(Then::Quit),
        }
    }

    /// Hands something to who keeps the region map.
    fn map(&self, id: RequestId, order: impl FnOnce(&RegionsWatcher)) -> Then {
        let Some(keeper) = &self.regions else {
            let why = "no account is open".into();
            return Then::Say(Msg::Regions(regions::Event::NotSaved(id, why, None)));
        };
        order(keeper);
        Then::Continue
    }

    /// Asks tmux whether any terminal is attached.
    fn ask_attached(&self) -> Then {
        let letters = self.letters.clone();
        tokio::spawn(async move {
            let attached = clipboard::is_attached().await;
            // The inbox is closed only when the console is left.
            drop(letters.send(Mail::Msg(Msg::Attached(attached))).await);
        });
        Then::Continue
    }

    /// Asks for what was kept of the account; of a demo that is nothing.
    fn recall(&self, id: RequestId) -> Then {
        let Some(cache) = &self.cache else {
            return Then::Say(Msg::Recalled(id, CachedLists::default()));
        };
        cache.recall(reporter(self.letters.clone(), move |lists| {
            Mail::Msg(Msg::Recalled(id, lists))
        }));
        Then::Continue
    }

    /// Reads or writes a file that the user asked for.
    fn with_files(&self, effect: Effect) -> Then {
        let told = |written: Result<PathBuf, Ending>| match written {
            Ok(path) => Ok(shown(&path)),
            Err(why) => Err(SafeText::clean(&why.to_string())),
        };
        match effect {
            Effect::HandOver(now, text) => {
                self.apart(move || Msg::HandedOver(told(headless::keep(None, &text, now))))
            }
            Effect::Export(now, name, table, form) => {
                self.apart(move || Msg::Exported(told(headless::export(now, name, &table, form))))
            }
            _ => self.apart(|| Msg::Log(log::tail())),
        }
    }

    /// Does what may block apart from the loop, which hears how it went.
    fn apart(&self, work: impl FnOnce() -> Msg + Send + 'static) -> Then {
        let letters = self.letters.clone();
        // The inbox is closed only when the console is left.
        tokio::task::spawn_blocking(move || {
            drop(letters.blocking_send(Mail::Msg(work())));
        });
        Then::Continue
    }
}

fn about_account(report: service::Report) -> Mail {
    match report {
        service::Report::Answer(id, answer) => Mail::Msg(Msg::Account(id, answer)),
        service::Report::Opened(id, account, opened) => Mail::Opened(id, account, opened),
    }
}

fn about_clipboard(report: clipboard::Report) -> Mail {
    match report {
        clipboard::Report::Done(id, verdict) => Mail::Msg(Msg::Clipboard(id, verdict)),
        clipboard::Report::ForTerminal(id, sequence, verdict) => {
            Mail::ForTerminal(id, sequence, verdict)
        }
    }
}

fn not_done(id: RequestId, failure: Failure) -> Then {
    Then::Tell(Event::Done { id, result: Err(failure), clock_offset: None })
}

fn handed_over(taken: Result<(), NotTaken>) -> Result<Then, Ending> {
    taken.map(|()| Then::Continue).map_err(|refused| {
        terminal::restore();
        Ending::Failed(format!("a request could not be handed over: {refused}"))
    })
}

/// What becomes of a change that nothing permits.
fn read_only() -> Failure {
    let happened = "this console is read-only, and nothing was sent";
    refusal(Cause::Forbidden, happened, ":rw allows making keys.")
}

/// What becomes of a request that no account is there for.
fn signed_out() -> Failure {
    let happened = "nobody is signed in, and nothing was sent";
    refusal(Cause::Credentials, happened, "p signs in.")
}

fn refusal(cause: Cause, happened: &str, advice: &str) -> Failure {
    let (happened, advice) = (happened.into(), advice.into());
    Failure { cause, happened, advice, trace: None, doubt: Doubt::NotSent }
}

#[cfg(test)]
mod tests;

// Every layer at once, against a simulator that goes wrong: here, because only
// children of this room may change the line while it is in use.
#[cfg(test)]
#[path = "../../tests/faults/mod.rs"]
mod faults;
