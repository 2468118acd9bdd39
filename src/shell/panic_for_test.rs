//! A panic on purpose, for the tests that the terminal survives one.
//!
//! Only in builds with debug assertions: nobody can make a release panic.

/// Panics if `ONRAMP_PANIC_FOR_TEST` names this `place`.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(super) fn at(place: &str) {
    let asked = std::env::var("ONRAMP_PANIC_FOR_TEST");
    assert!(asked.as_deref() != Ok(place), "a panic on purpose in the {place}");
}
