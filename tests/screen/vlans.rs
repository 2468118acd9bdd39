//! The VLAN map: what it shows, how it is moved in, what it asks and takes.

use onramp::{
    api::{Failure, Reply, Request, VlanAnswer},
    domain::{issuance::Doubt, vlan::VlanId, vlan_policy::Block},
    ui::{
        model::msg::Msg,
        state::key::{Code, ctrl, plain},
    },
};

use crate::support::Console;

/// Returns the map over the form for Los Angeles 1.
fn map(size: (u16, u16)) -> Console {
    let mut console = Console::loaded(size);
    console.keys("\t\t\tjn");
    console.press(plain(Code::F(2)));
    assert!(console.frame().contains("VLAN map"), "{}", console.frame());
    console
}

fn vlan(n: u16) -> VlanId {
    VlanId::new(n).expect("legal")
}

#[test]
fn the_map_shows_every_block_and_why_each_vlan_is_taken() {
    for (columns, rows) in [(120, 36), (80, 24), (60, 16)] {
        let mut console = map((columns, rows));
        console.keys("140");
        insta::assert_snapshot!(format!("vlan map {columns}x{rows}"), console.frame());
    }
}

#[test]
fn the_partners_vlans_are_laid_over_and_skipped() {
    let mut console = map((120, 36));
    console.keys("=99L");
    insta::assert_snapshot!("vlan map partner", console.frame());
    let frame = console.frame();
    assert!(frame.contains("102  FREE"), "100 is the partner's, 101 ours: {frame}");
    assert!(frame.contains("free on Los Angeles 2 too"), "{frame}");
    console.keys("130");
    assert!(console.frame().contains("on Los Angeles 2 taken: circuit Cobalt"));
}

#[test]
fn a_free_vlan_goes_into_the_form_and_a_taken_one_does_not() {
    let mut console = map((120, 36));
    console.keys("118\n");
    assert!(console.frame().contains("118 is taken: circuit Borealis HPC."));
    console.keys("\x1b");
    console.press(plain(Code::F(2)));
    console.keys("121\n");
    let frame = console.frame();
    assert!(frame.contains("New service key") && frame.contains("[121___"), "{frame}");
}

#[test]
fn megaport_is_asked_about_one_vlan_and_its_no_is_remembered() {
    let mut console = map((120, 36));
    console.keys("150r");
    let wanted =
        |request: &Request| matches!(request, Request::CheckVlan(_, id) if *id == vlan(150));
    let (id, _) = console.take_request(wanted);
    assert!(console.frame().contains("Checking with Megaport"));
    console.keys("r");
    assert!(console.asked.is_empty(), "one question at a time");
    console.reply(id, Ok(Reply::Vlan(VlanAnswer::Taken(vec![vlan(151)]))));
    let frame = console.frame();
    assert!(frame.contains("TAKEN: Megaport reports it as taken, the lists do not"), "{frame}");
    assert!(frame.contains("Megaport: 150 is taken"), "{frame}");
    console.keys("\n");
    assert!(console.frame().contains("150 is taken"), "it is not put into the form");
    console.keys("149L");
    assert!(console.frame().contains("151  FREE"), "and it is skipped");
    console.keys("150r");
    let (id, _) = console.take_request(wanted);
    console.reply(id, Ok(Reply::Vlan(VlanAnswer::Free)));
    assert!(console.frame().contains("150  FREE"), "until Megaport says something else");
}

#[test]
fn missing_reply_is_reported_and_changes_nothing() {
    let mut console = map((120, 36));
    console.keys("150r");
    let (id, _) = console.take_request(|request| matches!(request, Request::CheckVlan(..)));
    let failure = Failure {
        cause: onramp::api::Cause::ConnectionLost,
        happened: "no reply from the host in time".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt: Doubt::NotSent,
    };
    console.reply(id, Err(failure));
    let frame = console.frame();
    assert!(frame.contains("Megaport gave no answer"), "{frame}");
    assert!(frame.contains("150  FREE"), "{frame}");
}

#[test]
fn an_mcr_is_not_asked_about_and_the_map_says_so() {
    let mut console = Console::loaded((120, 36));
    console.keys("\t\t\t/osaka\nV");
    let frame = console.frame();
    assert!(frame.contains("Megaport checks VLANs of Ports only"), "{frame}");
    console.keys("r");
    assert!(console.asked.is_empty());
}

#[test]
fn vlan_map_creates_a_key_on_the_vlan_under_the_cursor() {
    let mut console = Console::loaded((120, 36));
    console.keys("\t\t\tjV");
    console.keys("300\n");
    let frame = console.frame();
    assert!(frame.contains("New service key") && frame.contains("[300___"), "{frame}");
    console.keys("\x1b:ro\nV301\n");
    assert!(!console.frame().contains("New service key"), "not in read-only mode");
}

#[test]
fn a_paste_does_not_move_the_cursor() {
    let mut console = map((120, 36));
    console.handle_msg(Msg::Paste("4000".into()));
    assert!(!console.frame().contains("4000  FREE"));
}

#[test]
fn vlan_reserved_for_a_customer_is_not_proposed_to_others() {
    let mut console = Console::loaded((80, 24));
    console.model.settings.vlans.blocks =
        vec![Block { customer: "Borealis".to_owned(), first: vlan(90), last: vlan(109) }];
    console.keys("\t\t\tjn");
    let frame = console.frame();
    assert!(frame.contains("VLAN       *[110"), "{frame}");
    console.keys("ACME\t\t\t\t\t-");
    assert!(console.frame().contains("[89_"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("105");
    assert!(console.frame().contains("! reserved for Borealis"), "{}", console.frame());
    console.press(plain(Code::F(2)));
    assert!(console.frame().contains("free, but reserved for Borealis"), "{}", console.frame());
    console.keys("\x1b\n");
    console.answer_all();
    assert!(
        console.frame().contains("Note: VLAN 105 is reserved for Borealis"),
        "{}",
        console.frame()
    );
}
