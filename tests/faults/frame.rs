//! A screen as text.

use ratatui::{Terminal, backend::TestBackend};

use crate::ui::{model::Model, view};

/// A drawn screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// Line by line.
    pub(super) text: String,
    /// The text as one line, without borders, so that wrapped text can be searched.
    pub(super) words: String,
}

impl Frame {
    pub(super) fn new(terminal: &mut Terminal<TestBackend>, model: &Model) -> Self {
        terminal.draw(|frame| view::draw(model, frame)).expect("a frame");
        let buffer = terminal.backend().buffer();
        let area = buffer.area;
        let line = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        let lines: Vec<_> = (0..area.height).map(|y| line(y).trim_end().to_owned()).collect();
        let bare = |line: &String| {
            let is_edge = |c: char| c.is_whitespace() || ('\u{2500}'..='\u{257f}').contains(&c);
            line.trim_matches(is_edge).to_owned()
        };
        let words = lines.iter().map(bare).collect::<Vec<_>>().join(" ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { text: lines.join("\n"), words }
    }

    /// Returns whether it contains this text.
    pub(super) fn says(&self, what: &str) -> bool {
        self.words.contains(what) || self.text.contains(what)
    }

    /// Returns whether it is a card that reports created keys.
    pub(super) fn says_made(&self) -> bool {
        self.says("Key created") || self.says("keys created")
    }

    /// Returns the whole keys that are on it.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .filter(|word| is_key(word))
    }
}

/// Returns whether `word` is shaped as a key: 8-4-4-4-12.
fn is_key(word: &str) -> bool {
    let groups: Vec<_> = word.split('-').collect();
    let hexadecimal = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_hexdigit()));
    hexadecimal && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
}
