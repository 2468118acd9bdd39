//! Fuzzy search: finding something by a few letters of its name.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

/// Finds the items of `all` with the typed letters in their names, in their order, the
/// best first; equals keep their order, and an empty text finds all.
pub(in crate::ui) fn find<T>(all: &[T], name: impl Fn(&T) -> &str, typed: &str) -> Vec<usize> {
    let typed = typed.trim();
    if typed.is_empty() {
        return (0..all.len()).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut letters = vec![];
    let mut found: Vec<_> = all
        .iter()
        .enumerate()
        .filter_map(|(at, one)| {
            let name = Utf32Str::new(name(one), &mut letters);
            Some((std::cmp::Reverse(pattern.score(name, &mut matcher)?), at))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, at)| at).collect()
}
