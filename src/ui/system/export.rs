//! The table on the screen, into a file: what is shown, in the order it is
//! shown, and no key.

use crate::{
    domain::{
        audit::Act,
        export::{self, FileFormat, Table, Value},
        fingerprint::Fingerprint,
        text::SafeText,
        words::count,
    },
    ui::{
        model::{
            Model,
            command::{Command, command},
            msg::Effect,
        },
        state::{keys::Of, view_id::Place},
    },
};

/// Exports the table of the view as CSV.
pub(in crate::ui) const CSV: Command = command(
    "table.export-csv",
    "Write the table shown into a file, as CSV, without keys.",
    |model, _| write(model, FileFormat::Csv),
)
.typed(&["export", "export csv"], "write the table shown, as CSV, without keys");

/// The same as JSON.
pub(in crate::ui) const JSON: Command = command(
    "table.export-json",
    "Write the table shown into a file, as JSON, without keys.",
    |model, _| write(model, FileFormat::Json),
)
.typed(&["export json"], "the same as JSON");

/// Has the table of the view written; the keys view has one, and the on-ramps.
fn write(model: &mut Model, form: FileFormat) -> Vec<Effect> {
    if !model.engine.has_inventory()
        || model.place == Place::Keys && !model.engine.inventory().keys_known()
    {
        model.notice = Some("Nothing was read yet: nothing was written.".to_owned());
        return vec![];
    }
    let (name, table) = match model.place {
        Place::Keys => ("keys", keys(model)),
        Place::Browse => ("on-ramps", on_ramps(model)),
        Place::Activity | Place::Events => {
            model.notice = Some("Only on-ramps and keys are exported: 1 or 3.".to_owned());
            return vec![];
        }
    };
    let rows = count(table.rows.len(), "row");
    model.notice = Some(format!("{rows} of {name} are being written…"));
    vec![Effect::Export(model.server_now(), name, Box::new(table), form)]
}

/// The rows of `table` whose first value is one of `shown`, in that order.
fn picked(mut table: Table, shown: impl Iterator<Item = String>) -> Table {
    let first = |row: &Vec<Value>| match row.first() {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let mut rows: std::collections::BTreeMap<String, Vec<Value>> =
        table.rows.drain(..).map(|row| (first(&row), row)).collect();
    table.rows = shown.filter_map(|one| rows.remove(&one)).collect();
    table
}

fn on_ramps(model: &Model) -> Table {
    let all = export::on_ramps(model.engine.inventory(), &model.geography);
    let shown =
        model.browse.rows().iter().filter_map(|at| model.engine.inventory().on_ramps().get(*at));
    picked(all, shown.map(|on_ramp| on_ramp.id.to_string()))
}

fn keys(model: &Model) -> Table {
    let all = export::keys(&model.engine.survey(), false);
    let print = |of: &Of| match of {
        Of::Listed(id) => Fingerprint::of(id),
        Of::Remembered(print) => *print,
    };
    picked(all, model.key_list.rows().map(|row| print(&row.of).to_string()))
}

/// Hears where it is, or why it is nowhere.
pub(in crate::ui) fn apply_export_written(
    model: &mut Model,
    written: Result<SafeText, SafeText>,
) -> Vec<Effect> {
    match written {
        Ok(path) => {
            model.notice = Some(format!("The table, without keys, is in {path}."));
            let how = "as a table, without keys".into();
            vec![model.audit_of(Act::HandedOver { keys: vec![], how, to: path })]
        }
        Err(why) => {
            model.notice = Some(format!("No table was written: {why}."));
            vec![]
        }
    }
}
