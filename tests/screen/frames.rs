//! What is on the screen, at the sizes people have.

use std::time::Duration;

use crate::support::Console;
use onramp::{api::Request, ui::theme::Theme};
use ratatui::style::Modifier;

const WIDE: (u16, u16) = (120, 36);
const USUAL: (u16, u16) = (80, 24);
const SMALLEST: (u16, u16) = (60, 16);

#[test]
fn browse_at_every_size() {
    for size in [WIDE, (100, 30), USUAL, SMALLEST, (59, 15)] {
        let console = Console::loaded(size);
        insta::assert_snapshot!(format!("browse {}x{}", size.0, size.1), console.frame());
    }
}

#[test]
fn an_opened_on_ramp() {
    for size in [WIDE, USUAL] {
        let mut console = Console::loaded(size);
        console.keys("\n\n\nj\n");
        insta::assert_snapshot!(format!("on-ramp {}x{}", size.0, size.1), console.frame());
    }
}

#[test]
fn the_form_and_the_review() {
    for size in [WIDE, USUAL, SMALLEST] {
        let name = |what: &str| format!("{what} {}x{}", size.0, size.1);
        let mut console = Console::loaded(size);
        console.keys("\n\n\njn");
        insta::assert_snapshot!(name("form empty"), console.frame());
        console.keys("ACME-4471 blue\tAcme Pty\t4471\n");
        insta::assert_snapshot!(name("review asking"), console.frame());
        console.answer_all();
        console.wait(Duration::from_millis(500));
        insta::assert_snapshot!(name("review clear"), console.frame());
    }
}

#[test]
fn before_anything_was_read() {
    let mut console = Console::started(USUAL);
    console.wait(Duration::from_secs(7));
    insta::assert_snapshot!("reading", console.frame());
    let (id, _) = console.take(|r| *r == Request::Products);
    assert!(console.model.waiting.contains_key(&id));
}

#[test]
fn without_unicode_every_cell_is_ascii() {
    for keys in ["", "\n\n\n\n", "?", "\n\n\njn"] {
        let mut console = Console::loaded(WIDE);
        console.model.theme = Theme { ascii: true, colour: false };
        console.keys(keys);
        let frame = console.frame();
        assert!(frame.is_ascii(), "{frame}");
    }
}

#[test]
fn nothing_is_bold_and_dim_at_once() {
    for keys in ["", "\t", "\n\n\n\n", "\n\n\n\n\t", "?", "\n\n\njn"] {
        let mut console = Console::loaded(WIDE);
        console.keys(keys);
        let both = console.with(Modifier::BOLD | Modifier::DIM);
        assert!(both.is_empty(), "after {keys:?}: {both:?}");
    }
}

#[test]
fn a_dialog_leaves_the_message_line_alone() {
    for size in [WIDE, (100, 30), USUAL, SMALLEST] {
        for keys in ["?", "\n\n\njn", "\n\n\njnACME-4471 blue\n"] {
            let mut console = Console::loaded(size);
            console.keys(keys);
            console.answer_all();
            let frame = console.frame();
            let message = frame.lines().nth(usize::from(size.1) - 2).unwrap_or_default();
            assert!(!message.contains(['└', '│']), "after {keys:?}:\n{frame}");
        }
    }
}

#[test]
fn the_text_cursor_is_shown_in_the_form_and_not_under_the_review() {
    let mut console = Console::loaded(USUAL);
    assert_eq!(console.text_cursor(), None);
    console.keys("\n\n\njnACME");
    assert!(console.text_cursor().is_some());
    console.keys("\n");
    assert_eq!(console.text_cursor(), None);
}
