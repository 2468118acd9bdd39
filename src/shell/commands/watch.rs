//! `onramp keys watch`: checks keys until they are used, and prints what happens.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{Cause, Failure},
    domain::{
        drift,
        export::Value,
        fingerprint::Fingerprint,
        inventory::Inventory,
        key_usage::{Remembered, Survey},
        watch::{Records, Until},
        words::{count, date_time, iso, span},
    },
    shell::{
        account::AccountSelection,
        console::signals,
        exit::ExitError,
        stdio,
        store::{
            exports::Object,
            journal::{self, JournalContent},
        },
    },
};

use super::{
    session::{ReadSession, exit_error},
    watch_set::{KeyNews, WatchSet},
};

/// The keys to watch, and the form of the news.
#[derive(Debug, Clone, Default)]
pub struct WatchOptions {
    /// Until when.
    pub until: Until,
    /// The timeout of the watch.
    pub timeout: Option<Duration>,
    /// Whether news is printed as JSON.
    pub json: bool,
    /// Labels, tags or fingerprints; without any, the keys that this host created.
    pub names: Vec<String>,
}

/// The wait after the first of several failed checks, and the longest wait.
const RETRY_DELAY: Duration = Duration::from_secs(15);
const RETRY_DELAY_MAX: Duration = Duration::from_secs(300);

/// Watches keys until what is waited for has come to all of them.
pub async fn watch_keys(wanted: &AccountSelection, plan: &WatchOptions) -> Result<(), ExitError> {
    let session = ReadSession::open(wanted).await?;
    let journal = journal::read(&session.journal);
    let reopen = Some(wanted.clone());
    let made = Remembered::of_ledger(&journal.ledger);
    let mut watching = Watch {
        session,
        reopen,
        plan,
        journal,
        made,
        keys: None,
        real_delay: |wait| wait,
        out: Box::new(stdio::print_stdout),
    };
    tokio::select! {
        ended = watching.run_with_timeout() => ended,
        number = signals::first_signal() => Err(ExitError::Signal(number)),
    }
}

/// A watch in progress.
struct Watch<'p> {
    session: ReadSession,
    /// The account, to be opened once more where its secret was rotated.
    reopen: Option<AccountSelection>,
    plan: &'p WatchOptions,
    journal: JournalContent,
    /// The keys that this host has created.
    made: BTreeMap<Fingerprint, Remembered>,
    keys: Option<WatchSet>,
    /// The actual wait; tests shorten it.
    real_delay: fn(Duration) -> Duration,
    /// The output for news.
    out: Box<Output>,
}

/// Takes a line of news.
type Output = dyn FnMut(&str) -> Result<(), ExitError> + Send;

impl Watch<'_> {
    async fn run_with_timeout(&mut self) -> Result<(), ExitError> {
        match self.plan.timeout {
            None => self.run().await,
            Some(most) => match tokio::time::timeout(most, self.run()).await {
                Ok(ended) => ended,
                Err(_) => match &self.keys {
                    Some(watch_set) => watch_set.exit_state(),
                    None => Err(ExitError::TimedOut("no key could be checked in time".to_owned())),
                },
            },
        }
    }

    async fn run(&mut self) -> Result<(), ExitError> {
        if let Some(why) = &self.journal.trouble {
            // Which keys this host made decides what is watched.
            let says = format!("keys created on this host may be missing: {why}");
            if self.plan.names.is_empty() {
                return Err(ExitError::Failed(says));
            }
            stdio::print_stderr(&format!("onramp: {says}\n"));
        }
        let mut inventory = self.start_watching().await?;
        let (mut turn, mut failures) = (0, 0);
        loop {
            let Some(watch_set) = &self.keys else { return Ok(()) };
            let Some(interval) = watch_set.interval(self.session.now()) else {
                return watch_set.exit_state();
            };
            let pause = self.session.take_pause();
            self.sleep(interval.max(retry_delay(failures)).max(pause)).await;
            match self.check_keys(&mut inventory, turn).await {
                Ok(latest) => {
                    self.print_news(&latest)?;
                    (turn, failures) = (turn + 1, 0);
                }
                Err(failure) => {
                    self.report_failure(&failure, failures).await?;
                    failures += 1;
                }
            }
        }
    }

    async fn start_watching(&mut self) -> Result<Inventory, ExitError> {
        let mut failures = 0;
        let (inventory, unread) = loop {
            match self.session.read_inventory().await {
                Ok(read) => break read,
                // It is not known that the key pair was ever valid.
                Err(failure) if failure.cause == Cause::Credentials => {
                    return Err(exit_error(&failure));
                }
                Err(failure) => {
                    self.report_failure(&failure, failures).await?;
                    failures += 1;
                    let pause = self.session.take_pause();
                    self.sleep(retry_delay(failures).max(pause)).await;
                }
            }
        };
        let now = self.session.now();
        let drifted = drift::of_ledger(&inventory, &self.journal.ledger);
        let survey = Survey {
            inventory: &inventory,
            remembered: &self.made,
            drifted: &drifted,
            unread: unread.keys,
            now,
        };
        let (watch_set, latest) = WatchSet::find_keys(&survey, &self.plan.names, self.plan.until)?;
        let interval = watch_set.interval(self.session.now());
        let pending = count(watch_set.pending_count(), "key");
        stdio::print_stderr(&match interval {
            Some(interval) => format!("watching {pending}, a check every {}\n", span(interval)),
            None => "no key left to watch\n".to_owned(),
        });
        self.keys = Some(watch_set);
        self.print_news(&latest)?;
        Ok(inventory)
    }

    /// Reads the keys, and the circuits whose turn it is.
    async fn check_keys(
        &mut self,
        inventory: &mut Inventory,
        turn: usize,
    ) -> Result<Vec<KeyNews>, Failure> {
        let keys = self.session.read_keys().await?;
        let unread = keys.unread.len();
        let waiting = self.keys.iter().flat_map(WatchSet::waiting);
        let mut records = Records::due(inventory, waiting, self.session.now(), turn);
        if let Records::Only(ids) = &records {
            for id in ids.clone() {
                match self.session.read_on_ramp(&id).await {
                    Ok(on_ramp) => inventory.put_on_ramp(on_ramp, self.session.now()),
                    // It may be gone: the whole list shows that.
                    Err(failure) if failure.cause == Cause::NotFound => records = Records::All,
                    Err(failure) => return Err(failure),
                }
            }
        }
        if records == Records::All {
            let read = self.session.read_on_ramps().await?;
            *inventory = Inventory::with_unread(read.entries, read.unread.len());
        }
        let now = self.session.now();
        inventory.set_keys(keys.entries, unread, self.session.read_at());
        self.read_journal_again();
        let drifted = drift::of_ledger(inventory, &self.journal.ledger);
        let remembered = &self.made;
        let survey = Survey { inventory, remembered, drifted: &drifted, unread, now };
        let latest = self.keys.as_mut().map(|watch_set| watch_set.compare_keys(&survey));
        Ok(latest.unwrap_or_default())
    }

    /// Applies the new journal lines of a console of this host: its own changes were
    /// not made elsewhere. A journal that cannot be read now stays as it was.
    fn read_journal_again(&mut self) {
        let journal = journal::read(&self.session.journal);
        if journal.trouble.is_none() {
            self.journal = journal;
        }
    }

    /// Reports a failed check, and watching continues. If the key pair is refused, its
    /// secret is read again, once.
    async fn report_failure(&mut self, failure: &Failure, failures: u32) -> Result<(), ExitError> {
        let says = failure.in_full();
        if failure.cause != Cause::Credentials {
            stdio::print_stderr(&format!("onramp: a check failed: {says} Watching continues.\n"));
            return Ok(());
        }
        match &self.reopen {
            Some(wanted) if failures == 0 => {
                stdio::print_stderr("onramp: the API key was refused; reading its secret again\n");
                self.session = ReadSession::open(wanted).await?;
                Ok(())
            }
            _ => Err(exit_error(failure)),
        }
    }

    async fn sleep(&self, span: Duration) {
        tokio::time::sleep((self.real_delay)(span)).await;
    }

    fn print_news(&mut self, latest: &[KeyNews]) -> Result<(), ExitError> {
        for one in latest {
            let line = self.format_news(one)?;
            (self.out)(&line)?;
        }
        Ok(())
    }

    /// Formats a piece of news as one line.
    fn format_news(&self, KeyNews { print, news }: &KeyNews) -> Result<String, ExitError> {
        let Some(kept) = self.keys.as_ref().and_then(|watch_set| watch_set.get(*print)) else {
            return Ok(String::new());
        };
        let (memory, now) = (&kept.memory, self.session.now());
        let says = news.describe();
        if !self.plan.json {
            let label =
                if memory.label.is_empty() { print.to_string() } else { memory.label.to_string() };
            return Ok(format!("{}  {label}  {says}\n", date_time(now)));
        }
        let text = |text: &str| Value::Text(text.to_owned());
        let circuit = kept.reading.circuit();
        let of_circuit = |value: Option<&str>| value.map_or(Value::Nothing, text);
        let columns = [
            "at",
            "event",
            "says",
            "fingerprint",
            "label",
            "on_ramp_uid",
            "on_ramp",
            "state",
            "done",
            "circuit_uid",
            "circuit",
            "circuit_status",
        ];
        let values = [
            iso(now).map_or(Value::Nothing, Value::Text),
            text(news.name()),
            Value::Text(says),
            Value::Text(print.to_string()),
            text(memory.label.as_str()),
            text(memory.on_ramp.as_str()),
            text(memory.on_ramp_name.as_str()),
            text(kept.reading.word.name()),
            Value::Is(kept.met),
            of_circuit(circuit.map(|one| one.id.as_str())),
            of_circuit(circuit.map(|one| one.name.as_str())),
            of_circuit(circuit.map(|one| one.status.word())),
        ];
        let line = serde_json::to_string(&Object(&columns, &values));
        line.map(|line| line + "\n").map_err(|error| ExitError::Failed(format!("JSON: {error}")))
    }
}

/// Returns the shortest wait after so many failed checks.
fn retry_delay(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        n => (RETRY_DELAY * 2_u32.saturating_pow(n.min(8) - 1)).min(RETRY_DELAY_MAX),
    }
}

#[cfg(test)]
mod tests;
