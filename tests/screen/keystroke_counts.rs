//! Keystroke counts from the console to two copied keys, or to one. Typed text, the
//! label, does not count; everything else does.

use std::time::Duration;

use onramp::api::{account::Secret, clipboard::Clipboard};

use crate::{
    pairs::{FIRST, SECOND, copied, made},
    support::Console,
};

/// A console, and how often a key was pressed there.
struct KeystrokeCounter {
    console: Console,
    strokes: usize,
}

impl KeystrokeCounter {
    /// Returns the state after these keys, which do not count.
    fn after_keys(keys: &str) -> Self {
        let mut console = Console::loaded((120, 36));
        console.keys(keys);
        Self { console, strokes: 0 }
    }

    fn press(&mut self, keys: &str) {
        self.strokes += keys.chars().count();
        self.console.keys(keys);
    }

    /// The label, Enter, and the `y` on its review.
    fn order(&mut self) {
        self.console.keys("ACME-4471");
        self.press("\n");
        self.console.answer_all();
        self.console.wait(Duration::from_millis(500));
        self.press("y");
    }

    /// Creates both keys, and copies them with the last `y`.
    fn copies_both(mut self) -> usize {
        made(&mut self.console, FIRST);
        self.console.answer_all();
        made(&mut self.console, SECOND);
        self.console.wait(Duration::from_millis(500));
        self.press("y");
        let both = format!(
            "{FIRST}  Los Angeles 1 (BLUE, VLAN 102)\n{SECOND}  Los Angeles 2 (RED, VLAN 102)"
        );
        assert_eq!(copied(&self.console).1, Clipboard::Copy(Secret::new(&both)));
        self.strokes
    }
}

#[test]
fn a_pair_in_a_region_by_its_name_takes_eight_keys() {
    let mut counter = KeystrokeCounter::after_keys("");
    counter.press("Nusw\n");
    counter.order();
    assert_eq!(counter.copies_both(), 8);
}

#[test]
fn a_pair_in_the_region_under_the_cursor_takes_four_keys() {
    for at in ["\t\tj", "\t\t\tjj", "\n\n\nj"] {
        let mut counter = KeystrokeCounter::after_keys(at);
        counter.press("N");
        counter.order();
        assert_eq!(counter.copies_both(), 4, "from {at:?}");
    }
}

#[test]
fn one_key_on_the_on_ramp_under_the_cursor_takes_four_keys() {
    let mut counter = KeystrokeCounter::after_keys("\n\n\nj");
    counter.press("n");
    counter.order();
    made(&mut counter.console, FIRST);
    counter.console.wait(Duration::from_millis(500));
    counter.press("y");
    assert_eq!(copied(&counter.console).1, Clipboard::Copy(Secret::new(FIRST)));
    assert_eq!(counter.strokes, 4);
}
