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
            context::Context,
            msg::Effect,
        },
        state::{keys::RowKey, view_id::ViewId},
    },
};

/// Exports the table of the view as CSV.
pub(in crate::ui) const CSV: Command =
    command("table.export-csv", "Export the shown table as CSV, without keys.", |context, _| {
        write(context, FileFormat::Csv)
    })
    .typed(&["export", "export csv"], "export the shown table as CSV, without keys");

/// The same as JSON.
pub(in crate::ui) const JSON: Command =
    command("table.export-json", "Export the shown table as JSON, without keys.", |context, _| {
        write(context, FileFormat::Json)
    })
    .typed(&["export json"], "export the shown table as JSON, without keys");

/// Has the table of the view written; the keys view has one, and the on-ramps.
fn write(context: &mut Context<'_>, form: FileFormat) -> Vec<Effect> {
    if !context.engine.has_inventory()
        || context.place == ViewId::Keys && !context.engine.inventory().keys_known()
    {
        context.say("No data yet: nothing was exported.");
        return vec![];
    }
    let (name, table) = match context.place {
        ViewId::Keys => ("keys", keys(context)),
        ViewId::Browse => ("on-ramps", on_ramps(context)),
        ViewId::Activity | ViewId::Events => {
            let says = context
                .keyed("Only on-ramps and keys can be exported: {key:go.places} or {key:go.keys}.");
            context.say(says);
            return vec![];
        }
    };
    let rows = count(table.rows.len(), "row");
    context.say(format!("Exporting {rows} of {name}…"));
    vec![Effect::Export(context.server_now(), name, Box::new(table), form)]
}

/// Returns the rows of `table` whose first value is one of `shown`, in that order.
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
    let print = |of: &RowKey| match of {
        RowKey::Listed(id) => Fingerprint::of_key(id),
        RowKey::Remembered(print) => *print,
    };
    picked(all, model.key_list.rows().map(|row| print(&row.of).to_string()))
}

/// Reports the path of the export, or why it was not written.
pub(in crate::ui) fn apply_export_written(
    context: &mut Context<'_>,
    written: Result<SafeText, SafeText>,
) -> Vec<Effect> {
    match written {
        Ok(path) => {
            context.say(format!("Exported to {path} (without keys)."));
            let how = "as a table, without keys".into();
            vec![context.audit_of(Act::HandedOver { keys: vec![], how, to: path })]
        }
        Err(why) => {
            context.say(format!("Nothing was exported: {why}."));
            vec![]
        }
    }
}
