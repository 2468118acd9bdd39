//! Signals, and a terminal that goes away without one: both end in a normal exit.

use std::time::Duration;

use crate::{
    shell::{
        exit::ExitError,
        store::{
            audit,
            log::{self, Note, write_note},
        },
        terminal,
    },
    ui::model::msg::Msg,
};

use super::{
    event_queue::{LoopEvent, Sender},
    suspend,
};

/// The number of SIGHUP, which a lost terminal counts as.
pub(in crate::shell) const HANG_UP: u8 = 1;

/// How long the event loop has to exit by the normal path. It may be stuck in a write
/// to a terminal that takes no bytes.
const DRAIN_GRACE: Duration = Duration::from_millis(50);

/// Turns every signal that ends a program into a normal exit, SIGTSTP into a stop that
/// restores the terminal first, SIGCONT into a fresh screen and SIGWINCH into its new
/// size.
#[cfg(unix)]
pub(in crate::shell) fn forward_signals(queue: &Sender) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [
        SignalKind::hangup(),
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::terminate(),
        // These signals demand a crash, but the terminal is restored all the same.
        SignalKind::from_raw(SIGABRT),
        SignalKind::alarm(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
    ];
    for kind in kinds {
        let number = u8::try_from(kind.as_raw_value()).unwrap_or(HANG_UP);
        let queue = queue.clone();
        let Ok(mut arrivals) = signal(kind) else { continue };
        tokio::spawn(async move {
            arrivals.recv().await;
            // Full or closed queue: the loop no longer takes events.
            drop(queue.try_send(LoopEvent::Stop(number)));
            tokio::time::sleep(DRAIN_GRACE).await;
            exit_at_once(number);
        });
    }
    let others =
        [SignalKind::from_raw(SIGTSTP), SignalKind::from_raw(SIGCONT), SignalKind::window_change()];
    for kind in others {
        let queue = queue.clone();
        let Ok(mut arrivals) = signal(kind) else { continue };
        tokio::spawn(async move {
            while arrivals.recv().await.is_some() {
                let Some(event) = event_of(kind) else { continue };
                if queue.send(event).await.is_err() {
                    return;
                }
            }
        });
    }
}

#[cfg(unix)]
fn event_of(kind: tokio::signal::unix::SignalKind) -> Option<LoopEvent> {
    match kind.as_raw_value() {
        SIGTSTP => (!suspend::is_ours()).then_some(LoopEvent::Suspend),
        SIGCONT => Some(LoopEvent::Resumed),
        _ => {
            let (columns, rows) = crossterm::terminal::size().ok()?;
            Some(LoopEvent::Msg(Msg::Resize(columns, rows)))
        }
    }
}

/// Returns the first signal that asks a program without a screen to end.
#[cfg(unix)]
pub(in crate::shell) async fn first_signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind, number| {
        if let Ok(mut arrivals) = signal(kind)
            && arrivals.recv().await.is_some()
        {
            return number;
        }
        // It ends the program as it always does.
        std::future::pending().await
    };
    tokio::select! {
        number = wait(SignalKind::hangup(), HANG_UP) => number,
        number = wait(SignalKind::interrupt(), 2) => number,
        number = wait(SignalKind::quit(), 3) => number,
        number = wait(SignalKind::terminate(), 15) => number,
    }
}

/// The number of SIGABRT, the same on every platform.
#[cfg(unix)]
const SIGABRT: i32 = 6;

/// The numbers of SIGTSTP and SIGCONT on this platform.
#[cfg(target_os = "linux")]
const SIGTSTP: i32 = 20;
#[cfg(target_os = "linux")]
const SIGCONT: i32 = 18;
#[cfg(all(unix, not(target_os = "linux")))]
const SIGTSTP: i32 = 18;
#[cfg(all(unix, not(target_os = "linux")))]
const SIGCONT: i32 = 19;

/// Watches for the terminal's end on a thread of its own: where no SIGHUP is delivered,
/// reading keys would spin on a closed terminal forever.
#[cfg(unix)]
pub(in crate::shell) fn watch_terminal() {
    use rustix::event::{PollFd, PollFlags, poll};
    let watch = || {
        let stdin = std::io::stdin();
        loop {
            let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            match poll(&mut watched, None) {
                Ok(_) if watched[0].revents().intersects(gone) => exit_at_once(HANG_UP),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
    };
    // Without the thread the only harm is that spin on a closed terminal.
    drop(std::thread::Builder::new().name("terminal-watch".into()).spawn(watch));
}

/// Exits without the event loop.
fn exit_at_once(number: u8) -> ! {
    terminal::restore();
    audit::end_all(&format!("by signal {number}"));
    write_note(&Note::Ended(ExitError::Signal(number).code()));
    log::flush_log();
    std::process::exit(i32::from(ExitError::Signal(number).code()));
}
