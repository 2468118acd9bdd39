//! Handing a key over: what is copied and how that went, what the customer
//! gets to read, and the key over the telephone.

mod copy;
pub(super) mod facts;
pub(super) mod letter;

use tui_input::Input;

use crate::{
    api::{
        RequestId,
        account::Secret,
        clipboard::{Clipboard, Outcome, Verdict},
    },
    domain::{
        audit::{Act, KeyMark, Shown},
        id::KeyId,
    },
};

use super::{
    dialog::{
        Dialog,
        aloud::Aloud,
        card::Card,
        card_view,
        customer_zone::{self, CustomerZone},
        read_back::ReadBack,
    },
    key::{Code, Key},
    keymap::{Command, Step},
    model::{Model, Purpose},
    msg::Effect,
};

/// Carries out a command of the card and of what opens over it; `None` where
/// it is not one of theirs.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Option<Vec<Effect>> {
    let now = model.now();
    match (command, model.dialogs.last_mut()?) {
        (Command::Copy, Dialog::Card(_)) => return Some(copy(model, copy::usual)),
        (Command::CopyOne(at), Dialog::Card(card)) => {
            let Some(face) = card.faces.get(at) else {
                model.notice = Some("That key is not made, or not on this card.".to_owned());
                return Some(vec![]);
            };
            let (id, text) = (face.key.id.clone(), face.key.id.reveal().to_owned());
            return Some(put(model, vec![id], &text));
        }
        (Command::CopyAs, Dialog::Card(_)) => model.dialogs.push(Dialog::CopyAs),
        (Command::CopyForm, Dialog::CopyAs) => {
            model.dialogs.pop();
            let form = match key.code {
                Code::Char('k') => copy::keys,
                Code::Char('l') => copy::lines,
                Code::Char('j') => copy::json,
                _ => copy::letter,
            };
            return Some(copy(model, form));
        }
        (Command::ClearClipboard, Dialog::Card(_)) => {
            let id = model.new_request_id(Purpose::Clipboard);
            return Some(vec![Effect::Clipboard(id, Clipboard::Clear)]);
        }
        (Command::Reveal, Dialog::Card(card)) => {
            card.turn(now);
            if card.is_open(now) {
                let act = Act::revealed(card.faces.iter().map(|face| &face.key), Shown::Card);
                return Some(vec![model.audit_of(act)]);
            }
        }
        (Command::Letter(forward), Dialog::Card(card)) => {
            let all = model.settings.hand_off.letters.len().max(1);
            let by = if forward { 1 } else { all - 1 };
            (card.letter, card.scroll) = ((card.letter + by) % all, 0);
        }
        (Command::Move(Step::Lines(by)), Dialog::Card(_)) => scroll(model, by),
        (Command::ReadAloud, Dialog::Card(card)) => {
            let keys: Vec<_> = card.faces.iter().map(|face| face.key.clone()).collect();
            let act = Act::revealed(&keys, Shown::Aloud);
            model.dialogs.push(Dialog::Aloud(Box::new(Aloud::of(keys))));
            return Some(vec![model.audit_of(act)]);
        }
        (Command::Along(by), Dialog::Aloud(aloud)) => {
            aloud.step(by > 0);
            if aloud.is_through() {
                let id = aloud.key().map(|key| key.id.clone());
                model.never_copied.retain(|key, _| Some(key) != id.as_ref());
            }
        }
        (Command::OtherKey, Dialog::Aloud(aloud)) => aloud.other(),
        (Command::ReadBack, Dialog::Aloud(aloud)) => {
            if let Some(key) = aloud.key().cloned() {
                model.dialogs.push(Dialog::ReadBack(Box::new(ReadBack::of(key))));
            }
        }
        (Command::Alone, Dialog::Card(card)) => {
            let keys: Vec<_> = card.faces.iter().map(|face| face.key.clone()).collect();
            model.never_copied.retain(|id, _| keys.iter().all(|key| key.id != *id));
            let act = Act::revealed(&keys, Shown::Alone);
            model.dialogs.push(Dialog::Alone(keys));
            return Some(vec![model.audit_of(act)]);
        }
        (Command::CustomerZone, Dialog::Card(_)) => {
            model.dialogs.push(Dialog::CustomerZone(CustomerZone::default()));
        }
        (Command::Move(Step::Lines(by)), Dialog::CustomerZone(open)) => open.go(by),
        (Command::Run, Dialog::CustomerZone(_)) => take_zone(model),
        _ => return None,
    }
    Some(vec![])
}

/// Copies the card's keys in one of several forms.
fn copy(model: &mut Model, form: fn(&Model, &Card) -> Result<String, String>) -> Vec<Effect> {
    let Some(Dialog::Card(card)) = model.dialogs.last() else { return vec![] };
    let ids = card.faces.iter().map(|face| face.key.id.clone()).collect();
    match form(model, card) {
        Ok(text) => put(model, ids, &text),
        Err(why) => {
            let verdict = Verdict::new(Outcome::Not, &format!("not copied: {why}"));
            say(model, &verdict);
            vec![]
        }
    }
}

/// Asks for `text`, in which these keys are, to be put into the clipboard.
fn put(model: &mut Model, keys: Vec<KeyId>, text: &str) -> Vec<Effect> {
    let id = model.new_request_id(Purpose::Clipboard);
    model.copying = Some((id, keys));
    vec![Effect::Clipboard(id, Clipboard::Copy(Secret::new(text)))]
}

/// Takes in how it went: it stands on the card until the next copy.
pub(super) fn apply_copy_verdict(
    model: &mut Model,
    id: RequestId,
    verdict: &Verdict,
) -> Vec<Effect> {
    if model.waiting.remove(&id).is_none() {
        return vec![];
    }
    let copied = model.copying.take_if(|(asked, _)| *asked == id);
    let act = verdict_of(model, copied.as_ref().map(|(_, keys)| keys.as_slice()), verdict);
    if let Some((_, keys)) = copied.filter(|_| verdict.outcome != Outcome::Not) {
        model.never_copied.retain(|key, _| !keys.contains(key));
    }
    say(model, verdict);
    vec![model.audit_of(act)]
}

/// How copying these keys went, or clearing the clipboard, for the audit.
fn verdict_of(model: &Model, copied: Option<&[KeyId]>, verdict: &Verdict) -> Act {
    let says = verdict.says.clone();
    let outcome = match (verdict.outcome, copied) {
        (Outcome::Done, _) => "done",
        (Outcome::Sent, _) => "sent",
        (Outcome::Not, Some(_)) => "not copied",
        (Outcome::Not, None) => "not cleared",
    };
    let Some(keys) = copied else { return Act::Cleared { outcome, says } };
    let keys =
        keys.iter().filter_map(|id| model.engine.inventory().key(id)).map(KeyMark::of).collect();
    Act::Copied { keys, outcome, says }
}

/// Shows a verdict on the card, or where there is none any more.
fn say(model: &mut Model, verdict: &Verdict) {
    let mut cards = model.dialogs.iter_mut().rev();
    let card = cards.find_map(|open| if let Dialog::Card(card) = open { Some(card) } else { None });
    match card {
        Some(card) => card.copied = Some(verdict.clone()),
        None => model.notice = Some(verdict.says.to_string()),
    }
}

/// Scrolls the text for the customer.
fn scroll(model: &mut Model, by: isize) {
    let Some(Dialog::Card(card)) = model.dialogs.last() else { return };
    let furthest = card_view::furthest(model, card);
    if let Some(Dialog::Card(card)) = model.dialogs.last_mut() {
        card.scroll = card.scroll.saturating_add_signed(by).min(furthest);
    }
}

/// Takes the time zone under the cursor for the card below.
fn take_zone(model: &mut Model) {
    let Some(Dialog::CustomerZone(open)) = model.dialogs.last() else { return };
    let typed = open.input.value().trim().to_owned();
    let found = customer_zone::find(&typed).into_iter().nth(open.cursor);
    if found.is_none() && !typed.is_empty() {
        model.notice = Some("No time zone has these letters in its name.".to_owned());
        return;
    }
    model.dialogs.pop();
    if let Some(Dialog::Card(card)) = model.dialogs.last_mut() {
        card.zone = found.filter(|_| !typed.is_empty()).map(str::to_owned);
    }
}

/// The text field of the dialog on top, where it is one of these.
pub(super) fn input(model: &mut Model) -> Option<&mut Input> {
    match model.dialogs.last_mut()? {
        Dialog::ReadBack(open) => Some(&mut open.input),
        Dialog::CustomerZone(open) => {
            open.cursor = 0;
            Some(&mut open.input)
        }
        _ => None,
    }
}
