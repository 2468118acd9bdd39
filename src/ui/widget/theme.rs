//! Roles and the styles they get.
//!
//! Colour only adds: every state has a word or a mark, the cursor has `▸`, so a screen
//! without colour shows the same. Only the terminal's own sixteen colours are used, on
//! its own background, so light and dark both work.

use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier, Style},
    symbols::border,
};

use crate::{
    api::account::{Environment, EnvironmentKind},
    domain::place::Zone,
};

/// The look of the console on this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether colours may be used (`NO_COLOR` turns them off).
    pub colour: bool,
    /// Whether only ASCII may be drawn.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self { colour: true, ascii: false }
    }
}

/// Returns the lines of every frame, by environment: production has plain ones, a dry
/// run dashed ones and another vendor environment double ones, so that they differ at a
/// glance without colour and without reading.
pub const fn border(environment: EnvironmentKind) -> border::Set<'static> {
    match environment {
        EnvironmentKind::Vendor(Environment::Production)
        | EnvironmentKind::Custom
        | EnvironmentKind::Nowhere => border::PLAIN,
        EnvironmentKind::Vendor(Environment::Staging | Environment::Development) => border::DOUBLE,
        EnvironmentKind::Demo => border::LIGHT_TRIPLE_DASHED,
    }
}

/// The role of a piece of the screen, which decides its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Text that steps back: labels, rules, zeros.
    Quiet,
    /// Prominent text: titles, figures that matter.
    Strong,
    /// The focused element.
    Accent,
    /// The row under the cursor.
    Cursor,
    /// Something is well.
    Good,
    /// Something needs attention.
    Warn,
    /// Something is wrong.
    Bad,
    /// The environment's name, which must never be overlooked.
    EnvironmentKind,
}

impl Theme {
    /// Returns the style of `role`.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let colour = |style: Style, colour| if self.colour { style.fg(colour) } else { style };
        match role {
            Role::Plain => plain,
            Role::Quiet => plain.add_modifier(Modifier::DIM),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Accent => colour(plain.add_modifier(Modifier::BOLD), Color::Cyan),
            Role::Cursor => plain.add_modifier(Modifier::REVERSED),
            Role::Good => colour(plain, Color::Green),
            Role::Warn => colour(plain, Color::Yellow),
            Role::Bad => colour(plain.add_modifier(Modifier::BOLD), Color::Red),
            Role::EnvironmentKind => plain.add_modifier(Modifier::REVERSED | Modifier::BOLD),
        }
    }

    /// Returns the style of an environment's name. Production is reversed everywhere;
    /// other environments look lighter.
    pub fn environment(self, environment: EnvironmentKind) -> Style {
        match environment {
            EnvironmentKind::Vendor(Environment::Production) | EnvironmentKind::Custom => {
                self.style(Role::EnvironmentKind)
            }
            _ => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    /// Returns the style of a diversity zone's word.
    pub fn zone(self, zone: &Zone) -> Style {
        match zone {
            Zone::Blue if self.colour => Style::new().fg(Color::Blue).add_modifier(Modifier::BOLD),
            Zone::Red if self.colour => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Zone::Unstated => self.style(Role::Quiet),
            _ => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    /// Returns the role of an allocation in percent.
    pub const fn load(percent: u32) -> Role {
        match percent {
            0..70 => Role::Good,
            70..90 => Role::Warn,
            _ => Role::Bad,
        }
    }

    /// Replaces what is not ASCII, where the terminal takes nothing else.
    ///
    /// Done once on the finished frame, so that no view has to remember it.
    pub fn finish(self, buffer: &mut Buffer) {
        if !self.ascii {
            return;
        }
        for cell in &mut buffer.content {
            if !cell.symbol().is_ascii() {
                let plain = match cell.symbol() {
                    "│" | "┃" | "║" => "|",
                    "═" | "▅" | "▄" => "=",
                    "┆" => ":",
                    "─" | "━" | "–" => "-",
                    "‹" => "<",
                    "█" | "▇" | "▆" => "#",
                    "▃" | "▂" | "▁" => "_",
                    "░" | "·" | "┄" => ".",
                    "▸" | "›" | "→" => ">",
                    "…" => "~",
                    "▲" => "^",
                    "▼" => "v",
                    "✓" => "+",
                    symbol if symbol.chars().all(|c| ('\u{2500}'..='\u{257f}').contains(&c)) => "+",
                    _ => "?",
                };
                cell.set_symbol(plain);
            }
        }
    }
}
