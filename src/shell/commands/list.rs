//! `onramp on-ramps list` and `onramp keys list`.

use std::{io::IsTerminal as _, path::Path};

use crate::{
    domain::{
        audit::{Act, KeyMark},
        drift,
        export::{self, Table},
        geography::Geography,
        key_usage::{Remembered, Survey},
    },
    shell::{
        account::{AccountSelection, config},
        exit::ExitError,
        stdio,
        store::{exports::json, journal, regions},
    },
};

use super::{
    audit_once,
    session::{ReadSession, exit_error},
    text_table,
};

/// The output format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Aligned columns for reading.
    Plain,
    /// JSON: one array.
    Json,
    /// Comma-separated values.
    Csv,
}

/// Prints every on-ramp.
pub async fn list_on_ramps(
    wanted: &AccountSelection,
    map: Option<&Path>,
    form: OutputFormat,
) -> Result<(), ExitError> {
    let map = regions::load(map, config::region_files)?;
    let mut session = ReadSession::open(wanted).await?;
    let (mut inventory, unread) =
        session.read_inventory().await.map_err(|failure| exit_error(&failure))?;
    if inventory.on_ramps().iter().any(|on_ramp| on_ramp.site.lacks_place()) {
        session.complete_sites(&mut inventory).await;
    }
    let table = export::on_ramps(&inventory, &Geography::new(inventory.on_ramps(), &map));
    print_table(&table, text_table::ON_RAMPS, form)?;
    unread.into_exit(None)
}

/// Prints every key; the keys themselves only with `include_keys`.
pub async fn list_keys(
    wanted: &AccountSelection,
    form: OutputFormat,
    include_keys: bool,
) -> Result<(), ExitError> {
    if include_keys && std::io::stdout().is_terminal() {
        let says = "--include-keys does not print to a terminal (its scrollback keeps the keys): \
            send the output to a file or a program";
        return Err(ExitError::Usage(says.to_owned()));
    }
    let mut session = ReadSession::open(wanted).await?;
    let (inventory, unread) =
        session.read_inventory().await.map_err(|failure| exit_error(&failure))?;
    let journal = journal::read(&session.journal);
    let remembered = Remembered::of_ledger(&journal.ledger);
    let survey = Survey {
        inventory: &inventory,
        remembered: &remembered,
        drifted: &drift::of_ledger(&inventory, &journal.ledger),
        unread: unread.keys,
        now: session.now(),
    };
    let table = export::keys(&survey, include_keys);
    if include_keys {
        let (place, setting) = session.audit.clone();
        let keys = inventory.keys().map(KeyMark::new).collect();
        let (how, to) = ("as a list, in clear text".into(), "standard output".into());
        audit_once::record_act(place, setting, session.now(), Act::HandedOver { keys, how, to })
            .await?;
    }
    print_table(&table, &text_table::key_columns(include_keys), form)?;
    unread.into_exit(journal.trouble)
}

fn print_table(
    table: &Table,
    columns: &[text_table::Column],
    form: OutputFormat,
) -> Result<(), ExitError> {
    stdio::print_stdout(&match form {
        OutputFormat::Plain => text_table::format_table(table, columns),
        OutputFormat::Json => json(table)?,
        OutputFormat::Csv => export::csv(table),
    })
}
