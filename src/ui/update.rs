//! The one function that changes the model.
//!
//! Keys become commands by the keymap, and each command is a function of its feature;
//! replies are applied by `replies`, and the engine's outputs are presented by
//! `engine_step`. Nothing here waits, reads a clock or does I/O.

use tui_input::InputRequest;

use crate::{
    engine::{Input, question::Question},
    ui::{
        account, activity, card,
        input::resolve::Resolved,
        issue::dry_run_commands,
        model::{
            Model,
            command::{Call, Command, Held},
            context::Context,
            modal::Modal,
            msg::{Effect, Msg},
        },
        regions, replies, saved_lists,
        screen::{attention::attention, layout},
        state::{
            key::{self, Code, Key},
            view_id::ViewId,
        },
        system::{self, export, log::Log, shift_report},
        view,
    },
};

/// Handles one message; returns the effects to carry out.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let (banner, question) = (model.has_banner(), may_be_answered(model));
    // Time alone changes no more than how long ago something was, and after a
    // key the question has to be seen again in any case.
    let compare = !matches!(msg, Msg::Tick(_) | Msg::Drawn | Msg::Key(_) | Msg::Repeat(_));
    let asked = compare.then(|| view::asked_before_sending(model));
    let effects = take_in(model, msg);
    let now = model.now();
    model.modals.disarm_covered(now);
    let is_same = asked.is_none_or(|asked| asked == view::asked_before_sending(model));
    if !is_same || question != may_be_answered(model) {
        // What a reply has put there was not on the screen yet.
        disarm_question(model);
    }
    if banner != model.has_banner() {
        // There is a line more or less: the question may be elsewhere now, and
        // the cursors have to stay in view.
        disarm_question(model);
        layout::keep_cursor_in_view(&mut Context::new(model));
        activity::commands::scroll(&mut Context::new(model));
    }
    effects
}

fn take_in(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Tick(now) => {
            let mut effects = Context::new(model).run(|engine| engine.handle(Input::Tick(now)));
            let attention = attention(model);
            effects.extend(Context::new(model).run(|engine| engine.read_where_due(&attention)));
            effects
        }
        Msg::Key(key) => press(model, key, false),
        Msg::Repeat(key) => press(model, key, true),
        Msg::Suspended(possible) => {
            disarm_question(model);
            if !possible {
                let says = "This console was not started from a shell, so it cannot be suspended.";
                model.notice = Some(says.to_owned());
            }
            vec![]
        }
        Msg::Resumed => {
            disarm_question(model);
            vec![]
        }
        Msg::Paste(text) => {
            paste(model, &text);
            vec![]
        }
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            disarm_question(model);
            layout::keep_cursor_in_view(&mut Context::new(model));
            activity::commands::scroll(&mut Context::new(model));
            note_sign(model)
        }
        Msg::Drawn => {
            drawn(model);
            vec![]
        }
        Msg::Api(event) => replies::apply_client_event(model, event),
        Msg::Journal(event) => {
            Context::new(model).run(|engine| engine.handle(Input::Journal(event)))
        }
        Msg::Audit(event) => activity::receive::apply_audit_event(&mut Context::new(model), event),
        Msg::Log(tail) => Context::new(model).change_top(|log: &mut Log| log.tail = Some(tail)),
        Msg::Clipboard(id, verdict) => {
            card::commands::apply_copy_verdict(&mut Context::new(model), id, &verdict)
        }
        Msg::Regions(event) => {
            regions::receive::apply_regions_event(model, event);
            vec![]
        }
        Msg::HandedOver(written) => {
            shift_report::apply_report_written(&mut Context::new(model), written)
        }
        Msg::Exported(written) => export::apply_export_written(&mut Context::new(model), written),
        Msg::Rehearsed(requests) => {
            dry_run_commands::apply_dry_run(&mut Context::new(model), requests);
            vec![]
        }
        Msg::Account(id, answer) => {
            account::commands::apply_account_answer(&mut Context::new(model), id, answer)
        }
        Msg::Attached(clients) => {
            let attention = attention(model);
            Context::new(model).run(|engine| engine.take_who_looks(clients, &attention))
        }
        Msg::Focused => note_sign(model),
        Msg::SavedListsRead(id, recalled) => saved_lists::apply_saved_lists(model, id, recalled),
    }
}

/// Returns whether letters go into a text field now.
fn is_typing(model: &Model) -> bool {
    match model.modals.top() {
        Some(top) => top.is_typing(),
        None => model.view().is_typing(model),
    }
}

/// Notes a sign of the user, who may have been away before.
fn note_sign(model: &mut Model) -> Vec<Effect> {
    let attention = attention(model);
    Context::new(model).run(|engine| engine.note_sign(&attention))
}

fn press(model: &mut Model, key: Key, repeated: bool) -> Vec<Effect> {
    let attention = attention(model);
    let mut effects = Context::new(model).run(|engine| engine.note_key(&attention));
    let fresh = is_fresh(model, key, repeated);
    effects.extend(carry_out(model, key, fresh));
    model.last_key = Some((key, model.now()));
    effects
}

fn carry_out(model: &mut Model, key: Key, fresh: bool) -> Vec<Effect> {
    // A user cannot confirm, or type into, what is not on the screen.
    if !layout::fits(model) && !key.ctrl {
        return vec![];
    }
    model.notice = None;
    if model.place == ViewId::Keys && model.modals.is_empty() {
        Context::new(model).mark_news_read();
    }
    let question = model.modals.top().and_then(Modal::question);
    let (armed, confirmed) =
        (question.is_some_and(Question::is_armed), question.and_then(Question::answer));
    let resolved = model.resolve(key);
    // Only a plain `y` rejects a circuit, and one pressed too early is ignored: every
    // other key goes back to the question before.
    let interrupts =
        matches!(&resolved, Some(Resolved::Command(one)) if one.is(&system::commands::INTERRUPT));
    let back = asks_again(model) && key != key::char('y') && !interrupts;
    // This key counts by what was on the screen; the next one by what will be.
    disarm_question(model);
    if back {
        take_back(model);
        return vec![];
    }
    match resolved {
        // Without an armed question nothing irreversible is carried out.
        Some(Resolved::Command(command)) if command.confirms && !armed => vec![],
        Some(Resolved::Command(Command { held: Held::Ignored, .. })) if !fresh => vec![],
        Some(Resolved::Command(Command { held: Held::Refused(says), .. })) if !fresh => {
            model.notice = Some(says.to_owned());
            vec![]
        }
        Some(Resolved::Command(command)) => {
            model.confirmed = confirmed;
            let effects = command.run(&mut Context::new(model), Call { key: Some(key) });
            model.confirmed = None;
            layout::keep_cursor_in_view(&mut Context::new(model));
            effects
        }
        Some(Resolved::No(why)) => {
            model.notice = Some(why);
            vec![]
        }
        None => {
            if let Some(request) = input_request(key) {
                type_in(model, &[request]);
            }
            vec![]
        }
    }
}

/// Returns whether the user has pressed this key now, and does not just hold it.
fn is_fresh(model: &Model, key: Key, repeated: bool) -> bool {
    !repeated && model.released_in(|last| last == key).is_none()
}

/// Arms the drawn question for an answer.
fn drawn(model: &mut Model) {
    regions::receive::drawn(model);
    let (asked, now) = (model.modals.top().and_then(|top| top.asked(model)), model.now());
    if let Some(question) = model.modals.top_mut().and_then(Modal::question_mut) {
        question.drawn(asked, now);
    }
}

/// Returns whether the dialog on top asks something now.
fn may_be_answered(model: &Model) -> bool {
    model.modals.top().is_some_and(|top| top.may_be_answered(model))
}

/// Returns whether the dialog on top asks a second time.
fn asks_again(model: &Model) -> bool {
    model.modals.top().is_some_and(|top| top.asks_again(model))
}

/// Goes back from the second question of the dialog on top to the first.
fn take_back(model: &mut Model) {
    if let Some(top) = model.modals.top_mut() {
        top.take_back();
    }
}

/// Disarms the question on the screen, which has to be drawn again before it can be
/// answered.
fn disarm_question(model: &mut Model) {
    let now = model.now();
    model.modals.disarm_top(now);
}

/// The longest paste a text field takes, in characters. A longer one is refused whole: part of
/// it would be another text.
const MOST_PASTED: usize = 512;

fn paste(model: &mut Model, text: &str) {
    disarm_question(model);
    take_back(model);
    let line = text.trim();
    let refused = if !is_typing(model) {
        "Paste ignored: there is no text field here."
    } else if line.contains(char::is_control) {
        "Paste ignored: it has a line break or a control character. Paste one line."
    } else if line.chars().count() > MOST_PASTED {
        "Paste ignored: it is longer than 512 characters."
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
    if let Some(top) = model.modals.top_mut() {
        for &request in requests {
            top.type_in(request);
        }
    } else {
        let view = model.view();
        view.type_in(&mut Context::new(model), requests);
    }
}

/// Returns the effect of `key` inside a text field.
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
