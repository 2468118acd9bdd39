//! `onramp on-ramps list` and `onramp keys list`.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::{
    domain::{
        audit::{Act, KeyMark},
        drift,
        export::{self, FileFormat, Table, Value},
        geography::Geography,
        key_usage::{Remembered, Survey},
        time::Timestamp,
    },
    shell::{account::AccountSelection, exit::Ending, journal, regions, say, state},
};

use super::{
    asker::{Asker, failed},
    handover::{self, create},
    plain, trail,
};

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Aligned columns for a person.
    Plain,
    /// One JSON array.
    Json,
    /// Comma-separated values.
    Csv,
}

/// Prints every on-ramp.
pub async fn on_ramps(
    wanted: &AccountSelection,
    map: Option<&Path>,
    form: Form,
) -> Result<(), Ending> {
    let map = regions::load(map)?;
    let mut asker = Asker::open(wanted).await?;
    let (mut inventory, unread) = asker.everything().await.map_err(|failure| failed(&failure))?;
    if inventory.on_ramps().iter().any(|on_ramp| on_ramp.site.lacks_place()) {
        asker.complete_sites(&mut inventory).await;
    }
    let table = export::on_ramps(&inventory, &Geography::of(inventory.on_ramps(), &map));
    print(&table, plain::ON_RAMPS, form)?;
    unread.ending(None)
}

/// Prints every key; the keys themselves only with `include_keys`.
pub async fn keys(wanted: &AccountSelection, form: Form, include_keys: bool) -> Result<(), Ending> {
    if include_keys && std::io::stdout().is_terminal() {
        let says = "--include-keys does not print to a terminal, which keeps what it shows: \
                    send it to a file or a program";
        return Err(Ending::Usage(says.to_owned()));
    }
    let mut asker = Asker::open(wanted).await?;
    let (inventory, unread) = asker.everything().await.map_err(|failure| failed(&failure))?;
    let journal = journal::read(&asker.journal);
    let remembered = Remembered::of_ledger(&journal.ledger);
    let survey = Survey {
        inventory: &inventory,
        remembered: &remembered,
        drifted: &drift::of_ledger(&inventory, &journal.ledger),
        unread: unread.keys,
        now: asker.now(),
    };
    let table = export::keys(&survey, include_keys);
    if include_keys {
        let (place, setting) = asker.audit.clone();
        let keys = inventory.keys().map(KeyMark::of).collect();
        let (how, to) = ("as a list, in clear".into(), "standard output".into());
        trail::note(place, setting, asker.now(), Act::HandedOver { keys, how, to }).await?;
    }
    print(&table, &plain::keys(include_keys), form)?;
    unread.ending(journal.trouble)
}

/// Writes a table of that name into a new file in the state directory; its path.
pub fn export(
    now: Timestamp,
    name: &str,
    table: &Table,
    form: FileFormat,
) -> Result<PathBuf, Ending> {
    let (end, text) = match form {
        FileFormat::Csv => ("csv", export::csv(table)),
        FileFormat::Json => ("json", json(table)?),
    };
    let directory = state::open().map_err(Ending::Failed)?;
    create(directory.join(handover::name(name, now, end)), &text)
}

fn print(table: &Table, columns: &[plain::Column], form: Form) -> Result<(), Ending> {
    say::print(&match form {
        Form::Plain => plain::lines(table, columns),
        Form::Json => json(table)?,
        Form::Csv => export::csv(table),
    })
}

/// The table as a JSON array of objects, one on a line.
pub(super) fn json(table: &Table) -> Result<String, Ending> {
    let rows = table.rows.iter().map(|row| serde_json::to_string(&Object(&table.columns, row)));
    let rows: Result<Vec<_>, _> = rows.collect();
    let rows = rows.map_err(|error| Ending::Failed(format!("JSON: {error}")))?;
    Ok(if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) })
}

/// A row with the names of its columns, which keep their order.
pub(super) struct Object<'a>(pub(super) &'a [&'static str], pub(super) &'a [Value]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter().zip(self.1) {
            match value {
                Value::Nothing => map.serialize_entry(name, &())?,
                Value::Is(yes) => map.serialize_entry(name, yes)?,
                Value::Number(number) => map.serialize_entry(name, number)?,
                Value::Text(text) => map.serialize_entry(name, text)?,
                Value::Texts(texts) => map.serialize_entry(name, texts)?,
            }
        }
        map.end()
    }
}
