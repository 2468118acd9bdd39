//! Carries out commands of the region map: marking, mapping, taking back.

use tui_input::Input;

use crate::{
    domain::{
        geography::Scope,
        on_ramp::OnRamp,
        region::{Edit, Selector, Whose},
    },
    ui::{
        browse::Pane,
        dialog::{
            Dialog,
            mapping::{Choice, Mapping, Subject, Width},
            mapping_view::asks,
        },
        keymap::{Command, Step},
        model::{Model, Purpose},
        msg::Effect,
        place::Place,
    },
};

/// Carries out a command; `None` where it is not one of the map's.
pub(in crate::ui) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    match command {
        Command::Map => open(model),
        Command::Unmap => return Some(undo(model)),
        Command::Mark | Command::MarkAll if in_table(model) => mark(model, command),
        _ => return act_on_dialog(model, command),
    }
    Some(vec![])
}

fn in_table(model: &Model) -> bool {
    model.place == Place::Browse
        && model.visit.is_none()
        && model.dialogs.is_empty()
        && model.browse.focus == Pane::OnRamps
}

fn mark(model: &mut Model, command: Command) {
    if command == Command::MarkAll {
        return model.browse.mark_all(model.engine.inventory());
    }
    model.browse.mark();
    model.browse.move_row(1, model.engine.inventory());
    crate::ui::act::keep_cursor_in_view(model);
}

fn act_on_dialog(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    let Some(Dialog::Mapping(open)) = model.dialogs.last() else { return None };
    let choices = open.choices(model).len();
    let layers = model.regions.layers();
    let next =
        (1..=layers.len()).map(|by| (open.layer + by) % layers.len()).find(|at| !layers[*at].fixed);
    if command == Command::Run {
        return Some(save(model));
    }
    let Some(Dialog::Mapping(open)) = model.dialogs.last_mut() else { return None };
    match command {
        Command::Move(Step::Lines(by)) => {
            let last = choices.saturating_sub(1);
            let to = open.cursor.map_or(0, |at| at.saturating_add_signed(by).min(last));
            open.cursor = (choices > 0).then_some(to);
        }
        Command::Field(_) => {
            if let Subject::Places(widths) = &open.subject {
                open.width = (open.width + 1) % widths.len().max(1);
            }
        }
        Command::Choice(_) => open.layer = next.unwrap_or(open.layer),
        _ => return None,
    }
    Some(vec![])
}

/// Opens the dialog on what is under the cursor, or marked.
fn open(model: &mut Model) {
    let Some(subject) = subject(model) else {
        let says = "Nothing to map here: put the cursor on a place, a region or an on-ramp.";
        model.notice = Some(says.to_owned());
        return;
    };
    // One's own file, where there is a team's too.
    let layers = model.regions.layers();
    let Some(layer) = layers.iter().rposition(|layer| !layer.fixed) else {
        model.notice = Some("There is no file that a mapping could be written to.".to_owned());
        return;
    };
    let layer = match &subject {
        // A region is changed where it is written.
        Subject::Region(name) => {
            let has = |at: &usize| layers[*at].regions.iter().any(|region| region.name == *name);
            (0..layers.len()).rev().find(|at| has(at) && !layers[*at].fixed).unwrap_or(layer)
        }
        Subject::Places(_) => layer,
    };
    let input = match &subject {
        Subject::Region(name) => Input::new(name.to_string()),
        Subject::Places(_) => Input::default(),
    };
    let cursor = matches!(subject, Subject::Region(_)).then_some(0);
    let open = Mapping { subject, width: 0, layer, input, cursor, saving: None };
    model.dialogs.push(Dialog::Mapping(Box::new(open)));
}

fn subject(model: &Model) -> Option<Subject> {
    let browse = &model.browse;
    let places = |widths: Vec<Width>| (!widths.is_empty()).then_some(Subject::Places(widths));
    if model.visit.is_some() {
        return places(Width::of(model.current()));
    }
    let scope = &browse.scope;
    if browse.focus == Pane::OnRamps {
        if browse.marks.is_empty() {
            return places(Width::of(model.current()));
        }
        let marked = model.engine.inventory().on_ramps().iter();
        return places(Width::of(marked.filter(|one| browse.marks.contains(&one.id))));
    }
    // What a pane is not narrowed to, the ones outside of it are.
    let here = |pane| browse.focus >= pane;
    match scope {
        Scope { region: Some(Some(name)), .. } if here(Pane::Region) => {
            Some(Subject::Region(name.clone()))
        }
        Scope { region: Some(None), .. } if here(Pane::Region) => places(Width::of(within(model))),
        Scope { metro: Some(metro), .. } if here(Pane::Metro) && !metro.name.is_empty() => {
            let metro = (Selector::Metro(metro.name.clone()), metro.name.to_string());
            places(Width::new(vec![metro]).into_iter().collect())
        }
        Scope { country: Some(Some(country)), metro: None, .. } => {
            let country = (Selector::Country(country.clone()), country.name().to_owned());
            places(Width::new(vec![country]).into_iter().collect())
        }
        Scope { country: Some(None), .. } | Scope { metro: Some(_), .. } => {
            places(Width::of(within(model)))
        }
        _ => None,
    }
}

/// The on-ramps that the panes are narrowed to.
fn within(model: &Model) -> impl Iterator<Item = &OnRamp> {
    model.geography.within(&model.browse.scope).map(|at| &model.engine.inventory().on_ramps()[at])
}

/// Has the choice under the cursor written.
fn save(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Mapping(open)) = model.dialogs.last() else { return vec![] };
    if open.saving.is_some() {
        return vec![];
    }
    let (Some(choice), Some(preview)) = (open.chosen(model), open.preview(model)) else {
        model.notice = Some(asks(open).to_owned());
        return vec![];
    };
    let preview = match preview {
        Ok(preview) if !preview.idle => preview,
        Ok(_) => {
            model.notice = Some("The file says so already: nothing to save.".to_owned());
            return vec![];
        }
        Err(why) => {
            model.notice = Some(format!("Not here: {why}."));
            return vec![];
        }
    };
    let (what, moved, layer) = (open.says(), preview.moves.len(), open.layer);
    let place = model.regions.layers().get(layer).map_or_else(String::new, |layer| {
        if layer.whose == Whose::Memory {
            "In memory only.".to_owned()
        } else {
            format!("In {}.", layer.file)
        }
    });
    let did = match choice {
        Choice::Region(name) | Choice::New(name) => format!("{name} has {what}"),
        Choice::Unmapped => format!("No region has {what} any more"),
        Choice::Rename(name) => format!("{what} is {name}"),
        Choice::Remove => format!("{what} is removed"),
    };
    let says = format!("{did} ({moved} moved). u: undo. {place}");
    let id = model.new_request_id(Purpose::Map);
    if let Some(Dialog::Mapping(open)) = model.dialogs.last_mut() {
        open.saving = Some((id, preview.edit.clone(), says));
    }
    vec![Effect::Map(id, layer, preview.edit)]
}

/// Takes the last edit back.
fn undo(model: &mut Model) -> Vec<Effect> {
    if model.awaits(Purpose::Map) {
        return vec![];
    }
    let id = model.new_request_id(Purpose::Map);
    vec![Effect::Unmap(id)]
}

/// What was asked for is in its file: its dialog closes, and the cursor follows
/// a region to its new name.
pub(super) fn saved(model: &mut Model, id: crate::api::RequestId) {
    let is = |open: &Dialog| matches!(open, Dialog::Mapping(open) if open.saving.as_ref().is_some_and(|one| one.0 == id));
    let Some(at) = model.dialogs.iter().position(is) else {
        model.notice = Some("The mapping is saved. u takes it back.".to_owned());
        return;
    };
    if let Dialog::Mapping(open) = model.dialogs.remove(at)
        && let Some((_, edit, says)) = open.saving
    {
        model.notice = Some(says);
        if let Edit::Rename { from, to } = edit
            && model.browse.scope.region.as_ref() == Some(&Some(from))
        {
            model.browse.scope.region = Some(Some(to));
        }
    }
    model.browse.marks.clear();
}

/// Nothing was written: its dialog can be used again.
pub(super) fn not_saved(model: &mut Model, id: crate::api::RequestId) {
    for open in &mut model.dialogs {
        if let Dialog::Mapping(open) = open
            && open.saving.as_ref().is_some_and(|one| one.0 == id)
        {
            open.saving = None;
        }
    }
}
