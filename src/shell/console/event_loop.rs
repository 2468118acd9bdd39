//! The event loop: drain the queue, update, perform the effects, draw once.

use std::{future::pending, io};

use crate::{
    api::account::Answer,
    shell::{
        clock,
        exit::ExitError,
        store::audit,
        terminal::{self, Screen},
    },
    ui::{
        model::{
            Model, Start,
            msg::{Effect, Msg},
        },
        screen::account_label,
        update::update,
        view,
    },
};

use super::{
    event_queue::{LoopEvent, Receiver},
    executor::{Executor, LoopAction},
    suspend,
};

#[cfg(all(debug_assertions, unix))]
use crate::api::{Event, Reply};

#[cfg(all(debug_assertions, unix))]
use crate::shell::ports::PortReport;

/// Runs the console until the user quits; returns the final model, and the signal that
/// ended it.
pub(in crate::shell) async fn run(
    model: Model,
    start: Start,
    screen: Screen,
    queue: Receiver,
    mut executor: Executor,
) -> Result<(Model, Option<u8>), ExitError> {
    let ended = run_loop(model, start, screen, queue, &mut executor).await;
    // Also the one of an account that was closed a moment ago.
    audit::end_all(&match &ended {
        Ok((_, None)) => "left".to_owned(),
        // A terminal that is gone is found by a failed write before its signal arrives.
        Ok((_, Some(signal))) | Err(ExitError::Signal(signal)) => format!("by signal {signal}"),
        Err(_) => "by an error".to_owned(),
    });
    ended
}

async fn run_loop(
    mut model: Model,
    start: Start,
    mut screen: Screen,
    mut queue: Receiver,
    executor: &mut Executor,
) -> Result<(Model, Option<u8>), ExitError> {
    model.size = screen.size().map_err(terminal_lost)?;
    let mut effects = model.begin(start);
    loop {
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                match executor.perform(effect)? {
                    LoopAction::Continue => {}
                    LoopAction::Redraw => screen.redraw_all().map_err(terminal_lost)?,
                    LoopAction::Tell(event) => effects.extend(update(&mut model, Msg::Api(event))),
                    LoopAction::Say(msg) => effects.extend(update(&mut model, msg)),
                    LoopAction::Suspend => effects.extend(suspend(&mut model)),
                    LoopAction::Write(text) => {
                        terminal::send(text.as_bytes()).map_err(terminal_lost)?;
                    }
                    LoopAction::Quit => return Ok((model, None)),
                }
            }
        }
        // The terminal may have changed before the message about it.
        let (columns, rows) = screen.size().map_err(terminal_lost)?;
        if model.size != (columns, rows) {
            effects.extend(update(&mut model, Msg::Resize(columns, rows)));
        }
        screen.name_window(account_label::title(&model)).map_err(terminal_lost)?;
        screen.draw(|frame| view::draw(&model, frame)).map_err(terminal_lost)?;
        effects.extend(update(&mut model, Msg::Drawn));
        #[cfg(debug_assertions)]
        panic_if_asked(&model);
        let first = next_event(&mut queue, &model).await;
        effects.extend(update(&mut model, Msg::Tick(clock::now())));
        let mut next = first;
        while let Some(event) = next {
            match event {
                LoopEvent::Msg(msg) => effects.extend(update(&mut model, msg)),
                LoopEvent::Ports(report) => {
                    #[cfg(all(debug_assertions, unix))]
                    if is_created(&report) {
                        crate::shell::kill_for_test::kill_at("K5");
                    }
                    let msg = executor.take_report(report);
                    effects.extend(msg.into_iter().flat_map(|msg| update(&mut model, msg)));
                }
                LoopEvent::Regions(number, event) if executor.uses_regions(number) => {
                    effects.extend(update(&mut model, Msg::Regions(event)));
                }
                // A user who cancelled the opening does not get the account.
                LoopEvent::Opened(id, account, opened) if model.waiting.contains_key(&id) => {
                    executor.use_account(*account);
                    let opened = Msg::Account(id, Answer::Opened(opened));
                    effects.extend(update(&mut model, opened));
                }
                LoopEvent::ForTerminal(id, sequence, verdict) => {
                    terminal::send(sequence.bytes()).map_err(terminal_lost)?;
                    effects.extend(update(&mut model, Msg::Clipboard(id, verdict)));
                }
                LoopEvent::Opened(..) | LoopEvent::Regions(..) => {}
                LoopEvent::Suspend => effects.extend(suspend(&mut model)),
                LoopEvent::Resumed => {
                    screen.reopen().map_err(terminal_lost)?;
                    effects.extend(update(&mut model, Msg::Resumed));
                }
                LoopEvent::Stop(number) => return Ok((model, Some(number))),
            }
            next = queue.try_recv().ok();
        }
    }
}

/// Returns whether a report contains a created key.
#[cfg(all(debug_assertions, unix))]
const fn is_created(report: &PortReport) -> bool {
    matches!(report, PortReport::Api(Event::Done { result: Ok(Reply::Created(_)), .. }))
}

/// Gives the terminal back and stops, until a shell lets the program go on.
/// Nothing is drawn before it has the terminal again.
fn suspend(model: &mut Model) -> Vec<Effect> {
    let possible = suspend::is_possible();
    if possible {
        terminal::restore();
        suspend::stop_process();
    }
    update(model, Msg::Suspended(possible))
}

/// Panics for the tests that want one: at once, or with a request underway.
#[cfg(debug_assertions)]
fn panic_if_asked(model: &Model) {
    use crate::engine::attempt::AttemptStage;
    crate::shell::panic_for_test::panic_at("loop");
    let mut unfinished = model.engine.attempts().iter();
    // Late enough for the request to be sent.
    let second = std::time::Duration::from_secs(1);
    if unfinished
        .any(|one| one.stage == AttemptStage::Sending && model.now().since(one.since) > second)
    {
        crate::shell::panic_for_test::panic_at("request");
    }
}

/// Returns the next letter, or `None` when only time has passed.
async fn next_event(queue: &mut Receiver, model: &Model) -> Option<LoopEvent> {
    let tick = async {
        match model.next_tick() {
            Some(after) => tokio::time::sleep(after).await,
            None => pending().await,
        }
    };
    tokio::select! {
        biased;
        event = queue.recv() => event.or(Some(LoopEvent::Stop(crate::shell::console::signals::HANG_UP))),
        () = tick => None,
    }
}

/// Quits at once, since the terminal no longer accepts bytes.
fn terminal_lost(_: io::Error) -> ExitError {
    ExitError::Signal(crate::shell::console::signals::HANG_UP)
}
