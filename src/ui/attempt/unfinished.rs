//! Draws the list of unfinished work: keys being created, in doubt, or unseen, and
//! changes with an unknown outcome.

use ratatui::{buffer::Buffer, style::Modifier};

use crate::{
    domain::ledger::State,
    engine::{
        attempt::{Attempt, AttemptStage, LOOKS, Sign},
        open_change::UnconfirmedChange,
    },
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        screen::{attempt_text, frame, journal_text},
        state::position::Position,
        widget::{
            text::{clip, clock, count, date_time},
            theme::Role,
        },
    },
};

use super::list_commands;

/// The lines of one entry.
const TALL: u16 = 3;

/// An entry of the list.
pub(in crate::ui) enum Entry<'a> {
    /// A key.
    Key(&'a Attempt),
    /// A change.
    Change(&'a UnconfirmedChange),
}

/// Returns every entry, keys first.
pub(in crate::ui) fn entries(model: &Model) -> Vec<Entry<'_>> {
    let keys = model.engine.attempts().iter().map(Entry::Key);
    keys.chain(model.engine.journal().changes.iter().map(Entry::Change)).collect()
}

pub(in crate::ui) fn draw(model: &Model, cursor: usize, buffer: &mut Buffer) {
    let area = frame::open(model, "Unfinished work", frame::SIZE, Role::Warn, buffer);
    let theme = model.theme;
    let says = if model.engine.journal().changes.is_empty() {
        "These requests are not settled. Nothing is sent automatically."
    } else {
        "These requests are not settled. Nothing is sent automatically; Enter on a change \
         confirms that you have seen it."
    };
    let why_unusable = journal_text::why_unusable(model.engine.journal());
    let head = why_unusable.iter().map(|(role, says)| (*role, says.as_str()));
    let head = head.chain([(Role::Plain, says)]);
    let head: Vec<_> =
        head.flat_map(|(role, says)| frame::sentence(theme, role, says, area.width)).collect();
    frame::lines(&head, area, buffer);
    let top = area.y + u16::try_from(head.len()).unwrap_or(1) + 1;
    let entries = entries(model);
    let cursor = cursor.min(entries.len().saturating_sub(1));
    let shown = usize::from(area.bottom().saturating_sub(top) / TALL).max(1);
    let first = (cursor + 1).saturating_sub(shown);
    let room = usize::from(area.width);
    let entries = entries.iter().enumerate().skip(first).take(shown);
    for (y, (n, one)) in (top..).step_by(usize::from(TALL)).zip(entries) {
        if y >= area.bottom() {
            return;
        }
        let (name, what, (role, state)) = match one {
            Entry::Key(one) => of_key(model, one),
            Entry::Change(open) => of_change(model, open),
        };
        let mark = if n == cursor { "> " } else { "  " };
        let name = format!("{mark}{name}");
        let mut style = theme.style(Role::Strong);
        if n == cursor {
            style = style.add_modifier(Modifier::REVERSED);
        }
        buffer.set_stringn(area.x, y, clip(&name, room), room, style);
        let below = [(Role::Quiet, format!("  {what}")), (role, format!("  {state}"))];
        for ((role, says), y) in below.iter().zip(y + 1..area.bottom()) {
            buffer.set_stringn(area.x, y, clip(says, room), room, theme.style(*role));
        }
    }
}

/// Returns its label, its on-ramp, and its state.
fn of_key(model: &Model, one: &Attempt) -> (String, String, (Role, String)) {
    let intent = &one.standing.intent;
    let vlan = intent.vlan().map_or("multi-use".to_owned(), |vlan| format!("VLAN {vlan}"));
    let at = date_time(one.standing.sent_at.unwrap_or(intent.prepared_at));
    let what = format!("{}  {vlan}  {at}  {}", intent.on_ramp_name, intent.for_whom.customer);
    let (role, mut state) = state(model, one);
    if let Some(half) = attempt_text::half_in_words(model, intent.part) {
        state = format!("{state}; {half}");
    }
    (intent.order.label().to_string(), what, (role, state))
}

/// Returns the same of a change.
fn of_change(model: &Model, open: &UnconfirmedChange) -> (String, String, (Role, String)) {
    let change = &open.change.alteration;
    let what = format!("{}  requested: {}", date_time(open.change.begun_at), change.what);
    if let Some(running) = &open.elsewhere {
        let says = format!("another console is working on it: {running}");
        return (format!("change of {}", change.name), what, (Role::Plain, says));
    }
    let state = match (searched_change(model, open), open.state_now(model.engine.inventory())) {
        (Some(searched), now) => {
            let now = now.map_or_else(String::new, |now| format!("; now: {now}"));
            return (format!("change of {}", change.name), what, (Role::Warn, searched + &now));
        }
        (None, Some(now)) => (Role::Warn, format!("Now: {now}")),
        (None, None) => (Role::Warn, "it may be done; not checked since it was sent".to_owned()),
    };
    (format!("change of {}", change.name), what, state)
}

/// Describes when a change is next read.
fn searched_change(model: &Model, open: &UnconfirmedChange) -> Option<String> {
    let search = open.search()?;
    let when = match search.due_at() {
        Some(at) => format!("next check {}", clock(at.shifted(model.engine.clock_offset()))),
        None if search.is_asking() => "being read now".to_owned(),
        None => model.keyed("{key:refresh} refreshes it"),
    };
    Some(format!("not known yet, {when}"))
}

/// Describes its state.
fn state(model: &Model, one: &Attempt) -> (Role, String) {
    let made = matches!(one.standing.state, State::Created(_));
    if let Some(running) = &one.elsewhere {
        return (Role::Plain, format!("another console is working on it: {running}"));
    }
    let pair = one.standing.intent.completes_a_pair();
    let (role, says) = match &one.stage {
        AttemptStage::Writing(_) if one.standing.attempts > 0 => {
            (Role::Plain, "recording a new attempt; the previous one has been sent")
        }
        AttemptStage::Writing(_) => (Role::Plain, "recording; nothing has been sent"),
        AttemptStage::Waiting if pair => (Role::Warn, "never sent"),
        AttemptStage::Waiting => (Role::Plain, "confirmed, never sent: no key was created"),
        AttemptStage::Sending => (Role::Plain, "sent; waiting for the reply"),
        AttemptStage::Looking { .. } if made => (Role::Good, "created; reading its key"),
        AttemptStage::Looking { .. } => return searched(one),
        AttemptStage::Maybe(_) => (Role::Warn, "possible matches found: Enter to select yours"),
        AttemptStage::Several(_) => (Role::Bad, "two keys for one request: Enter shows them"),
        AttemptStage::NotMade(_) if pair && one.is_refused() => (Role::Warn, "refused"),
        AttemptStage::NotMade(_) if one.is_refused() => (Role::Plain, "Megaport refused it"),
        AttemptStage::NotMade(_) if pair => (Role::Warn, "it was not sent"),
        AttemptStage::NotMade(_) => (Role::Plain, "nothing was created"),
        AttemptStage::Made(_) => (Role::Good, "created: Enter shows its key"),
        AttemptStage::Vanished => (Role::Warn, "created, no longer listed: it may be in use"),
    };
    let waits = model.engine.may_be_sent_from(one.standing.intent.id);
    let waits = waits.filter(|_| pair && one.may_be_sent());
    let waits = waits.map(|from| {
        let sends = model.keyed("; {key:attempt.send-again} sends it");
        format!("{sends} {}", attempt_text::from_in_words(model, from))
    });
    (role, format!("{says}{}", waits.unwrap_or_default()))
}

fn searched(one: &Attempt) -> (Role, String) {
    let search = &one.search;
    let says = match &search.sign {
        Some(Sign::InUse(name)) => format!("may already be in use, by circuit {name}"),
        Some(Sign::Foreign(label)) => format!("another key, {label}, has its VLAN"),
        None if search.asking => "it may exist: searching…".to_owned(),
        None if search.answered == 0 => "it may exist: the keys could not be read yet".to_owned(),
        None if search.planned < LOOKS.len() => {
            format!(
                "it may exist: not found in {}, still searching",
                count(search.answered, "check")
            )
        }
        None => format!("not found in {}: Enter shows what to do", count(search.answered, "check")),
    };
    (Role::Warn, says)
}

/// Every request that is open, and every change in doubt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unfinished {
    /// The line with the cursor.
    pub cursor: usize,
}

impl Modal for Unfinished {
    fn scope(&self) -> &'static Scope {
        &list_commands::UNFINISHED
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self.cursor, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let all = entries(model).len();
        Some(Position::of_list(self.cursor, all, all))
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at;
    }

    fn allows_reads(&self, _: &Model) -> bool {
        true
    }
}
