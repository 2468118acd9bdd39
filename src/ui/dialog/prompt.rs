//! The command line that `:` opens, and the words it knows.

use ratatui::buffer::Buffer;
use tui_input::Input;

use crate::{
    domain::export::FileFormat,
    ui::{layout, model::Model, scopes, theme::Role},
};

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Nothing can be made any more.
    ReadOnly,
    /// Keys can be made, after a question.
    ReadWrite,
    /// Reads everything again.
    Refresh,
    /// Writes what the next shift has to know.
    HandOver,
    /// Writes the table of the view into a file.
    Export(FileFormat),
    /// Shows the region map.
    Regions,
    /// Shows the log.
    Log,
    /// Shows the keys.
    Help,
    /// Leaves.
    Quit,
}

/// A word of the command line.
#[derive(Debug)]
pub struct Word {
    /// Its names, the one to show first.
    pub names: &'static [&'static str],
    /// What it does.
    pub does: Does,
    /// The same in words.
    pub help: &'static str,
}

/// Every word.
pub const WORDS: &[Word] = &[
    Word { names: &["ro"], does: Does::ReadOnly, help: "read-only: nothing can be made" },
    Word { names: &["rw"], does: Does::ReadWrite, help: "allow making keys, after a question" },
    Word { names: &["refresh", "r"], does: Does::Refresh, help: "read everything again" },
    Word {
        names: &["handover"],
        does: Does::HandOver,
        help: "write what the next shift has to know",
    },
    Word {
        names: &["export", "export csv"],
        does: Does::Export(FileFormat::Csv),
        help: "write the table shown, as CSV, without keys",
    },
    Word {
        names: &["export json"],
        does: Does::Export(FileFormat::Json),
        help: "the same as JSON",
    },
    Word { names: &["regions"], does: Does::Regions, help: "show the region map" },
    Word { names: &["log"], does: Does::Log, help: "show the log" },
    Word { names: &["help", "h"], does: Does::Help, help: "show the keys" },
    Word { names: &["quit", "q"], does: Does::Quit, help: "leave" },
];

/// Draws it over the message line; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, input: &Input, buffer: &mut Buffer) -> (u16, u16) {
    let area = layout::areas(model).message;
    let theme = model.theme;
    let blank = " ".repeat(usize::from(area.width));
    buffer.set_stringn(area.x, area.y, &blank, usize::from(area.width), theme.style(Role::Plain));
    let typed = input.value();
    let line = format!(":{typed}");
    let room = usize::from(area.width.saturating_sub(2));
    let (end, _) = buffer.set_stringn(area.x + 1, area.y, &line, room, theme.style(Role::Strong));
    let fits = WORDS.iter().filter(|word| word.names.iter().any(|name| name.starts_with(typed)));
    let mut hints: Vec<_> = fits.map(|word| format!("{} {}", word.names[0], word.help)).collect();
    if !typed.trim().is_empty() {
        let places = scopes::find(&scopes::all(&model.geography), typed).into_iter().take(3);
        hints.extend(places.map(|place| format!("→ {}", place.name)));
    }
    let room = usize::from(area.right().saturating_sub(end + 3));
    let hint = crate::ui::text::clip(&hints.join("   "), room).into_owned();
    buffer.set_stringn(end + 3, area.y, &hint, room, theme.style(Role::Quiet));
    let along = u16::try_from(input.visual_cursor()).unwrap_or(0);
    (area.x + 2 + along, area.y)
}
