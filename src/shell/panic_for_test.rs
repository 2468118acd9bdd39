//! Panics at a named place, for the tests that the terminal survives it.
//!
//! Only in builds with debug assertions: a release has no such places.

/// Panics if `ONRAMP_PANIC_FOR_TEST` names this `place`, with the text of
/// `ONRAMP_PANIC_CANARY` in its scope and in its payload.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(super) fn panic_at(place: &str) {
    let asked = std::env::var("ONRAMP_PANIC_FOR_TEST");
    let canary = std::env::var("ONRAMP_PANIC_CANARY").unwrap_or_default();
    assert!(asked.as_deref() != Ok(place), "a panic on purpose in the {place}: {canary}");
}
