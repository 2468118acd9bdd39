//! The lines of the view: what is unfinished, the keys of today, every act.

use crate::{
    domain::intent::IntentId,
    engine::attempt::{Attempt, AttemptStage},
    ui::{
        model::Model,
        state::activity::{
            RowId,
            group::{Group, State},
        },
        widget::{
            text::{count, date},
            theme::Role,
        },
    },
};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) enum Line {
    /// A heading of the lines below; the cursor skips it.
    Heading(String, Role),
    /// A line that the cursor can be on.
    Row(RowId),
}

/// Returns every line, narrowed by the filter.
pub(in crate::ui) fn all(model: &Model) -> Vec<Line> {
    let view = &model.activity;
    let words: Vec<_> = view.filter.value().split_whitespace().map(str::to_lowercase).collect();
    let fits = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
    let mut lines = vec![];
    let open = model.engine.attempts().iter().filter(|one| fits(&of_issuing(one)));
    let open: Vec<_> = open.map(|one| RowId::Unfinished(one.standing.intent.id)).collect();
    let figure = count(model.engine.attempts().len(), "key");
    section(
        &mut lines,
        format!("Unfinished: {figure} ({} shows them)", model.keyed("{key:problems}")),
        Role::Bad,
        open,
    );
    let today = date(model.server_now());
    let keys: Vec<_> = today_groups(model)
        .filter(|group| fits(&group.haystack))
        .map(|g| RowId::Key(g.last))
        .collect();
    let halves = today_groups(model).filter(|group| is_half(model, group)).count();
    let (halves, role) = match halves {
        0 => (String::new(), Role::Strong),
        n => (format!(", {}", count(n, "half pair")), Role::Bad),
    };
    let made = today_groups(model).filter(|group| group.state == State::Made).count();
    let title = format!("Keys created today, {today} UTC: {made}{halves}");
    section(&mut lines, title, role, keys);
    let acts = view.acts.iter().filter(|(_, text)| fits(text));
    let acts: Vec<_> = acts.map(|(entry, _)| RowId::Act(entry.number)).collect();
    section(&mut lines, "All activity, newest first".to_owned(), Role::Strong, acts);
    lines
}

fn section(lines: &mut Vec<Line>, title: String, role: Role, rows: Vec<RowId>) {
    if !rows.is_empty() {
        lines.push(Line::Heading(title, role));
        lines.extend(rows.into_iter().map(Line::Row));
    }
}

/// Returns the text of an unfinished key that the filter searches.
fn of_issuing(one: &Attempt) -> String {
    let intent = &one.standing.intent;
    let vlan = intent.vlan().map_or_else(String::new, |vlan| vlan.to_string());
    let whom = &intent.for_whom;
    let (label, on_ramp) = (intent.order.label(), &intent.on_ramp_name);
    let (customer, reference) = (&whom.customer, &whom.reference);
    format!("{label} {on_ramp} {vlan} {customer} {reference} {}", state(one).0).to_lowercase()
}

/// Returns the settled intents of today: the others are listed above.
fn today_groups(model: &Model) -> impl Iterator<Item = &Group> {
    let today = date(model.server_now());
    let settled = |group: &&Group| model.engine.attempt(group.intent).is_none();
    model.activity.groups.iter().filter(settled).filter(move |group| date(group.at) == today)
}

/// Returns the recorded entries of an intent, by the number of its last one.
pub(in crate::ui) fn group(model: &Model, last: u64) -> Option<&Group> {
    model.activity.groups.iter().find(|group| group.last == last)
}

/// Returns whether only this one of its pair is created.
pub(in crate::ui) fn is_half(model: &Model, group: &Group) -> bool {
    let Some(order) = &group.order else { return false };
    let is_other = |id: IntentId| id != group.intent;
    let written = model
        .activity
        .groups
        .iter()
        .find(|other| is_other(other.intent) && other.order.as_ref() == Some(order));
    // The engine knows an active attempt better than its log.
    let live = model.engine.attempts().iter().find(|one| {
        let intent = &one.standing.intent;
        let its = intent.part.map(|part| format!("{:016x}", part.order));
        is_other(intent.id) && its.as_ref() == Some(order)
    });
    let other_is_made = match (live, written) {
        (Some(one), _) => Some(matches!(one.stage, AttemptStage::Made(_) | AttemptStage::Vanished)),
        (None, Some(other)) => Some(other.state == State::Made),
        // It is further back than was read.
        (None, None) => None,
    };
    group.state == State::Made && other_is_made == Some(false)
}

/// Returns the state of an unfinished key in a word or two.
pub(in crate::ui) fn state(one: &Attempt) -> (&'static str, Role) {
    match &one.stage {
        AttemptStage::Writing(_) => ("recording", Role::Plain),
        AttemptStage::Waiting => ("never sent", Role::Warn),
        AttemptStage::Sending => ("sent", Role::Plain),
        AttemptStage::Looking { .. } => ("may exist", Role::Bad),
        AttemptStage::Maybe(_) => ("select a match", Role::Bad),
        AttemptStage::Several(_) => ("two keys", Role::Bad),
        AttemptStage::NotMade(_) if one.is_refused() => ("refused", Role::Warn),
        AttemptStage::NotMade(_) => ("not created", Role::Warn),
        AttemptStage::Made(_) => ("created, card not closed", Role::Good),
        AttemptStage::Vanished => ("created, in use?", Role::Warn),
    }
}

/// Returns the position of the cursor: on its line, or on the first one.
pub(in crate::ui) fn cursor(model: &Model, lines: &[Line]) -> Option<usize> {
    let selected = model.activity.selected.as_ref();
    let is = |line: &Line| matches!(line, Line::Row(of) if Some(of) == selected);
    let first = |line: &Line| matches!(line, Line::Row(_));
    lines.iter().position(is).or_else(|| lines.iter().position(first))
}
