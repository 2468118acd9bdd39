//! Typed input of fields for rates and numbers: none of it is dropped, and an invalid
//! rate or VLAN is reported beside the field as it is typed.

use onramp::{
    api::Write,
    ui::{
        model::msg::Msg,
        state::key::{Code, ctrl, plain},
    },
};

use crate::{
    pairs::{QUIET, by_name},
    support::Console,
};

const SIZE: (u16, u16) = (80, 24);

/// Returns the form for Los Angeles 1, with the empty rate field in focus.
fn rate_field() -> Console {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\t\t\t\t");
    console.press(ctrl('u'));
    console
}

/// Returns the line of the screen that has `label`.
fn line(console: &Console, label: &str) -> String {
    let frame = console.frame();
    frame.lines().find(|line| line.contains(label)).unwrap_or_default().to_owned()
}

#[test]
fn a_rate_is_understood_with_its_unit_and_echoed() {
    for (typed, echo) in [
        ("5g", "= 5 Gbps, up to 10 Gbps"),
        ("2.5 Gbps", "= 2.5 Gbps, up to 10 Gbps"),
        ("2,5G", "= 2.5 Gbps, up to 10 Gbps"),
        ("500m", "= 500 Mbps, up to 10 Gbps"),
        ("500 MBPS", "= 500 Mbps, up to 10 Gbps"),
        ("5", "= 5 Mbps? 5g is 5 Gbps"),
    ] {
        let mut console = rate_field();
        console.keys(typed);
        let line = line(&console, "Rate ");
        assert!(line.contains(&format!("[{typed}_")) && line.contains(echo), "{typed}: {line}");
    }
}

#[test]
fn invalid_rate_stays_as_typed_and_is_reported_at_once() {
    for (typed, says) in [
        ("", "a rate is needed: 500, 500m, 2.5g"),
        ("fast", "digits, then m or g: 500m, 2.5g"),
        ("5gb", "digits, then m or g: 500m, 2.5g"),
        ("1,000", "1000 or 1g? type one of them"),
        ("1.000 G", "1000g or 1g? type one of them"),
        ("1.5", "whole Mbps only"),
        ("0", "at least 1 Mbps"),
        ("99999999999", "at most 4294967295 Mbps"),
        ("12g", "at most 10 Gbps on this on-ramp"),
    ] {
        let mut console = rate_field();
        console.keys(typed);
        let shown = line(&console, "Rate ");
        assert!(shown.contains(&format!("[{typed}_")) && shown.contains(says), "{typed}: {shown}");
        console.keys("\n");
        assert!(console.frame().contains("New service key"), "{typed} is not reviewed");
    }
}

#[test]
fn allocation_is_not_shown_for_an_invalid_rate() {
    let mut console = rate_field();
    assert!(!console.frame().contains("after this key"), "{}", console.frame());
    console.keys("1g");
    assert!(console.frame().contains("after this key"), "{}", console.frame());
    console.keys("x");
    assert!(!console.frame().contains("after this key"), "{}", console.frame());
}

#[test]
fn customer_or_reference_too_long_for_the_journal_is_refused() {
    for (label, tabs) in [("Customer ", "\t"), ("Reference ", "\t\t")] {
        let mut console = Console::loaded(SIZE);
        console.keys(&format!("\n\n\njnACME{tabs}{}", "x".repeat(100)));
        assert!(line(&console, label).contains("not sent"), "{}", console.frame());
        console.keys("y");
        let says = "101 characters, at most 100";
        assert!(line(&console, label).contains(says), "{}", console.frame());
        console.keys("\n");
        assert!(console.frame().contains("New service key"), "it is not reviewed");
    }
}

#[test]
fn a_rate_in_gbps_is_the_one_that_is_sent() {
    let mut console = rate_field();
    console.keys("2.5 Gbps\n");
    console.answer_all();
    assert!(console.frame().contains("2.5 Gbps"), "{}", console.frame());
    console.wait(QUIET);
    console.keys("y");
    let (_, write) = console.written.remove(0);
    let Write::CreateKey { intent, .. } = write else { panic!("a new key") };
    assert_eq!(intent.order.rate().get(), 2500);
}

#[test]
fn letters_in_a_vlan_field_stay_and_are_said() {
    let mut console = rate_field();
    console.keys("500\t");
    console.press(ctrl('u'));
    for (typed, says) in [("1x2", "a VLAN is 2 to 4093"), ("5000", "a VLAN is 2 to 4093")] {
        console.keys(typed);
        let line = line(&console, "VLAN       *");
        assert!(line.contains(&format!("[{typed}_")) && line.contains(says), "{typed}: {line}");
        console.press(ctrl('u'));
    }
    console.handle_msg(Msg::Paste("+300".to_owned()));
    assert!(line(&console, "VLAN       *").contains("a VLAN is 2 to 4093"), "a sign is no digit");
}

#[test]
fn pair_form_accepts_the_same_rates_and_reports_vlans_alike() {
    let mut console = by_name(SIZE);
    console.keys("ACME\t\t\t");
    console.press(ctrl('u'));
    console.keys("2.5g");
    assert!(line(&console, "Rate each").contains("= 2.5 Gbps"), "{}", console.frame());
    console.keys("x");
    assert!(line(&console, "Rate each").contains("[2.5gx_"), "{}", console.frame());
    assert!(line(&console, "Rate each").contains("digits, then m or g"), "{}", console.frame());
    console.press(plain(Code::Backspace));
    console.keys("\t\t");
    console.press(ctrl('u'));
    console.keys("10x");
    let second = line(&console, "VLAN 2 ");
    assert!(second.contains("[10x_") && second.contains("a VLAN is 2 to 4093"), "{second}");
}

#[test]
fn a_paste_is_taken_whole_or_refused_whole() {
    let mut console = rate_field();
    console.handle_msg(Msg::Paste("1.5 Gbps\n".to_owned()));
    assert!(line(&console, "Rate ").contains("= 1.5 Gbps"), "{}", console.frame());
    console.press(ctrl('u'));
    for (paste, says) in [
        ("500\n600".to_owned(), "it has a line break"),
        ("5\u{7}00".to_owned(), "it has a line break"),
        ("5".repeat(513), "longer than 512 characters"),
    ] {
        console.handle_msg(Msg::Paste(paste));
        assert!(line(&console, "Rate ").contains("[____"), "nothing of it: {}", console.frame());
        assert!(console.frame().contains(says), "{says}: {}", console.frame());
    }
}

#[test]
fn a_speed_in_the_filter_is_a_rate() {
    let mut console = Console::loaded((120, 36));
    console.keys("2/speed:10 ");
    assert!(console.frame().contains("On-ramps 0 of 6"), "10 Mbps: {}", console.frame());
    console.keys("\x1b/speed:10G\n");
    assert!(console.frame().contains("On-ramps 4 of 6"), "{}", console.frame());
    console.keys("\x1b/speed:1,000");
    assert!(console.frame().contains("speed: 1000 or 1g?"), "{}", console.frame());
}

#[test]
fn a_number_that_is_no_vlan_is_never_taken_from_the_map() {
    let mut console = Console::loaded((120, 36));
    console.keys("\t\t\tjn");
    console.press(plain(Code::F(2)));
    console.keys("5000");
    let says = "5000 is not a VLAN (2 to 4093); the cursor stays on 500.";
    assert!(console.frame().contains(says), "{}", console.frame());
    console.keys("\n");
    assert!(console.frame().contains(says), "Enter does not take 500: {}", console.frame());
    console.keys("1\n");
    assert!(console.frame().contains("1 is not a VLAN"), "{}", console.frame());
    console.keys("500\n");
    assert!(console.frame().contains("[500___"), "{}", console.frame());
}
