//! Carries out commands of the region map: marking, mapping, taking back.

use tui_input::Input;

use crate::{
    api::RequestId,
    domain::{
        geography::Scope,
        on_ramp::OnRamp,
        region::{Edit, LayerOwner, Selector},
    },
    ui::{
        input::motion::{DOWN, UP},
        model::{
            Model, Purpose,
            command::{self, Binding, Call, command},
            context::Context,
            modal::{CLOSE, Modal},
            msg::Effect,
        },
        state::{
            browse::Pane,
            key::{
                Code::{BackTab, Down, Enter, Esc, F, Tab, Up},
                char, plain,
            },
            view_id::ViewId,
        },
    },
};

use super::{
    mapping::{Choice, Mapping, Subject, Width},
    mapping_view::asks,
};

/// Maps what is under the cursor.
#[rustfmt::skip]
pub(in crate::ui) const MAP: Binding =
    command("on-ramp.map", "Map the selected country, metro or on-ramp (or the marked ones) to a region; rename or remove a region. Shows first which on-ramps move.", open).hint("map").when(may_map).bind(&[char('m')]);

/// Takes the last mapping back.
#[rustfmt::skip]
pub(in crate::ui) const UNDO: Binding =
    command("undo", "Undo the last region mapping (restores the file).", undo).hint("undo mapping").when(may_undo).bind(&[char('u')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: command::Scope = command::Scope::new("mapping", "Region mapping", &[&[
    command("mapping.save", "Save the selected choice to the shown file.", save).hint("save").bind(&[plain(Enter)]),
    DOWN.doc("Go down the choices.").hint("down").bind(&[plain(Down)]),
    UP.hint("up").bind(&[plain(Up)]),
    command("mapping.widen", "Map the location, its metro or its country.", |context, _| context.change_top(widen)).hint("wider place").when(has_widths).bind(&[plain(Tab), plain(BackTab)]),
    command("mapping.other-file", "Save to the other file: your own or the team's.", choose_other_file).hint("other file").when(has_another_file).bind(&[plain(F(2))]),
    CLOSE.doc("Close without mapping.").hint("back").bind(&[plain(Esc)]),
]]);

/// On something that may have a region. That changes nothing at Megaport, so
/// it needs no mode.
fn may_map(model: &Model) -> bool {
    model.place == ViewId::Browse && model.engine.has_inventory()
}

/// Returns whether a mapping can be undone.
fn may_undo(model: &Model) -> bool {
    may_map(model) && model.mapping.undos > 0
}

/// Returns whether there is another file to write a mapping to.
fn has_another_file(model: &Model) -> bool {
    model.regions.layers().iter().filter(|layer| !layer.fixed).count() > 1
}

/// Returns whether what is mapped can be named more widely.
fn has_widths(model: &Model) -> bool {
    let Some(open) = model.modals.on_top::<Mapping>() else { return false };
    matches!(&open.subject, Subject::Places(widths) if widths.len() > 1)
}

fn widen(open: &mut Mapping) {
    if let Subject::Places(widths) = &open.subject {
        open.width = (open.width + 1) % widths.len().max(1);
    }
}

fn choose_other_file(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(open) = context.modals.on_top::<Mapping>() else { return vec![] };
    let layers = context.regions.layers();
    let mut others = (1..=layers.len()).map(|by| (open.layer + by) % layers.len());
    let other = others.find(|at| !layers[*at].fixed).unwrap_or(open.layer);
    context.change_top(|open: &mut Mapping| open.layer = other)
}

/// Opens the dialog on what is under the cursor, or marked.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(subject) = subject(context) else {
        let says = "Nothing to map here: select a place, a region or an on-ramp.";
        context.say(says);
        return vec![];
    };
    // The user's own file, if there is a team's too.
    let layers = context.regions.layers();
    let Some(layer) = layers.iter().rposition(|layer| !layer.fixed) else {
        context.say("No regions file can be saved here.");
        return vec![];
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
    context.modals_mut().push(open);
    vec![]
}

fn subject(model: &Model) -> Option<Subject> {
    let browse = &model.browse;
    let places = |widths: Vec<Width>| (!widths.is_empty()).then_some(Subject::Places(widths));
    if model.visit.is_some() {
        return places(Width::mappings_of(model.current()));
    }
    let scope = &browse.scope;
    if browse.focus == Pane::OnRamps {
        if browse.marks.is_empty() {
            return places(Width::mappings_of(model.current()));
        }
        let marked = model.engine.inventory().on_ramps().iter();
        return places(Width::mappings_of(marked.filter(|one| browse.marks.contains(&one.id))));
    }
    // Only the filters of the focused pane and of those outside of it count.
    let here = |pane| browse.focus >= pane;
    match scope {
        Scope { region: Some(Some(name)), .. } if here(Pane::Region) => {
            Some(Subject::Region(name.clone()))
        }
        Scope { region: Some(None), .. } if here(Pane::Region) => {
            places(Width::mappings_of(within(model)))
        }
        Scope { metro: Some(metro), .. } if here(Pane::Metro) && !metro.name.is_empty() => {
            let metro = (Selector::Metro(metro.name.clone()), metro.name.to_string());
            places(Width::new(vec![metro]).into_iter().collect())
        }
        Scope { country: Some(Some(country)), metro: None, .. } => {
            let country = (Selector::Country(country.clone()), country.name().to_owned());
            places(Width::new(vec![country]).into_iter().collect())
        }
        Scope { country: Some(None), .. } | Scope { metro: Some(_), .. } => {
            places(Width::mappings_of(within(model)))
        }
        _ => None,
    }
}

/// Returns the on-ramps that the panes are narrowed to.
fn within(model: &Model) -> impl Iterator<Item = &OnRamp> {
    model.geography.within(&model.browse.scope).map(|at| &model.engine.inventory().on_ramps()[at])
}

/// Has the choice under the cursor written.
fn save(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(open) = context.modals.on_top::<Mapping>() else { return vec![] };
    if open.saving.is_some() {
        return vec![];
    }
    let (Some(choice), Some(preview)) = (open.chosen(context), open.preview(context)) else {
        context.say(asks(open));
        return vec![];
    };
    let preview = match preview {
        Ok(preview) if !preview.idle => preview,
        Ok(_) => {
            context.say("The file already has this mapping: nothing to save.");
            return vec![];
        }
        Err(why) => {
            context.say(format!("Not here: {why}."));
            return vec![];
        }
    };
    let (what, moved, layer) = (open.says(), preview.moves.len(), open.layer);
    let place = context.regions.layers().get(layer).map_or_else(String::new, |layer| {
        if layer.whose == LayerOwner::Memory {
            "In memory only.".to_owned()
        } else {
            format!("In {}.", layer.file)
        }
    });
    let did = match choice {
        Choice::Region(name) | Choice::New(name) => format!("{name} has {what}"),
        Choice::Unmapped => format!("No region has {what} now"),
        Choice::Rename(name) => format!("{what} is renamed to {name}"),
        Choice::Remove => format!("{what} is removed"),
    };
    let undo = context.keyed("{key:undo}: undo.");
    let says = format!("{did} (on-ramps moved: {moved}). {undo} {place}");
    let id = context.new_request_id(Purpose::Map);
    if let Some(open) = context.modals_mut().on_top_mut::<Mapping>() {
        open.saving = Some((id, preview.edit.clone(), says));
    }
    vec![Effect::Map(id, layer, preview.edit)]
}

/// Takes the last edit back.
fn undo(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.awaits(Purpose::Map) {
        return vec![];
    }
    let id = context.new_request_id(Purpose::Map);
    vec![Effect::Unmap(id)]
}

/// Returns whether this request has the edit of the dialog written.
fn saves(open: &dyn Modal, id: RequestId) -> bool {
    let open = open.as_kind::<Mapping>();
    open.and_then(|open| open.saving.as_ref()).is_some_and(|(saving, ..)| *saving == id)
}

/// Closes the dialog of a saved edit; the cursor follows a region to its new name.
pub(in crate::ui) fn saved(context: &mut Context<'_>, id: RequestId) {
    let saving = context.modals_mut().all_mut::<Mapping>().find_map(|open| {
        let (_, edit, says) = open.saving.as_ref().filter(|(saving, ..)| *saving == id)?;
        Some((edit.clone(), says.clone()))
    });
    let Some((edit, says)) = saving else {
        let says = context.keyed("The mapping is saved. {key:undo} undoes it.");
        context.say(says);
        return;
    };
    context.modals_mut().retain(|open| !saves(open, id));
    context.say(says);
    let (browse, ..) = context.browse_mut();
    if let Edit::Rename { from, to } = edit
        && browse.scope.region.as_ref() == Some(&Some(from))
    {
        browse.scope.region = Some(Some(to));
    }
    browse.marks.clear();
}

/// Reports that nothing was written: its dialog can be used again.
pub(in crate::ui) fn not_saved(context: &mut Context<'_>, id: RequestId) {
    for open in context.modals_mut().all_mut::<Mapping>() {
        open.saving.take_if(|(saving, ..)| *saving == id);
    }
}
