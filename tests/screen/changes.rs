//! Changing a key: the form, what differs before and after, what Megaport
//! drops.

use onramp::{
    api::{KeyChange, Reply, RequestId, Write},
    domain::{
        service_key::{KeyUse, ServiceKey, Validity},
        units::Mbps,
        vlan::{VlanId, VlanTag},
    },
    ui::key::{Code, ctrl, plain},
};

use crate::{
    pairs::QUIET,
    support::{Console, NOW, key},
};

const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

/// A console with the cursor on a key of Los Angeles 1, on VLAN 125.
fn on_a_key(size: (u16, u16)) -> Console {
    let mut console = Console::started(size);
    let validity = Some(Validity { start: Some(NOW), end: Some(NOW + QUIET * 2 * 86_400 * 10) });
    let made = key(KEY, "la-1", 125, "ACME-4471 blue #k7f3q9");
    console.account.1.retain(|key| key.on_ramp.as_str() != "la-1");
    console.account.1.push(ServiceKey { validity, created: Some(NOW), ..made });
    console.answer_all();
    console.keys("/los angeles 1\n\n\t");
    console
}

fn changed(console: &mut Console) -> (RequestId, KeyChange) {
    assert_eq!(console.written.len(), 1);
    let (id, Write::UpdateKey(change)) = console.written.remove(0) else { panic!("a change") };
    (id, change)
}

#[test]
fn what_will_differ_is_shown_before_and_what_differs_after() {
    let mut console = on_a_key((80, 24));
    console.keys("e");
    insta::assert_snapshot!("change form", console.frame());
    // Rate, VLAN and end; the label and its tag stay.
    console.keys("\t");
    console.press(ctrl('u'));
    console.keys("200\t");
    console.press(ctrl('u'));
    console.keys("130\t\t");
    console.press(ctrl('u'));
    console.keys("60d\n");
    console.wait(QUIET);
    insta::assert_snapshot!("change review", console.frame());
    console.keys("y");
    let (id, change) = changed(&mut console);
    assert_eq!((change.active, change.label), (None, None), "what is not changed is not named");
    assert_eq!(change.rate, Some(Mbps::new(200)));
    assert_eq!(change.vlan, VlanId::new(130).ok());
    let end = change.validity.flatten().and_then(|window| window.end);
    assert_eq!(end, Some(NOW + QUIET * 2 * 86_400 * 60));
    // Megaport drops the label, as it is known to.
    let at = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    (at.rate, at.label) = (Some(Mbps::new(200)), "".into());
    at.usage = KeyUse::Single(VlanTag::read(Some(130)));
    at.validity = change.validity.flatten();
    let key = at.clone();
    console.reply(id, Ok(Reply::Updated(Box::new(key))));
    console.answer_all();
    let frame = console.frame();
    assert!(frame.contains("rate limit: 500 Mbps → 200 Mbps"), "{frame}");
    assert!(frame.contains("Megaport dropped its label, ACME-4471 blue #k7f3q9"), "{frame}");
}

#[test]
fn a_key_does_not_stand_in_its_own_way_and_others_do() {
    let mut console = on_a_key((80, 24));
    console.keys("e\n");
    assert!(console.frame().contains("Nothing differs"), "{}", console.frame());
    console.keys("\t\t");
    console.press(ctrl('u'));
    console.keys("101");
    assert!(console.frame().contains("taken: VXC Aurora Render prod"), "{}", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("Change this key"), "it is not reviewed like that");
    console.press(plain(Code::Esc));
    assert!(!console.frame().contains("Draft kept"), "a change is no draft of a new key");
}

#[test]
fn a_new_label_keeps_the_tag_and_switching_is_one_key() {
    let mut console = on_a_key((80, 24));
    console.keys("e");
    console.press(ctrl('u'));
    console.keys("ACME renamed\n");
    console.wait(QUIET);
    console.keys("y");
    let (_, change) = changed(&mut console);
    assert_eq!(
        change.label.as_ref().map(onramp::domain::text::SafeText::as_str),
        Some("ACME renamed #k7f3q9")
    );

    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(changed(&mut console).1.active, Some(false));
    let mut console = on_a_key((80, 24));
    console.keys(":ro\nD");
    console.wait(QUIET);
    console.keys("ye\n");
    assert!(console.written.is_empty(), "read-only changes nothing");
}
