//! The frames of the screen, at common sizes.

use std::time::Duration;

use onramp::{
    api::{Request, log::Tail, network_path::NetworkPath},
    ui::{
        model::msg::{Effect, Msg},
        widget::theme::Theme,
    },
};
use ratatui::style::Modifier;

use crate::support::Console;

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
    let (id, _) = console.take_request(|r| *r == Request::Products);
    assert!(console.model.engine.awaits(id));
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
fn text_cursor_is_shown_in_the_form_and_not_under_review() {
    let mut console = Console::loaded(USUAL);
    assert_eq!(console.text_cursor(), None);
    console.keys("\n\n\njnACME");
    assert!(console.text_cursor().is_some());
    console.keys("\n");
    assert_eq!(console.text_cursor(), None);
}

#[test]
fn proxy_and_custom_ca_are_shown_without_an_extra_row() {
    let mut console = Console::loaded(USUAL);
    let plain = console.frame();
    console.keys("!");
    assert_eq!(console.frame(), plain, "there is nothing to tell");
    console.model.session.network_path = NetworkPath {
        proxy: Some("proxy.example:3128".to_owned()),
        authority: Some("/etc/ssl/corp.pem".to_owned()),
    };
    let says = "127.0.0.1:8080 via proxy proxy.example:3128, extra CA corp.pem";
    for size in [WIDE, USUAL, SMALLEST] {
        console.model.size = size;
        let header = console.frame().lines().next().unwrap_or_default().to_owned();
        assert!(header.contains("[DEMO] RW proxy +CA  All"), "{header}");
    }
    console.model.size = WIDE;
    assert!(console.frame().contains(says), "{}", console.frame());
    console.model.size = USUAL;
    console.keys("!");
    insta::assert_snapshot!("the way to the API", console.frame());
}

fn tail(lines: usize) -> Tail {
    let line = |n: usize| {
        let end = if n % 5 == 4 {
            "WARN  call    #7 GET /v2/products: 503"
        } else {
            "DEBUG call    #6 GET /v2/service/key: 200"
        };
        format!(
            "2025-07-10T01:00:{n:02}.007Z 4242 {end}, 120 ms, 34567 B, trace 0b9c7a51-5c2e-4f9a-9a51-0d6c1f2e3a4b"
        )
    };
    Tail {
        path: Some("/home/agent/.local/state/onramp/onramp.log".into()),
        level: "debug",
        because: "by ONRAMP_LOG",
        is_on: true,
        trouble: None,
        lines: (0..lines).map(|n| line(n).as_str().into()).collect(),
    }
}

#[test]
fn the_log_with_its_newest_line_at_the_bottom() {
    for size in [WIDE, USUAL, SMALLEST] {
        let mut console = Console::loaded(size);
        console.keys(":log\n");
        assert_eq!(console.effects.last(), Some(&Effect::ReadLog));
        assert!(console.frame().contains("Reading the log."));
        console.handle_msg(Msg::Log(tail(40)));
        insta::assert_snapshot!(format!("log {}x{}", size.0, size.1), console.frame());
        console.keys("gkkk");
        let top = console.frame();
        assert!(top.contains("01:00:00 ") && !top.contains("01:00:39"), "{top}");
        console.keys("Gjjj");
        assert!(console.frame().contains("01:00:39 "), "{}", console.frame());
        console.keys("r");
        assert_eq!(console.effects.last(), Some(&Effect::ReadLog));
    }
}

#[test]
fn disabled_log_says_how_to_enable_it_and_broken_one_why() {
    let mut console = Console::loaded(USUAL);
    console.keys(":log\n");
    let off = Tail { level: "off", because: "the default", is_on: false, ..tail(0) };
    console.handle_msg(Msg::Log(off));
    insta::assert_snapshot!("log off", console.frame());
    let trouble = "3 lines were dropped: /x/onramp.log: No space left on device";
    console.handle_msg(Msg::Log(Tail { trouble: Some(trouble.into()), ..tail(3) }));
    assert!(console.frame().contains("! 3 lines were dropped"), "{}", console.frame());
    console.keys("q");
    assert!(console.model.modals.is_empty());
    let before = console.frame();
    console.handle_msg(Msg::Log(tail(3)));
    assert_eq!(console.frame(), before, "nobody waits for it any more");
}
