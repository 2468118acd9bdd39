//! The message line: one word at a time, the worst first.

use std::time::Duration;

use crate::{
    api::Mode,
    engine::{attempt::AttemptStage, journal::Readiness},
    ui::{
        attempt::unfinished::Unfinished,
        keys::watch,
        model::{Access, Model},
        screen::{feed_text, region_text},
        state::browse::Pane,
        system::second_keys,
        widget::{
            text::{self, count},
            theme::Role,
        },
    },
};

/// Returns its present text and role.
pub(in crate::ui) fn news(model: &Model) -> (Role, String) {
    if let Some(notice) = &model.notice {
        return (Role::Strong, notice.clone());
    }
    let urgent = about_access(model).or_else(|| about_attempt(model)).or_else(|| about_keys(model));
    let urgent = urgent.or_else(|| about_reading(model));
    urgent.unwrap_or_else(|| about_the_rest(model))
}

/// Reports that no account is open.
fn about_access(model: &Model) -> Option<(Role, String)> {
    match &model.access {
        Access::Open => {}
        Access::Opening { name, since, program, .. } => {
            let spent = text::span(model.now().since(*since));
            let waits = program.map_or_else(String::new, |most| {
                format!("; waiting up to {} for its program", text::span(most))
            });
            return Some((Role::Warn, format!("Opening {name}: {spent}{waits}")));
        }
        Access::Closed(Some(why)) => {
            return Some((
                Role::Bad,
                format!("! Not signed in: {why}. {}", model.keyed("{key:accounts}: accounts")),
            ));
        }
        Access::Closed(None) => {
            return Some((Role::Quiet, model.keyed("Not signed in. {key:accounts}: accounts")));
        }
    }
    None
}

/// Reports a request that needs attention and that no dialog shows.
fn about_attempt(model: &Model) -> Option<(Role, String)> {
    if let Some(issuing) = model.engine.active_attempt()
        && !model.modals.iter().any(|open| open.shows(issuing.standing.intent.id))
    {
        let label = issuing.standing.intent.order.label();
        let what = match issuing.stage {
            AttemptStage::NotMade(_) if issuing.is_refused() => "was refused",
            AttemptStage::NotMade(_) | AttemptStage::Waiting => "is not created",
            AttemptStage::Made(_) => "was created",
            _ => "may exist",
        };
        return Some((
            Role::Bad,
            format!("! The key {label} {what}. {}", model.keyed("Press {key:problems} to see it.")),
        ));
    }
    None
}

/// Reports the news of keys.
fn about_keys(model: &Model) -> Option<(Role, String)> {
    if let Some(alarm) = second_keys::banner(model) {
        return Some((Role::Bad, alarm));
    }
    if let Some((seen, more)) = watch::unread(model) {
        let more = if more > 1 { format!(" ({} more)", more - 1) } else { String::new() };
        let keys = model.keyed("{key:go.keys}: keys");
        let says = format!("{}: {}{more}. {keys}", seen.label, seen.news.describe());
        return Some((Role::Accent, says));
    }
    None
}

/// Reports the data being read, or a failure to read it.
fn about_reading(model: &Model) -> Option<(Role, String)> {
    if let Some(loading) = loading(model) {
        return Some((Role::Warn, loading));
    }
    if model.engine.mode() == Mode::ReadWrite
        && model.engine.journal().readiness == Readiness::Opening
    {
        return Some((
            Role::Warn,
            "Opening the journal. Keys can be created once it is open.".to_owned(),
        ));
    }
    let troubles = [("On-ramps", model.engine.products()), ("Keys", model.engine.keys())];
    let failed: Vec<_> =
        troubles.iter().filter_map(|(what, load)| Some((what, load.failure.as_ref()?))).collect();
    match failed[..] {
        [] => {}
        [(what, failure)] => {
            return Some((Role::Bad, format!("! {} {what}: {failure}", again(model))));
        }
        [(_, failure), ..] => {
            return Some((Role::Bad, format!("! {} On-ramps and keys: {failure}", again(model))));
        }
    }
    None
}

/// Reports unfinished work and contradictions, else the number of on-ramps and keys.
fn about_the_rest(model: &Model) -> (Role, String) {
    // What a dialog shows needs no other word.
    let shown = |id| model.modals.iter().any(|open| open.shows(id));
    let hidden =
        model.engine.attempts().iter().filter(|one| !shown(one.standing.intent.id)).count();
    let listed = model.modals.has::<Unfinished>();
    let changes = if listed { 0 } else { model.engine.journal().changes.len() };
    match model.engine.unread() {
        0 if hidden == 0 && changes > 0 => {
            (Role::Bad, format!("! {} unfinished. {}", count(changes, "change"), more(model)))
        }
        0 if hidden > 0 => {
            (Role::Bad, format!("! {} unfinished. {}", count(hidden, "key"), more(model)))
        }
        0 if model.engine.journal().has_problem() => (Role::Bad, journal_trouble(model)),
        0 if model.engine.audit().has_problem() => {
            (Role::Bad, format!("! Problem with the audit log. {}", more(model)))
        }
        0 if model.engine.inventory().missing_keys() > 0 => {
            let missing = count(model.engine.inventory().missing_keys(), "key");
            let says =
                format!("! Megaport's list lacks {missing} listed before; reading it again.");
            (Role::Warn, format!("{says} {}", more(model)))
        }
        0 if !model.engine.drifted().is_empty() => {
            let keys = count(model.engine.drifted().len(), "key");
            let says = format!(
                "! {keys} changed outside this host's record. {}",
                model.keyed("{key:go.keys}: keys")
            );
            (Role::Warn, says)
        }
        0 => {
            let outage = feed_text::banner(model).map(|says| (Role::Bad, says));
            let waits = || Some((Role::Warn, feed_text::waiting(model)?));
            let found = outage.or_else(|| clash(model)).or_else(|| region_text::banner(model));
            let found = found.or_else(waits);
            found.unwrap_or_else(|| (Role::Quiet, summary(model)))
        }
        n => {
            let (entries, contradict) =
                (count(n, "entry"), if n == 1 { "contradicts" } else { "contradict" });
            let says = format!(
                "! {entries} of Megaport's lists could not be read, or {contradict} others."
            );
            (Role::Warn, format!("{says} {}", more(model)))
        }
    }
}

/// Names the key that shows more.
fn more(model: &Model) -> String {
    model.keyed("{key:problems}: more")
}

/// Names the keys that read again, and show more.
fn again(model: &Model) -> String {
    model.keyed("{key:refresh}: try again, {key:problems}: more.")
}

/// Reports two unused keys on one VLAN (of two agents); the program takes no action.
fn clash(model: &Model) -> Option<(Role, String)> {
    let (on_ramp, vlan) = model.engine.inventory().clashes().next()?;
    let says = format!("! More than one unused key has VLAN {vlan} of {}.", on_ramp.name);
    Some((Role::Bad, format!("{says} {}", more(model))))
}

/// Describes the state of the journal in a line.
fn journal_trouble(model: &Model) -> String {
    let journal = model.engine.journal();
    let is_unusable = matches!(journal.readiness, Readiness::Unusable(_));
    let says = match (is_unusable, journal.is_read) {
        (true, false) => "The journal cannot be read: requests may be unfinished.",
        (true, true) => "The journal cannot be written: no key can be created.",
        (false, _) => "Problem with the journal.",
    };
    format!("! {says} {}", more(model))
}

/// How long a list that is already on the screen may be read without a message.
const QUIETLY: Duration = Duration::from_secs(3);

/// Describes the data being read, if the user waits for it: a background read covers no
/// other message, unless it is slow.
fn loading(model: &Model) -> Option<String> {
    let (what, &(_, since, bytes)) =
        [("on-ramps", model.engine.products()), ("keys", model.engine.keys())]
            .into_iter()
            .find_map(|(what, load)| {
                let asked = load.asked.as_ref()?;
                let waits = load.by_hand || load.read_at.is_none() || load.failure.is_some();
                (waits || model.now().since(asked.1) >= QUIETLY).then_some((what, asked))
            })?;
    let spent = text::span(model.now().since(since));
    let read = if bytes > 0 { format!(", {}", text::bytes(bytes)) } else { String::new() };
    Some(format!("Reading {what} from {}: {spent}{read}", model.session.reached()))
}

fn summary(model: &Model) -> String {
    if !model.engine.has_inventory() {
        return String::new();
    }
    let on_ramps = count(model.engine.inventory().on_ramps().len(), "on-ramp");
    let places = model.browse.entries(Pane::Country);
    let places = count(places, "country");
    let keys = if model.engine.inventory().keys_known() {
        count(model.engine.inventory().key_count(), "service key")
    } else {
        "keys not read yet".to_owned()
    };
    format!("{on_ramps} in {places}, {keys}. {}", model.session.reached())
}
