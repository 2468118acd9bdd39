//! Restores the terminal after a panic, and reports it without a secret.
//!
//! The payload of a panic is formatted text, perhaps of something that no terminal may show,
//! and a session on a jump host is recorded. So only the place in the source is printed,
//! which is what a defect is found by.

use std::{
    fmt,
    io::Write as _,
    panic::PanicHookInfo,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    domain::text::SafeText,
    shell::{
        store::{
            audit,
            log::{self, Note, write_note},
        },
        terminal,
    },
};

/// Whether one was reported: a second thread that panics meanwhile must not
/// report on top of it.
static REPORTED: AtomicBool = AtomicBool::new(false);

/// Makes a panic in any task restore the terminal first, report its place, and end the
/// program: a console with a missing task would show false data.
pub fn install_hook() {
    let (panic, errors) = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .panic_message(FixedMessage)
        .panic_section(
            "This is a defect in onramp. A request that was under way may have been carried out.",
        )
        .into_hooks();
    // Installed once per process.
    let _ = errors.install();
    std::panic::set_hook(Box::new(move |info| {
        terminal::restore();
        if !REPORTED.swap(true, Ordering::SeqCst) {
            drop(writeln!(std::io::stderr(), "{}", panic.panic_report(info)));
            write_note(&Note::Panic(panic_location(info)));
            log::flush_log();
            audit::end_all("a defect in the program");
        }
        std::process::exit(101);
    }));
}

/// The fixed text for every panic.
struct FixedMessage;

impl color_eyre::section::PanicMessage for FixedMessage {
    fn display(&self, info: &PanicHookInfo<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "onramp has stopped because of a defect.")?;
        write!(f, "Place: {}", panic_location(info))
    }
}

/// Returns file, line and column in the source.
fn panic_location(info: &PanicHookInfo<'_>) -> SafeText {
    match info.location() {
        Some(at) => SafeText::clean(&format!("{}:{}:{}", at.file(), at.line(), at.column())),
        None => SafeText::clean("an unknown place"),
    }
}
