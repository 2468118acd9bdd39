//! Draws a key being created, or the search for it.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    api::{Cause, Failure},
    domain::{
        intent::IntentId, ledger::State, service_key::ServiceKey, text::SafeText, time::Timestamp,
    },
    engine::attempt::{Attempt, AttemptStage, Sign, Window},
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        screen::{attempt_text, frame, journal_text, order_text},
        widget::{
            text::{capital, clock, count, date_time, span},
            theme::{Role, Theme},
        },
    },
};

use super::list_commands;

pub(in crate::ui) fn draw(model: &Model, id: IntentId, buffer: &mut Buffer) {
    let Some(issuing) = model.engine.attempt(id) else { return };
    let theme = model.theme;
    let area = frame::open(model, title(model, issuing), frame::SIZE, role(issuing), buffer);
    let room = area.width;
    let plain = |says: &str| frame::sentence(theme, Role::Plain, says, room);
    let part = issuing.standing.intent.part;
    let half = attempt_text::half_in_words(model, part);
    let mut lines = match &issuing.stage {
        _ if issuing.elsewhere.is_some() => elsewhere(model, issuing, room),
        AttemptStage::Writing(_) if issuing.standing.attempts > 0 => {
            plain("Recording this attempt first. It has not been sent; the previous one has.")
        }
        AttemptStage::Writing(_) => {
            plain("Recording the request first. Nothing has left this host.")
        }
        AttemptStage::Waiting if model.engine.is_checking_second(id) => {
            plain("Checking its VLAN and the keys of its on-ramp once more. It has not been sent.")
        }
        AttemptStage::Waiting => match attempt_text::why_second_stopped(model, id) {
            Some(why) => {
                let says = format!("The second key was not sent: {why}.");
                let mut lines = frame::sentence(theme, Role::Bad, &says, room);
                lines.extend(frame::sentence(
                    theme,
                    Role::Strong,
                    &half_pair(model, issuing),
                    room,
                ));
                lines
            }
            None => waiting(model, issuing, room),
        },
        AttemptStage::Sending => sending(model, issuing, room),
        AttemptStage::Looking { failure, .. } => {
            let mut lines = match failure {
                Some(failure) => failed(theme, failure, None, room),
                None => restarted(model, issuing, room),
            };
            lines.extend(looking(model, issuing, room));
            lines
        }
        AttemptStage::Maybe(keys) => {
            let says = "New keys on this on-ramp that match the request only in part:";
            candidates(model, says, keys, room)
        }
        AttemptStage::Several(keys) => {
            let says = "Only one key was ordered, but each of these has its tag. Disable the one \
                that the customer does not have.";
            candidates(model, says, keys, room)
        }
        AttemptStage::NotMade(failure) => {
            let mut lines = failed(theme, failure, Some(&failure.advice), room);
            if let Some(says) = whose_vlan(model, issuing) {
                lines.extend(frame::sentence(theme, Role::Bad, &says, room));
            }
            if issuing.standing.intent.completes_a_pair() {
                lines.extend(frame::sentence(
                    theme,
                    Role::Strong,
                    &half_pair(model, issuing),
                    room,
                ));
            } else {
                let back =
                    if issuing.is_set_aside { "" } else { " Esc or Enter: back to the form." };
                let says = match model.engine.looked_for_until(id) {
                    // A list may lag, so nothing more is known yet.
                    Some(until) => format!(
                        "No key is listed. The list is read again until {}; the same order can \
                         be sent after that.{back}",
                        clock(server(model, until))
                    ),
                    None => format!("Nothing was created.{back}"),
                };
                lines.extend(frame::sentence(theme, Role::Strong, &says, room));
            }
            lines
        }
        AttemptStage::Made(_) => {
            plain("The key was created. Enter in the list of unfinished work shows it.")
        }
        AttemptStage::Vanished => plain(
            "The key was created and is no longer in the on-ramp's list: a used single-use key \
             leaves the list. Check the circuit on its VLAN. Esc: close this request.",
        ),
    };
    if let Some((role, says)) = journal_text::why_unusable(model.engine.journal()).first() {
        lines.splice(0..0, frame::sentence(theme, *role, says, room));
    }
    let is_said = matches!(issuing.stage, AttemptStage::Waiting | AttemptStage::NotMade(_));
    let is_said = is_said && issuing.standing.intent.completes_a_pair();
    if let Some(half) = half.filter(|_| !is_said) {
        let is_half = model.engine.half_pair_of(id).is_some();
        let card = if is_half { " Esc shows its card." } else { "" };
        let says = format!("Pair: {half}.{card}");
        lines.extend(frame::sentence(theme, Role::Strong, &says, room));
    }
    lines.push(Line::default());
    let order = &issuing.standing.intent.order;
    lines.extend(order_text::order_facts(model, order, room).into_iter().take(5));
    frame::lines(&lines, area, buffer);
}

fn title(model: &Model, issuing: &Attempt) -> &'static str {
    let is_half = model.engine.half_pair_of(issuing.standing.intent.id).is_some();
    match &issuing.stage {
        _ if issuing.elsewhere.is_some() => "Another console is working on it",
        AttemptStage::Writing(_) | AttemptStage::Sending => "Creating the key",
        AttemptStage::Waiting | AttemptStage::NotMade(_) if is_half => {
            "Half pair: the second key is not created"
        }
        AttemptStage::Waiting => "Not sent yet",
        AttemptStage::Looking { .. } if matches!(issuing.standing.state, State::Created(_)) => {
            "The key was created"
        }
        AttemptStage::Looking { .. } => match issuing.search.window {
            Window::Lost => "The key may exist",
            Window::NotProcessed => "Megaport did not process it",
            Window::Refused => "Megaport reports a refusal",
        },
        AttemptStage::Maybe(_) => "Is one of these yours?",
        AttemptStage::Several(_) => "Two keys for one request",
        AttemptStage::NotMade(_) if matches!(issuing.standing.state, State::Refused) => {
            "Megaport refused the key"
        }
        AttemptStage::NotMade(_) => "No key was created",
        AttemptStage::Made(_) => "The key was created",
        AttemptStage::Vanished => "The key is no longer listed",
    }
}

const fn role(issuing: &Attempt) -> Role {
    match &issuing.stage {
        _ if issuing.elsewhere.is_some() => Role::Accent,
        AttemptStage::Writing(_) | AttemptStage::Sending | AttemptStage::Waiting => Role::Accent,
        AttemptStage::Looking { .. } | AttemptStage::Maybe(_) | AttemptStage::Vanished => {
            Role::Warn
        }
        AttemptStage::Several(_) | AttemptStage::NotMade(_) => Role::Bad,
        AttemptStage::Made(_) => Role::Good,
    }
}

fn sending(model: &Model, issuing: &Attempt, room: u16) -> Vec<Line<'static>> {
    let spent = span(model.now().since(issuing.since));
    let says = format!(
        "The request has been sent and cannot be recalled. Waiting for the reply: \
            {spent}."
    );
    frame::sentence(model.theme, Role::Plain, &says, room)
}

/// Describes the work of another console of this user.
fn elsewhere(model: &Model, issuing: &Attempt, room: u16) -> Vec<Line<'static>> {
    let Some(running) = &issuing.elsewhere else { return vec![] };
    let standing = &issuing.standing;
    let at = date_time(standing.sent_at.unwrap_or(standing.intent.prepared_at));
    let so_far = match standing.state {
        State::Prepared => format!("Confirmed {at}, not sent yet"),
        State::Created(_) => format!("Sent {at} and created; its card is open there"),
        State::Unknown => format!(
            "Sent {at}; the key may exist, and that console is searching \
            for it"
        ),
        _ => format!("Sent {at}; that console waits for the reply"),
    };
    let says = format!(
        "{so_far}. Its VLAN is reserved; this console takes no action. The other console: \
         {running}."
    );
    frame::sentence(model.theme, Role::Plain, &says, room)
}

fn waiting(model: &Model, issuing: &Attempt, room: u16) -> Vec<Line<'static>> {
    let at = date_time(issuing.standing.intent.prepared_at);
    let says = if issuing.standing.intent.completes_a_pair() {
        let half = half_pair(model, issuing);
        format!("Confirmed {at}; the console ended before this key was sent. {half}")
    } else {
        format!(
            "Confirmed {at}; the console ended before anything was sent. No key was created. Its \
             VLAN is reserved. {}",
            attempt_text::how_to_complete(model, issuing.standing.intent.id)
        )
    };
    frame::sentence(model.theme, Role::Plain, &says, room)
}

/// Describes the existing part of a pair, and how to complete it.
fn half_pair(model: &Model, issuing: &Attempt) -> String {
    let id = issuing.standing.intent.id;
    let exists = attempt_text::not_created_in_words(model, issuing);
    let first = match model.engine.half_pair_of(id) {
        Some(_) => " Esc shows the first key.",
        None => "",
    };
    format!("{exists}. {}{first}", attempt_text::how_to_complete(model, id))
}

/// Describes what has the VLAN of a request that created nothing, as far as known.
fn whose_vlan(model: &Model, issuing: &Attempt) -> Option<String> {
    let intent = &issuing.standing.intent;
    let vlan = intent.vlan()?;
    let map = model.engine.vlans_without(intent.order.on_ramp(), Some(intent.id))?;
    let holder = map.holder(vlan)?;
    Some(format!("VLAN {vlan} is taken now: {}.", holder.reason()))
}

/// Describes the open work of an earlier session.
fn restarted(model: &Model, issuing: &Attempt, room: u16) -> Vec<Line<'static>> {
    let standing = &issuing.standing;
    let at = date_time(standing.sent_at.unwrap_or(standing.intent.prepared_at));
    let says = match standing.state {
        State::Created(_) => {
            format!("Sent {at} and created; the console ended before its card was closed.")
        }
        _ => format!("Sent {at}; the console ended before the outcome was known."),
    };
    let mut lines = frame::sentence(model.theme, Role::Warn, &says, room);
    lines.push(Line::default());
    lines
}

/// Draws a failure. The advice is shown only where nothing is in doubt: the user must
/// not be asked to retry a request that may have been carried out.
fn failed(
    theme: Theme,
    failure: &Failure,
    advice: Option<&SafeText>,
    room: u16,
) -> Vec<Line<'static>> {
    let happened = format!("{}.", capital(failure.happened.as_str()));
    let mut lines = frame::sentence(theme, Role::Warn, &happened, room);
    if let Some(advice) = advice {
        lines.extend(frame::sentence(theme, Role::Plain, advice.as_str(), room));
    }
    if let Some(trace) = &failure.trace {
        let says = format!("Trace id {trace}, for Megaport support.");
        lines.extend(frame::sentence(theme, Role::Quiet, &says, room));
    }
    lines.push(Line::default());
    lines
}

fn looking(model: &Model, issuing: &Attempt, room: u16) -> Vec<Line<'static>> {
    let (theme, search) = (model.theme, &issuing.search);
    let AttemptStage::Looking { since, .. } = issuing.stage else { return vec![] };
    if since > model.now() {
        let wait = span(since.since(model.now()));
        let refused = search.trouble.as_ref().filter(|why| why.cause == Cause::Credentials);
        let why = match refused {
            Some(why) => {
                let at = clock(server(model, since));
                let why = capital(&why.to_string());
                format!("{why}. Next attempt at {at} (in {wait})")
            }
            None => format!("Megaport asks to wait {wait}"),
        };
        let says = format!("{why}; then this on-ramp's keys are read.");
        return frame::sentence(theme, Role::Strong, &says, room);
    }
    let found = match search.answered {
        0 if search.missing > 0 => {
            let missing = count(search.missing, "key");
            format!(
                "The list lacks {missing} listed before; it is read again before it counts \
                as evidence"
            )
        }
        0 if search.asking => "Checking this on-ramp's keys".to_owned(),
        0 => "This on-ramp's keys could not be read completely yet".to_owned(),
        n => format!("Not in the list after {}", count(n, "check")),
    };
    let next = if search.asking {
        "…".to_owned()
    } else if !search.is_planned_out() {
        let left = issuing.acts_in(model.now()).unwrap_or_default();
        format!(". Next check {}.", clock(model.server_now() + left))
    } else {
        let again = model.keyed("{key:attempt.search}");
        format!(", since {}. It can still appear. {again} checks again.", clock(since))
    };
    let mut lines = frame::sentence(theme, Role::Strong, &format!("{found}{next}"), room);
    let mut say = |role, says: &str| lines.extend(frame::sentence(theme, role, says, room));
    if let Some(trouble) = &search.trouble {
        say(Role::Warn, &format!("The last check failed: {trouble}."));
    }
    if search.unread > 0 {
        let unread = count(search.unread, "entry");
        let says = format!("{unread} of the list could not be read; the key may be among them.");
        say(Role::Warn, &says);
    }
    match &search.sign {
        Some(Sign::InUse(name)) => {
            let says =
                format!("Circuit {name} is on its VLAN: the customer may already use the key.");
            say(Role::Warn, &says);
        }
        Some(Sign::Foreign(label)) => {
            let says = format!(
                "Another key, {label}, has its VLAN now: this request was probably \
                    refused."
            );
            say(Role::Warn, &says);
        }
        None if search.vlan_is_free == Some(false) => {
            say(Role::Warn, "Megaport reports its VLAN as taken; our data shows nothing on it.");
        }
        None => {}
    }
    if search.window == Window::Refused {
        say(Role::Plain, "The refusal is accepted only after the complete list has been read.");
    } else if issuing.may_be_sent() {
        say(Role::Plain, &what_was_seen(issuing));
        let says = model.keyed(
            "{key:attempt.send-again} sends the same order once more, after a review: same VLAN \
             and tag. {key:attempt.ask-reason} closes it with a reason.",
        );
        say(Role::Plain, &says);
    } else {
        let never = "It is never re-sent automatically. Do not create another key before this one is \
             settled.";
        say(Role::Plain, never);
    }
    lines
}

/// Describes the last whole read, for the user who decides by it.
fn what_was_seen(issuing: &Attempt) -> String {
    let search = &issuing.search;
    let Some(seen) = search.seen else { return String::new() };
    let (at, keys) = (clock(seen.at), count(seen.keys, "key"));
    let vlan = issuing.standing.intent.vlan();
    let circuits = match (seen.circuits, vlan) {
        (0, _) => "no circuit".to_owned(),
        (n, Some(vlan)) => format!("{}, none on VLAN {vlan}", count(n, "circuit")),
        (n, None) => count(n, "circuit"),
    };
    let word = match (vlan, search.vlan_can_be_asked) {
        (Some(vlan), true) => format!("Megaport reports VLAN {vlan} as free."),
        _ => "Megaport cannot check VLANs here; only the lists are evidence.".to_owned(),
    };
    let none = if seen.keys == 0 { "" } else { ", none with its tag" };
    format!("Read {at}: {keys} on this on-ramp{none}; {circuits}. {word}")
}

/// Returns a moment of this host's clock, by the server's.
fn server(model: &Model, at: Timestamp) -> Timestamp {
    at.shifted(model.engine.clock_offset())
}

fn candidates(model: &Model, says: &str, keys: &[ServiceKey], room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = frame::sentence(theme, Role::Plain, says, room);
    for (n, key) in (1..=4).zip(keys) {
        let label = if key.label.is_empty() { "no label" } else { key.label.as_str() };
        let made = key.created.map_or_else(|| "at an unknown time".to_owned(), date_time);
        let rate = key.rate.map_or_else(|| "?".to_owned(), |r| r.to_string());
        let says = format!("{n}  {}  {label}  {rate}  created {made}", key.id.masked());
        lines.extend(frame::sentence(theme, Role::Strong, &says, room));
    }
    if keys.len() > 4 {
        let says = format!("and {} more in the on-ramp's list", keys.len() - 4);
        lines.extend(frame::sentence(theme, Role::Strong, &says, room));
    }
    let says = model.keyed(
        "Type the number of your key. If none is yours, {key:attempt.ask-reason} closes the \
         request with a reason.",
    );
    lines.extend(frame::sentence(theme, Role::Plain, &says, room));
    lines
}

/// The dialog of a request to create a key; its state is in the engine.
#[derive(Debug, Clone, Copy)]
pub struct Progress(pub IntentId);

impl Modal for Progress {
    fn scope(&self) -> &'static Scope {
        &list_commands::PROGRESS
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self.0, buffer);
        None
    }

    fn about(&self) -> Option<IntentId> {
        Some(self.0)
    }

    /// Returns whether reads may go on under it: the dialog of a key in doubt relies on
    /// the lists; once the planned reads are over, each list counts as one more.
    fn allows_reads(&self, model: &Model) -> bool {
        model.engine.attempt(self.0).is_some_and(|one| !one.needs_the_line())
    }
}
