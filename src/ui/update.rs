//! The one function that changes the model.
//!
//! Keys become commands in [`super::keymap`], commands are carried out in `act` and
//! `issue`, replies are taken in by `replies`, and what the engine says is presented
//! by `engine_step`. Nothing here waits, reads a clock or does I/O.

use tui_input::InputRequest;

use crate::{
    domain::time::Timestamp,
    engine::{Input, answer::Answer, change_run::ChangeRun, plan::Plan, question::Question},
};

use super::{
    account, act, activity, approve,
    attention::attention,
    audit,
    dialog::{Dialog, approval},
    engine_step, export, hand_off, handover,
    key::{self, Code, Key},
    keymap, layout, mapping,
    model::Model,
    msg::{Effect, Msg},
    place::Place,
    rehearse, replies, saved, view, watch,
};

/// Takes in one message; what has to be done about it comes back as values.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let (banner, question) = (model.has_banner(), may_be_answered(model));
    // Time alone changes no more than how long ago something was, and after a
    // key the question has to be seen again in any case.
    let compare = !matches!(msg, Msg::Tick(_) | Msg::Drawn | Msg::Key(_) | Msg::Repeat(_));
    let asked = compare.then(|| view::asked_before_sending(model));
    let effects = take_in(model, msg);
    disarm_what_is_covered(model);
    let is_same = asked.is_none_or(|asked| asked == view::asked_before_sending(model));
    if !is_same || question != may_be_answered(model) {
        // What a reply has put there was not on the screen yet.
        disturb_question(model);
    }
    if banner != model.has_banner() {
        // There is a line more or less: the question may be elsewhere now, and
        // the cursors have to stay in view.
        disturb_question(model);
        act::keep_cursor_in_view(model);
        activity::act::scroll(model);
    }
    effects
}

fn take_in(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Tick(now) => {
            let mut effects = engine_step::handle(model, Input::Tick(now));
            let attention = attention(model);
            effects.extend(engine_step::run(model, |engine| engine.read_where_due(&attention)));
            effects
        }
        Msg::Key(key) => press(model, key, false),
        Msg::Repeat(key) => press(model, key, true),
        Msg::Suspended(possible) => {
            disturb_question(model);
            if !possible {
                let says = "No shell waits for this console, so it cannot be suspended.";
                model.notice = Some(says.to_owned());
            }
            vec![]
        }
        Msg::Resumed => {
            disturb_question(model);
            vec![]
        }
        Msg::Paste(text) => {
            paste(model, &text);
            vec![]
        }
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            disturb_question(model);
            act::keep_cursor_in_view(model);
            activity::act::scroll(model);
            note_sign(model)
        }
        Msg::Drawn => {
            drawn(model);
            vec![]
        }
        Msg::Api(event) => replies::apply_client_event(model, event),
        Msg::Journal(event) => engine_step::handle(model, Input::Journal(event)),
        Msg::Audit(told) => audit::apply_audit_event(model, told),
        Msg::Log(tail) => {
            if let Some(Dialog::Log(log)) = model.dialogs.last_mut() {
                log.tail = Some(tail);
            }
            vec![]
        }
        Msg::Clipboard(id, verdict) => hand_off::apply_copy_verdict(model, id, &verdict),
        Msg::Regions(told) => {
            mapping::apply_regions_event(model, told);
            vec![]
        }
        Msg::HandedOver(written) => handover::apply_handover_written(model, written),
        Msg::Exported(written) => export::apply_export_written(model, written),
        Msg::Rehearsed(requests) => {
            rehearse::apply_dry_run(model, requests);
            vec![]
        }
        Msg::Account(id, answer) => account::apply_account_answer(model, id, answer),
        Msg::Attached(clients) => {
            let attention = attention(model);
            engine_step::run(model, |engine| engine.take_who_looks(clients, &attention))
        }
        Msg::Focused => note_sign(model),
        Msg::Recalled(id, recalled) => saved::take(model, id, recalled),
    }
}

/// Whether letters go into a text field now.
pub fn is_typing(model: &Model) -> bool {
    match model.dialogs.last() {
        Some(Dialog::NewKey(form)) => form.focus.is_text(),
        Some(Dialog::Pair(form)) => form.is_typing(),
        Some(
            Dialog::Prompt(_)
            | Dialog::Reason { .. }
            | Dialog::ReadBack(_)
            | Dialog::CustomerZone(_)
            | Dialog::Mapping(_)
            | Dialog::Offers(_),
        ) => true,
        Some(Dialog::SignIn(form)) => form.is_typing() && form.trying.is_none(),
        Some(_) => false,
        None if model.place == Place::Keys => model.key_list.typing,
        None if model.place == Place::Activity => model.activity.typing,
        None => model.visit.is_none() && model.browse.filter.typing,
    }
}

/// Somebody is there, who may not have been before.
fn note_sign(model: &mut Model) -> Vec<Effect> {
    let attention = attention(model);
    engine_step::run(model, |engine| engine.note_sign(&attention))
}

fn press(model: &mut Model, key: Key, repeated: bool) -> Vec<Effect> {
    let attention = attention(model);
    let mut effects = engine_step::run(model, |engine| engine.note_key(&attention));
    let fresh = is_fresh(model, key, repeated);
    effects.extend(carry_out(model, key, fresh));
    model.last_key = Some((key, model.now()));
    effects
}

fn carry_out(model: &mut Model, key: Key, fresh: bool) -> Vec<Effect> {
    // Nobody may confirm, or type into, what is not on the screen.
    if !layout::fits(model) && !key.ctrl {
        return vec![];
    }
    model.notice = None;
    if model.place == Place::Keys && model.dialogs.is_empty() {
        watch::read(model);
    }
    let armed = is_armed(model);
    let confirmed = model.dialogs.last().and_then(question).and_then(Question::answer);
    let command = keymap::resolve(model, key);
    // Only a plain `y` rejects a circuit, and an early one is waited for: every other key goes
    // back to the question before.
    let back = approve::is_asked_again(model)
        && key != key::char('y')
        && command != Some(keymap::Command::Interrupt);
    // This key counts by what was on the screen; the next one by what will be.
    disturb_question(model);
    if back {
        approve::keep_waiting(model);
        return vec![];
    }
    match command {
        Some(keymap::Command::Yes | keymap::Command::Reject) if !armed || !fresh => vec![],
        Some(keymap::Command::Quit | keymap::Command::Interrupt) if !fresh => {
            let says = "A key that is held does not leave: press it again after a second.";
            model.notice = Some(says.to_owned());
            vec![]
        }
        Some(command) => {
            model.confirmed = confirmed;
            let effects = act::act(model, command, key);
            model.confirmed = None;
            effects
        }
        None => {
            if let Some(request) = input_request(key) {
                type_in(model, &[request]);
            }
            vec![]
        }
    }
}

/// Whether a person has pressed this key now, and does not just hold it.
fn is_fresh(model: &Model, key: Key, repeated: bool) -> bool {
    !repeated && model.released_in(|last| last == key).is_none()
}

/// What was drawn can be answered from now on.
fn drawn(model: &mut Model) {
    mapping::drawn(model);
    let (review_is_ready, now) = (keymap::guards::review_is_ready(model), model.now());
    let ready = model.arms_in(None).is_none();
    match model.dialogs.last_mut() {
        Some(Dialog::Review(review)) => {
            let plan = model.engine.plan().filter(|_| review_is_ready);
            review.question.drawn(plan.map(Plan::asked), now);
        }
        Some(Dialog::Change(change)) => {
            let run = model.engine.changes(change.id).filter(|_| ready);
            change.question.drawn(run.map(ChangeRun::asked), now);
        }
        Some(Dialog::Approval(open)) => {
            let answer = model.engine.answer().filter(|_| ready);
            let approve = !(open.rejecting && answer.is_some_and(Answer::may_answer));
            open.question.drawn(answer.map(|answer| answer.asked(approve)), now);
        }
        _ => {}
    }
}

/// A review that something else lies on is not on the screen: when it comes
/// back, it has to be drawn, and looked at, anew.
fn disarm_what_is_covered(model: &mut Model) {
    let now = model.now();
    for open in model.dialogs.iter_mut().rev().skip(1) {
        disturb(open, now);
    }
}

/// Its question has to be on the screen again before it can be answered.
const fn disturb(open: &mut Dialog, now: Timestamp) {
    match open {
        Dialog::Review(review) => review.question.disturb(now),
        Dialog::Change(change) => change.question.disturb(now),
        Dialog::Approval(open) => open.question.disturb(now),
        _ => {}
    }
}

/// The question of a dialog that confirms something irreversible.
const fn question(open: &Dialog) -> Option<&Question> {
    match open {
        Dialog::Review(review) => Some(&review.question),
        Dialog::Change(change) => Some(&change.question),
        Dialog::Approval(open) => Some(&open.question),
        _ => None,
    }
}

/// Whether the dialog on top may be answered: its question was on the screen,
/// with nothing pressed since.
fn is_armed(model: &Model) -> bool {
    model.dialogs.last().and_then(question).is_none_or(Question::is_armed)
}

/// Whether the dialog on top asks something now.
fn may_be_answered(model: &Model) -> bool {
    match model.dialogs.last() {
        Some(Dialog::Change(change)) => change.may_go(model),
        Some(Dialog::Approval(_)) => approval::may_answer(model),
        _ => false,
    }
}

fn disturb_question(model: &mut Model) {
    let now = model.now();
    if let Some(open) = model.dialogs.last_mut() {
        disturb(open, now);
    }
}

/// The longest paste a text field takes, in characters. A longer one is refused whole: part of
/// it would be another text.
const MOST_PASTED: usize = 512;

fn paste(model: &mut Model, text: &str) {
    disturb_question(model);
    approve::keep_waiting(model);
    let line = text.trim();
    let refused = if !is_typing(model) {
        "A paste is text, and there is no text field here: ignored."
    } else if line.contains(char::is_control) {
        "The paste has a line break or a control character: ignored. Paste one line."
    } else if line.chars().count() > MOST_PASTED {
        "The paste is longer than 512 characters: ignored."
    } else {
        let requests: Vec<_> = line.chars().map(InputRequest::InsertChar).collect();
        return type_in(model, &requests);
    };
    model.notice = Some(refused.to_owned());
}

fn type_in(model: &mut Model, requests: &[InputRequest]) {
    if !is_typing(model) {
        return;
    }
    if let Some(Dialog::Prompt(input) | Dialog::Reason { input, .. }) = model.dialogs.last_mut() {
        for &request in requests {
            input.handle(request);
        }
        return;
    }
    if let Some(input) = hand_off::input(model) {
        for &request in requests {
            input.handle(request);
        }
        return;
    }
    if let Some(Dialog::Offers(open)) = model.dialogs.last_mut() {
        for &request in requests {
            open.rate.handle(request);
        }
        open.cursor = 0;
        return;
    }
    if let Some(Dialog::Mapping(open)) = model.dialogs.last_mut() {
        for &request in requests {
            open.input.handle(request);
        }
        let typed = !open.input.value().trim().is_empty();
        open.cursor = typed.then_some(0);
        return;
    }
    if let Some(Dialog::SignIn(form)) = model.dialogs.last_mut() {
        for &request in requests {
            form.type_in(request);
        }
        return;
    }
    if let Some(Dialog::Pair(form)) = model.dialogs.last_mut() {
        for &request in requests {
            form.type_in(request);
        }
        return;
    }
    if let Some(Dialog::NewKey(form)) = model.dialogs.last_mut() {
        for &request in requests {
            form.type_in(request);
        }
        return;
    }
    if model.place == Place::Keys && model.dialogs.is_empty() {
        for &request in requests {
            model.key_list.filter.handle(request);
        }
        return model.key_list.arrange();
    }
    if model.place == Place::Activity && model.dialogs.is_empty() {
        for &request in requests {
            model.activity.filter.handle(request);
        }
        return activity::act::scroll(model);
    }
    for &request in requests {
        model.browse.filter.input.handle(request);
    }
    model.browse.offset = 0;
    model.browse.narrow(model.engine.inventory(), &model.geography);
    act::keep_cursor_in_view(model);
}

/// What `key` does inside a text field.
fn input_request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl) {
        (Code::Char('u'), true) => InputRequest::DeleteLine,
        (Code::Char('w'), true) => InputRequest::DeletePrevWord,
        (Code::Char('k'), true) => InputRequest::DeleteTillEnd,
        (Code::Char(c), false) => InputRequest::InsertChar(c),
        (Code::Backspace, _) => InputRequest::DeletePrevChar,
        (Code::Delete, _) => InputRequest::DeleteNextChar,
        (Code::Left, false) => InputRequest::GoToPrevChar,
        (Code::Right, false) => InputRequest::GoToNextChar,
        (Code::Home, _) => InputRequest::GoToStart,
        (Code::End, _) => InputRequest::GoToEnd,
        _ => return None,
    })
}
