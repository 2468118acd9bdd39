//! A key that was changed outside this host's record, on the screen.

use onramp::domain::{
    service_key::{KeyUse, ServiceKey},
    units::Mbps,
    vlan::VlanTag,
};

use crate::support::{Console, NOW, key};

/// Returns a console on which a key was stripped by another tool, as it happens.
fn stripped(size: (u16, u16)) -> Console {
    let mut console = Console::started(size);
    let made = ServiceKey { created: Some(NOW), ..key("7b1f0c52-key", "la-2", 160, "ACME blue") };
    console.account.1.push(made);
    console.answer_all();
    let at = console.account.1.last_mut().expect("the key");
    (at.label, at.rate) = ("".into(), Some(Mbps::new(10_000)));
    (at.usage, at.validity) = (KeyUse::Single(VlanTag::Unstated), None);
    console.keys("r");
    console.answer_all();
    console
}

#[test]
fn it_is_said_marked_and_shown_with_both_values() {
    for (columns, rows) in [(80, 24), (120, 36)] {
        let mut console = stripped((columns, rows));
        assert!(console.frame().contains("changed outside this host's record"));
        console.keys("3");
        let frame = console.frame();
        assert!(frame.contains("!CHANGED") && frame.contains("~ACME blue"), "{frame}");
        insta::assert_snapshot!(format!("changed key {columns}x{rows}"), frame);
        console.keys("\n");
        insta::assert_snapshot!(format!("card of a changed key {columns}x{rows}"), console.frame());
        assert!(!console.frame().contains("wrong"), "nobody is blamed");
        console.keys("p");
        let frame = console.frame();
        assert!(frame.contains("Restore as ordered?") && frame.contains("160"), "{frame}");
        insta::assert_snapshot!(format!("put back {columns}x{rows}"), frame);
    }
}

#[test]
fn its_vlan_is_offered_to_nobody() {
    let console = stripped((120, 36));
    let on_ramp = onramp::domain::id::OnRampId::new("la-2").expect("legal");
    let map = console.model.engine.vlans(&on_ramp).expect("it is listed");
    let vlan = "160".parse().expect("a VLAN");
    let why = map.holder(vlan).map(onramp::domain::vlan_map::Holder::reason);
    assert_eq!(why.as_deref(), Some("key ACME blue, its VLAN changed elsewhere"));
}
