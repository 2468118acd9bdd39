//! The audit's thread: writes lines, counts those that it could not write, and reads the
//! audit back for the screen.

use std::{collections::VecDeque, path::PathBuf, sync::mpsc::Receiver};

use crate::{
    api::{
        RequestId,
        audit::{Event, State},
    },
    domain::{
        audit::{Act, Fact, Value},
        text::SafeText,
        time::Timestamp,
    },
};

use super::{
    owner::AuditAccount, read, record, setting::AuditSetting, storage::AuditStorage, syslog, who,
};

/// The most acts that wait for the disk; older ones are dropped, and counted.
const UNWRITTEN_MAX: usize = 1024;

/// Opens what the audit is written on.
pub(super) type Open = dyn FnMut() -> Result<Box<dyn AuditStorage>, String> + Send;

/// A report of the thread.
#[derive(Debug)]
pub(in crate::shell) enum AuditReport {
    /// For the model.
    Event(Event),
    /// Everything asked before is written.
    Clear(RequestId),
    /// It is not, and why.
    NotClear(RequestId, SafeText),
}

/// A job for the thread.
#[derive(Debug)]
pub(super) enum Job {
    Write(Box<Act>, Timestamp, Timestamp),
    Clear(RequestId),
    Read(RequestId),
}

/// The state of the audit's thread.
pub(super) struct AuditWorker {
    open: Box<Open>,
    storage: Option<Box<dyn AuditStorage>>,
    /// The facts that every line has about this session.
    facts: Vec<Fact>,
    account: AuditAccount,
    /// Lines that are not written yet.
    unwritten: VecDeque<String>,
    /// The number of dropped acts.
    given_up: usize,
    trouble: Option<String>,
    remark: Option<String>,
    required: bool,
    syslog: Option<PathBuf>,
    /// The last reported state of writing.
    reported: Option<State>,
}

impl AuditWorker {
    /// Returns the state before anything of what `open` opens was written.
    pub(super) fn new(open: Box<Open>, account: AuditAccount, setting: AuditSetting) -> Self {
        let session = ("session", Value::Text(format!("{:08x}", fastrand::u32(..))));
        let facts =
            [session].into_iter().chain(account.facts()).chain(who::author_facts()).collect();
        Self {
            open,
            storage: None,
            facts,
            account,
            unwritten: VecDeque::new(),
            given_up: 0,
            reported: None,
            trouble: None,
            remark: None,
            required: setting.required,
            syslog: setting.syslog.then(|| PathBuf::from(syslog::SOCKET_PATH)),
        }
    }

    /// Does jobs and reports them, until all senders are gone.
    pub(super) fn work(mut self, jobs: &Receiver<Job>, report: impl Fn(AuditReport)) {
        while let Ok(job) = jobs.recv() {
            self.perform(job).into_iter().for_each(&report);
        }
    }

    fn perform(&mut self, job: Job) -> Vec<AuditReport> {
        match job {
            Job::Write(act, at, here) => self.write(&act, at, here),
            Job::Clear(id) => {
                self.flush_unwritten();
                let report = match &self.trouble {
                    None => AuditReport::Clear(id),
                    Some(why) => AuditReport::NotClear(id, SafeText::clean(why)),
                };
                self.state_change().into_iter().chain([report]).collect()
            }
            Job::Read(id) => {
                let page = match self.storage() {
                    Ok(storage) => storage.end(read::PAGE_MAX_BYTES),
                    Err(why) => Err(why),
                };
                let page = read::build_page(page, &self.account);
                vec![AuditReport::Event(Event::Read(id, Box::new(page)))]
            }
        }
    }

    fn write(&mut self, act: &Act, at: Timestamp, here: Timestamp) -> Vec<AuditReport> {
        let members = record::line_members(act, at, here, &self.facts);
        self.unwritten.push_back(members.clone());
        if self.unwritten.len() > UNWRITTEN_MAX {
            self.unwritten.pop_front();
            self.given_up += 1;
        }
        let line = self.flush_unwritten();
        let is_written = self.unwritten.is_empty();
        if let Some(socket) = &self.syslog {
            // A team's log receives it even if this disk is full.
            let line = line.filter(|_| is_written).unwrap_or_else(|| format!("{{{members}}}"));
            let refused = syslog::send(socket, &line, here).err();
            self.remark = self.remark.take().filter(|_| refused.is_none()).or(refused);
        }
        let wrote = is_written.then_some(AuditReport::Event(Event::Wrote));
        self.state_change().into_iter().chain(wrote).collect()
    }

    fn storage(&mut self) -> Result<&mut Box<dyn AuditStorage>, String> {
        if self.storage.is_none() {
            self.storage = Some((self.open)()?);
        }
        self.storage.as_mut().ok_or_else(|| "it is not open".to_owned())
    }

    /// Writes what is owed; the last line that was written.
    fn flush_unwritten(&mut self) -> Option<String> {
        let mut last = None;
        while let Some(members) = self.unwritten.front().cloned() {
            match self.storage().and_then(|storage| storage.append(&members)) {
                Ok(written) => {
                    self.unwritten.pop_front();
                    (last, self.remark, self.trouble) = (Some(written.line), written.remark, None);
                }
                Err(why) => {
                    self.trouble = Some(why);
                    // Another directory may be there by the next act.
                    return last;
                }
            }
        }
        last
    }

    /// Returns the state of writing, if it has changed.
    fn state_change(&mut self) -> Option<AuditReport> {
        let state = State {
            required: self.required,
            trouble: self.trouble.as_deref().map(SafeText::clean),
            unwritten: self.unwritten.len() + self.given_up,
            remark: self.remark.as_deref().map(SafeText::clean),
        };
        if self.reported.as_ref() == Some(&state) {
            return None;
        }
        self.reported = Some(state.clone());
        Some(AuditReport::Event(Event::State(state)))
    }
}
