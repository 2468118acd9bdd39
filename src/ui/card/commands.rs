//! Delivery of keys: copying and its result, the text for the customer, and dictation
//! on the telephone.

use crate::{
    api::{
        RequestId,
        account::Secret,
        clipboard::{Clipboard, Outcome, Verdict},
    },
    domain::{
        audit::{Act, Disclosure, KeyMark},
        id::KeyId,
        service_key::ServiceKey,
    },
    ui::{
        input::{
            key_commands,
            motion::{DOWN, UP},
        },
        model::{
            Model, Purpose,
            command::{Call, Scope, command},
            context::Context,
            msg::Effect,
        },
        state::key::{
            Code::{self, BackTab, Down, Enter, Esc, Left, Right, Tab, Up},
            char, plain,
        },
    },
};

use super::{
    bare_keys::BareKeys, copy, copy_as::CopyAs, customer_zone::CustomerZone, dictation::Dictation,
    key_card::Card,
};

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("card", "Key card", &[&[
    command("key.copy", "Copy the key; for a pair, both keys with on-ramp, zone and VLAN.", |context, _| copy_card(context, copy::usual)).hint("copy").when(card_takes_keys).bind(&[char('y'), char('c')]),
    command("key.copy-first", "Pair: copy the first key only.", |context, _| copy_one(context, 0)).hint("first key").when(card_is_of_a_pair).bind(&[char('1')]),
    command("key.copy-second", "Pair: copy the second key only.", |context, _| copy_one(context, 1)).hint("second key").when(card_is_of_a_pair).bind(&[char('2')]),
    command("key.copy-as", "Copy as: keys only, one line each, customer message, or JSON.", open_copy_as).hint("copy as").when(card_takes_keys).bind(&[char('Y')]),
    command("card.close", "Close the card. The key stays in the on-ramp's list, masked.", close_card).hint("close").when(card_takes_keys).bind(&[plain(Enter), plain(Esc), char('q')]),
    command("key.read-aloud", "Read a key aloud, group by group, with a word for every character; then check the read-back.", read_aloud).hint("read aloud").when(card_takes_keys).bind(&[char('s')]),
    command("message.next", "Show the next message format.", |context, _| show_message(context, true)).hint("format").when(card_takes_keys).bind(&[plain(Tab), plain(Right)]),
    command("message.previous", "Show the previous message format.", |context, _| show_message(context, false)).when(card_takes_keys).bind(&[plain(BackTab), plain(Left)]),
    DOWN.doc("Scroll the message down.").when(card_takes_keys).bind(&[char('j'), plain(Down)]),
    UP.doc("Scroll the message up.").when(card_takes_keys).bind(&[char('k'), plain(Up)]),
    command("customer-zone.open", "Set the customer's time zone: the message then gives times in it, too.", open_customer_zone).hint("time zone").when(card_takes_keys).bind(&[char('z')]),
    command("key.mask", "Hide the keys on the screen, or show them for 30 s.", mask_keys).hint("hide").when(card_takes_keys).bind(&[char('.')]),
    command("key.show-alone", "Keys only: each on its own line, to select with the mouse.", show_alone).hint("keys only").when(card_takes_keys).bind(&[char('v')]),
    key_commands::DISABLE.doc("Disable the keys (asks first); a key cannot be deleted.").hint("undo").bind(&[char('u')]),
    key_commands::CHANGE.doc("Change label, rate, VLAN or end of a single key.").bind(&[char('e')]),
    key_commands::ENABLE.doc("Enable the keys again (asks first).").bind(&[char('A')]),
    key_commands::PUT_BACK.bind(&[char('p')]),
    key_commands::TAKE_LISTED.bind(&[char('t')]),
    command("clipboard.clear", "Clear the clipboard.", clear_clipboard).hint("clear clipboard").when(card_was_copied).bind(&[char('X')]),
]]);

/// Returns whether the card has been on the screen long enough to be closed.
fn card_takes_keys(model: &Model) -> bool {
    model.modals.on_top::<Card>().is_some_and(|card| card.takes_keys_in(model.now()).is_none())
}

fn card_is_of_a_pair(model: &Model) -> bool {
    card_takes_keys(model) && model.modals.on_top().is_some_and(Card::is_of_a_pair)
}

fn card_was_copied(model: &Model) -> bool {
    model.modals.on_top::<Card>().is_some_and(|card| card.copied.is_some())
}

/// Copies one key of a pair alone.
fn copy_one(context: &mut Context<'_>, at: usize) -> Vec<Effect> {
    let Some(card) = context.modals.on_top::<Card>() else { return vec![] };
    let Some(face) = card.keys.get(at) else {
        context.say("This key is not created, or is not on this card.");
        return vec![];
    };
    let (id, text) = (face.key.id.clone(), face.key.id.reveal().to_owned());
    copy_text(context, vec![id], &text)
}

fn open_copy_as(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(CopyAs);
    vec![]
}

/// Copies in the form of the pressed key.
pub(in crate::ui) fn copy_form(context: &mut Context<'_>, call: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    let form = match call.key.map(|key| key.code) {
        Some(Code::Char('k')) => copy::keys,
        Some(Code::Char('l')) => copy::lines,
        Some(Code::Char('j')) => copy::json,
        _ => copy::template_text,
    };
    copy_card(context, form)
}

fn clear_clipboard(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let id = context.new_request_id(Purpose::Clipboard);
    vec![Effect::Clipboard(id, Clipboard::Clear)]
}

/// Closes the card: what it shows was seen.
fn close_card(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(card) = context.modals_mut().pop_kind::<Card>() else { return vec![] };
    let ids = card.keys.iter().filter_map(|face| face.intent);
    ids.flat_map(|id| context.run(|engine| engine.acknowledge(id))).collect()
}

/// Masks the keys, or shows them for a while; the audit knows of the latter.
fn mask_keys(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let now = context.now();
    let Some(card) = context.modals_mut().on_top_mut::<Card>() else { return vec![] };
    card.turn(now);
    if !card.is_open(now) {
        return vec![];
    }
    let act = Act::revealed(card.keys.iter().map(|face| &face.key), Disclosure::Card);
    vec![context.audit_of(act)]
}

/// Shows the next text for the customer, or the one before.
fn show_message(context: &mut Context<'_>, forward: bool) -> Vec<Effect> {
    let all = context.settings.delivery.templates.len().max(1);
    let by = if forward { 1 } else { all - 1 };
    context.change_top(|card: &mut Card| {
        (card.template, card.scroll) = ((card.template + by) % all, 0);
    })
}

/// Returns the keys of the card on top.
fn card_keys(model: &Model) -> Vec<ServiceKey> {
    let card = model.modals.on_top::<Card>();
    card.into_iter().flat_map(|card| &card.keys).map(|face| face.key.clone()).collect()
}

fn read_aloud(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let keys = card_keys(context);
    let act = Act::revealed(&keys, Disclosure::Aloud);
    context.modals_mut().push(Dictation::new(keys));
    vec![context.audit_of(act)]
}

/// Shows only the keys, so that the user can select them.
fn show_alone(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let keys = card_keys(context);
    context.mark_delivered(keys.iter().map(|key| &key.id));
    let act = Act::revealed(&keys, Disclosure::Alone);
    context.modals_mut().push(BareKeys(keys));
    vec![context.audit_of(act)]
}

fn open_customer_zone(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(CustomerZone::default());
    vec![]
}

/// Copies the card's keys in one of several forms.
fn copy_card(
    context: &mut Context<'_>,
    form: fn(&Model, &Card) -> Result<String, String>,
) -> Vec<Effect> {
    let Some(card) = context.modals.on_top::<Card>() else { return vec![] };
    let ids = card.keys.iter().map(|face| face.key.id.clone()).collect();
    match form(context, card) {
        Ok(text) => copy_text(context, ids, &text),
        Err(why) => {
            let verdict = Verdict::new(Outcome::Not, &format!("not copied: {why}"));
            show_verdict(context, &verdict);
            vec![]
        }
    }
}

/// Asks for `text`, in which these keys are, to be put into the clipboard.
fn copy_text(context: &mut Context<'_>, keys: Vec<KeyId>, text: &str) -> Vec<Effect> {
    let id = context.new_request_id(Purpose::Clipboard);
    context.note_copying(id, keys);
    vec![Effect::Clipboard(id, Clipboard::Copy(Secret::new(text)))]
}

/// Applies the result: it stays on the card until the next copy.
pub(in crate::ui) fn apply_copy_verdict(
    context: &mut Context<'_>,
    id: RequestId,
    verdict: &Verdict,
) -> Vec<Effect> {
    if context.end_request(id).is_none() {
        return vec![];
    }
    let copied = context.take_copied(id);
    let act = verdict_of(context, copied.as_deref(), verdict);
    if let Some(keys) = copied.filter(|_| verdict.outcome != Outcome::Not) {
        context.mark_delivered(&keys);
    }
    show_verdict(context, verdict);
    vec![context.audit_of(act)]
}

/// Builds the audit act of copying these keys, or of clearing the clipboard.
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
        keys.iter().filter_map(|id| model.engine.inventory().key(id)).map(KeyMark::new).collect();
    Act::Copied { keys, outcome, says }
}

/// Shows a verdict on the card, or elsewhere if it is closed.
fn show_verdict(context: &mut Context<'_>, verdict: &Verdict) {
    match context.modals_mut().find_mut::<Card>() {
        Some(card) => card.copied = Some(verdict.clone()),
        None => context.say(verdict.says.to_string()),
    }
}
