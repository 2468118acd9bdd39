//! Two keys for one request: the alarm names both.

use onramp::{
    api::audit::Page,
    domain::{audit::Entry, fingerprint::Fingerprint},
};

use crate::{
    activity::read,
    support::{Console, NOW},
};

/// Asserts that a second listed key of a request raises an alarm with both keys, and by
/// the audit with the delivered one and its user.
pub(crate) fn says_both(console: &mut Console) {
    let frame = console.frame();
    let last = frame.lines().rev().nth(1).unwrap_or_default();
    assert!(last.contains("! Two keys for one request, ACME-1 blue"), "{frame}");
    assert!(!frame.contains("Problem with the journal"), "{frame}");
    console.keys("!");
    let text = sentences(console);
    assert!(text.contains("delivery not known yet"), "{text}");
    let second = console.model.engine.journal().second.first().expect("an alarm").clone();
    let fact = |name: &str, value: String| (name.into(), value.as_str().into());
    let of_both = format!("00000000, {}", second.settled);
    let copied = Entry {
        number: 7,
        at: NOW,
        act: "key.copied".into(),
        facts: vec![fact("key_print", of_both), fact("user", "anna".to_owned())],
    };
    read(console, Page { entries: vec![copied], ..Page::default() });
    let text = sentences(console);
    let delivered =
        "created 23 Nov 2026 13:02 UTC; delivered: copied by anna, 23 Nov 2026 14:02 UTC";
    assert!(text.contains("Key aaaa…aaaa, ") && text.contains(delivered), "{text}");
    let other = second.key.id.masked();
    assert_ne!(Fingerprint::of_key(&second.key.id), second.settled);
    assert!(text.contains(&format!("Key {other}, created")), "{text}");
    assert!(text.contains("no delivery in this host"), "{text}");
}

/// Returns the text of the screen, without its line ends.
fn sentences(console: &mut Console) -> String {
    let words = console.frame().replace('┆', " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
