//! Best fit for a rate, with reasons, and why the others are refused.

use onramp::{
    domain::ranking::Rules,
    ui::state::key::{Code, ctrl, plain},
};

use crate::support::Console;

fn open(size: (u16, u16)) -> Console {
    let mut console = Console::loaded(size);
    console.keys("w");
    console
}

#[test]
fn every_on_ramp_is_offered_or_refused_with_its_reasons() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let console = open((columns, rows));
        insta::assert_snapshot!(format!("offers {columns}x{rows}"), console.frame());
    }
}

#[test]
fn another_rate_is_ranked_at_once_and_a_cap_refuses() {
    let mut console = open((120, 36));
    console.press(ctrl('u'));
    assert!(console.frame().contains("A rate is needed"), "{}", console.frame());
    console.keys("x12");
    let frame = console.frame();
    assert!(frame.contains("[x12_") && frame.contains("Digits, then m or g"), "{frame}");
    console.press(ctrl('u'));
    console.keys("12g");
    let frame = console.frame();
    assert!(frame.contains("[12g_") && frame.contains("= 12 Gbps"), "{frame}");
    assert!(frame.contains("largest circuit 10 Gbps"), "{frame}");
    console.model.settings.ranking = Rules { cap: Some(10), ..Rules::default() };
    console.press(ctrl('u'));
    console.keys("5 Gbps");
    assert!(
        console.frame().contains("% allocated after this key, above your cap of 10%"),
        "{}",
        console.frame()
    );
}

#[test]
fn enter_creates_on_an_offer_and_only_opens_a_refused_one() {
    let mut console = open((120, 36));
    console.press(ctrl('u'));
    console.keys("700\n");
    let frame = console.frame();
    assert!(frame.contains("New service key") && frame.contains("[700_"), "{frame}");
    let mut console = open((120, 36));
    for _ in 0..20 {
        console.press(plain(Code::Down));
    }
    console.keys("\n");
    assert!(console.model.modals.is_empty(), "{}", console.frame());
    let here = console.model.current().expect("an on-ramp");
    assert!(!here.closed().is_empty(), "the last line is one that is refused");
}
