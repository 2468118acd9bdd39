//! Handing over to the next shift: what it has to know, into a file.

use crate::{
    domain::{audit::Act, shift_report::Shift, text::SafeText, words::count},
    ui::model::{
        Model,
        command::{Call, Command, command},
        context::Context,
        msg::Effect,
    },
};

/// Writes the shift report.
pub(in crate::ui) const WRITE: Command = command(
    "shift-report",
    "Shift report: what the next shift must know, as a file (keys masked).",
    write,
)
.typed(&["shift-report", "handover"], "write the shift report");

/// Has it written, as far as everything is known.
fn write(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if !context.engine.inventory().keys_known() {
        context.say("The keys have not been read yet: no report was written.");
        return vec![];
    }
    context.say("Writing the shift report…");
    let shift = Shift {
        whose: SafeText::clean(&context.session.whose()),
        survey: context.engine.survey(),
        made: context.engine.remembered().values().collect(),
        open: context.engine.attempts().iter().map(|one| &one.standing).collect(),
        changes: context.engine.journal().changes.iter().map(|open| &open.change).collect(),
        lost: context.engine.journal().lost.len(),
        missing: missing(context),
    };
    vec![Effect::HandOver(context.server_now(), shift.markdown())]
}

/// Describes the data missing in it.
fn missing(model: &Model) -> Option<SafeText> {
    let unread = model.engine.unread();
    let entries = (unread > 0).then(|| format!("{} could not be read", count(unread, "entry")));
    let journal = model
        .engine
        .journal()
        .has_problem()
        .then(|| "the journal on this host has a problem".to_owned());
    let says: Vec<_> = entries.into_iter().chain(journal).collect();
    (!says.is_empty()).then(|| SafeText::clean(&says.join(", ")))
}

/// Hears where it is, or why it is nowhere.
pub(in crate::ui) fn apply_report_written(
    context: &mut Context<'_>,
    written: Result<SafeText, SafeText>,
) -> Vec<Effect> {
    match written {
        Ok(path) => {
            context.say(format!("Shift report written to {path} (keys masked)."));
            let how = "as a shift report, masked".into();
            vec![context.audit_of(Act::HandedOver { keys: vec![], how, to: path })]
        }
        Err(why) => {
            context.say(format!("No shift report was written: {why}."));
            vec![]
        }
    }
}
