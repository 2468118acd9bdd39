//! `onramp keys watch`: looks at keys until they are used, and says what
//! happens.

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
    session::{Asker, failed},
    watch_set::{Told, Vigil},
};

/// What is watched, and how that is told.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Until when.
    pub until: Until,
    /// How long at most.
    pub timeout: Option<Duration>,
    /// Whether news is told as JSON.
    pub json: bool,
    /// Labels, tags or fingerprints; without any, what this host made.
    pub names: Vec<String>,
}

/// How long to wait after the first of several failed looks, and at most.
const AGAIN: Duration = Duration::from_secs(15);
const AT_MOST: Duration = Duration::from_secs(300);

/// Watches keys until what is waited for has come to all of them.
pub async fn watch(wanted: &AccountSelection, plan: &Plan) -> Result<(), ExitError> {
    let asker = Asker::open(wanted).await?;
    let journal = journal::read(&asker.journal);
    let reopen = Some(wanted.clone());
    let made = Remembered::of_ledger(&journal.ledger);
    let mut watching = Watching {
        asker,
        reopen,
        plan,
        journal,
        made,
        vigil: None,
        pace: |wait| wait,
        out: Box::new(stdio::print_stdout),
    };
    tokio::select! {
        ended = watching.in_time() => ended,
        number = signals::first_signal() => Err(ExitError::Signal(number)),
    }
}

/// A watch under way.
struct Watching<'p> {
    asker: Asker,
    /// The account, to be opened once more where its secret was rotated.
    reopen: Option<AccountSelection>,
    plan: &'p Plan,
    journal: JournalContent,
    /// The keys that this host has made.
    made: BTreeMap<Fingerprint, Remembered>,
    vigil: Option<Vigil>,
    /// How long a wait really is; tests have no time.
    pace: fn(Duration) -> Duration,
    /// Where news goes.
    out: Box<Out>,
}

/// Takes a line of news.
type Out = dyn FnMut(&str) -> Result<(), ExitError> + Send;

impl Watching<'_> {
    async fn in_time(&mut self) -> Result<(), ExitError> {
        match self.plan.timeout {
            None => self.run().await,
            Some(most) => match tokio::time::timeout(most, self.run()).await {
                Ok(ended) => ended,
                Err(_) => match &self.vigil {
                    Some(vigil) => vigil.ending(),
                    None => {
                        Err(ExitError::TimedOut("no key could be looked at in time".to_owned()))
                    }
                },
            },
        }
    }

    async fn run(&mut self) -> Result<(), ExitError> {
        if let Some(why) = &self.journal.trouble {
            // Which keys this host made decides what is watched.
            let says = format!("what this host made may be missing: {why}");
            if self.plan.names.is_empty() {
                return Err(ExitError::Failed(says));
            }
            stdio::print_stderr(&format!("onramp: {says}\n"));
        }
        let mut inventory = self.first_look().await?;
        let (mut turn, mut failures) = (0, 0);
        loop {
            let Some(vigil) = &self.vigil else { return Ok(()) };
            let Some(interval) = vigil.interval(self.asker.now()) else {
                return vigil.ending();
            };
            let pause = self.asker.take_pause();
            self.wait(interval.max(again(failures)).max(pause)).await;
            match self.look(&mut inventory, turn).await {
                Ok(told) => {
                    self.tell(&told)?;
                    (turn, failures) = (turn + 1, 0);
                }
                Err(failure) => {
                    self.missed(&failure, failures).await?;
                    failures += 1;
                }
            }
        }
    }

    async fn first_look(&mut self) -> Result<Inventory, ExitError> {
        let mut failures = 0;
        let (inventory, unread) = loop {
            match self.asker.everything().await {
                Ok(read) => break read,
                // Nothing tells that the key pair was ever good.
                Err(failure) if failure.cause == Cause::Credentials => {
                    return Err(failed(&failure));
                }
                Err(failure) => {
                    self.missed(&failure, failures).await?;
                    failures += 1;
                    let pause = self.asker.take_pause();
                    self.wait(again(failures).max(pause)).await;
                }
            }
        };
        let now = self.asker.now();
        let drifted = drift::of_ledger(&inventory, &self.journal.ledger);
        let survey = Survey {
            inventory: &inventory,
            remembered: &self.made,
            drifted: &drifted,
            unread: unread.keys,
            now,
        };
        let (vigil, told) = Vigil::begin(&survey, &self.plan.names, self.plan.until)?;
        let interval = vigil.interval(self.asker.now());
        let pending = count(vigil.pending_count(), "key");
        stdio::print_stderr(&match interval {
            Some(interval) => format!("watching {pending}, a look every {}\n", span(interval)),
            None => "nothing is left to wait for\n".to_owned(),
        });
        self.vigil = Some(vigil);
        self.tell(&told)?;
        Ok(inventory)
    }

    /// Reads the keys, and those circuits whose turn it is.
    async fn look(&mut self, inventory: &mut Inventory, turn: usize) -> Result<Vec<Told>, Failure> {
        let keys = self.asker.keys().await?;
        let unread = keys.unread.len();
        let waiting = self.vigil.iter().flat_map(Vigil::waiting);
        let mut records = Records::due(inventory, waiting, self.asker.now(), turn);
        if let Records::Of(ids) = &records {
            for id in ids.clone() {
                match self.asker.on_ramp(&id).await {
                    Ok(on_ramp) => inventory.put_on_ramp(on_ramp, self.asker.now()),
                    // It may be gone: the whole list tells.
                    Err(failure) if failure.cause == Cause::NotFound => records = Records::All,
                    Err(failure) => return Err(failure),
                }
            }
        }
        if records == Records::All {
            let read = self.asker.on_ramps().await?;
            *inventory = Inventory::with_unread(read.entries, read.unread.len());
        }
        let now = self.asker.now();
        inventory.set_keys(keys.entries, unread, self.asker.read_at());
        self.read_journal_again();
        let drifted = drift::of_ledger(inventory, &self.journal.ledger);
        let remembered = &self.made;
        let survey = Survey { inventory, remembered, drifted: &drifted, unread, now };
        let told = self.vigil.as_mut().map(|vigil| vigil.look(&survey));
        Ok(told.unwrap_or_default())
    }

    /// Takes over what a console of this host has written since: what it changed was
    /// not changed elsewhere. A journal that cannot be read now stays as it was.
    fn read_journal_again(&mut self) {
        let journal = journal::read(&self.asker.journal);
        if journal.trouble.is_none() {
            self.journal = journal;
        }
    }

    /// A look that failed: it is said, and watching goes on. Where the key
    /// pair is refused, its secret is read again, once.
    async fn missed(&mut self, failure: &Failure, failures: u32) -> Result<(), ExitError> {
        let says = failure.in_full();
        if failure.cause != Cause::Credentials {
            stdio::print_stderr(&format!("onramp: a look failed: {says} Watching goes on.\n"));
            return Ok(());
        }
        match &self.reopen {
            Some(wanted) if failures == 0 => {
                stdio::print_stderr("onramp: the key pair was refused; its secret is read again\n");
                self.asker = Asker::open(wanted).await?;
                Ok(())
            }
            _ => Err(failed(failure)),
        }
    }

    async fn wait(&self, span: Duration) {
        tokio::time::sleep((self.pace)(span)).await;
    }

    fn tell(&mut self, told: &[Told]) -> Result<(), ExitError> {
        for one in told {
            let line = self.line(one)?;
            (self.out)(&line)?;
        }
        Ok(())
    }

    /// One piece of news on one line.
    fn line(&self, Told { print, news }: &Told) -> Result<String, ExitError> {
        let Some(kept) = self.vigil.as_ref().and_then(|vigil| vigil.get(*print)) else {
            return Ok(String::new());
        };
        let (memory, now) = (&kept.memory, self.asker.now());
        let says = news.in_words();
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

/// How long to wait at least after so many failed looks.
fn again(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        n => (AGAIN * 2_u32.saturating_pow(n.min(8) - 1)).min(AT_MOST),
    }
}

#[cfg(test)]
mod tests;
