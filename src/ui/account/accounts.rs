//! The accounts there are: to switch, to add one, to edit one.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    api::{
        Mode,
        account::{Listed, Target},
    },
    domain::text::SafeText,
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        screen::frame,
        state::position::Position,
        widget::{
            text::{clip, width},
            theme::Role,
        },
    },
};

use super::commands;

/// The dialog's state.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// The listed accounts; `None` until they were read.
    pub list: Option<Vec<Listed>>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The reason why it could not be read, or why it opened.
    pub remark: Option<SafeText>,
}

impl Accounts {
    /// Returns the account under the cursor.
    pub fn selected(&self) -> Option<&Listed> {
        self.list.as_ref()?.get(self.cursor)
    }

    /// Takes the list; the cursor goes to the account in use, else to the
    /// usual one.
    pub fn apply_list(&mut self, list: Vec<Listed>, in_use: Option<&str>) {
        let is = |one: &Listed| match (&one.target, in_use) {
            (Target::Profile(name), Some(profile)) => name == profile,
            _ => false,
        };
        let usual = || list.iter().position(|one| one.usual);
        self.cursor = list.iter().position(is).or_else(usual).unwrap_or(0);
        self.list = Some(list);
    }
}

/// Returns whether this is the account in use.
fn in_use(model: &Model, one: &Listed) -> bool {
    let session = &model.session;
    let same = session.environment == one.environment;
    match &one.target {
        Target::Profile(name) => same && session.profile.as_ref() == Some(name),
        Target::Variables => same && session.profile.is_none() && session.host == one.host,
        Target::Demo => same,
    }
}

pub(in crate::ui) fn draw(model: &Model, open: &Accounts, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Accounts", (78, 18), Role::Accent, buffer);
    let says = match (&open.remark, &open.list) {
        (Some(why), _) => frame::sentence(theme, Role::Bad, why.as_str(), area.width),
        (None, None) => frame::sentence(theme, Role::Quiet, "Reading config.toml...", area.width),
        (None, Some(_)) => vec![],
    };
    let says: Vec<_> = says.into_iter().take(6).collect();
    let below = u16::try_from(says.len()).unwrap_or(0);
    let list = Rect { height: area.height.saturating_sub(below + 1), ..area };
    let rows = usize::from(list.height.saturating_sub(1));
    let entries = open.list.as_deref().unwrap_or_default();
    let from = (open.cursor + 1).saturating_sub(rows.max(1));
    let head = row(area.width, "  ", "PROFILE", "ENVIRONMENT", "API HOST", "SECRET", "MODE");
    let mut lines = vec![Line::from(Span::styled(head, theme.style(Role::Quiet)))];
    for (at, one) in entries.iter().enumerate().skip(from).take(rows) {
        lines.push(line(model, one, at == open.cursor, area.width));
    }
    frame::lines(&lines, list, buffer);
    let foot = Rect { y: area.bottom().saturating_sub(below), height: below, ..area };
    frame::lines(&says, foot, buffer);
}

fn line(model: &Model, one: &Listed, cursor: bool, wide: u16) -> Line<'static> {
    let mark = if cursor { "▸ " } else { "  " };
    let name = match &one.target {
        Target::Variables => "(variables)".to_owned(),
        Target::Profile(name) => name.clone(),
        Target::Demo => "(demo)".to_owned(),
    };
    let star = if one.usual { " *" } else { "" };
    let used = if in_use(model, one) { " in use" } else { "" };
    let (secret, mode) = match (&one.profile, &one.target) {
        (Some(profile), _) => (profile.store.word(), short(profile.mode)),
        (None, Target::Variables) => ("environment", short(Mode::ReadOnly)),
        (None, _) => ("none needed", short(Mode::ReadWrite)),
    };
    let name = format!("{name}{star}{used}");
    let text = row(wide, mark, &name, one.environment.word(), &one.host, secret, mode);
    let role = if cursor { Role::Cursor } else { Role::Plain };
    Line::from(Span::styled(text, model.theme.style(role)))
}

const fn short(mode: Mode) -> &'static str {
    match mode {
        Mode::ReadOnly => "RO",
        Mode::ReadWrite => "RW",
    }
}

/// Returns a row of columns; the host takes the remaining width.
fn row(
    wide: u16,
    mark: &str,
    name: &str,
    environment: &str,
    host: &str,
    secret: &str,
    mode: &str,
) -> String {
    let cell = |text: &str, room: usize| {
        let text = clip(text, room).into_owned();
        format!("{text}{}", " ".repeat(room - width(&text)))
    };
    let room = usize::from(wide).saturating_sub(2 + 19 + 12 + 12 + 4);
    let (name, environment, secret) = (cell(name, 18), cell(environment, 11), cell(secret, 11));
    format!(
        "{mark}{name} {environment} {} {secret} {}",
        cell(host, room.saturating_sub(1)),
        cell(mode, 4)
    )
}

/// The lines of a page.
const PAGE: usize = 10;

impl Modal for Accounts {
    fn scope(&self) -> &'static Scope {
        &commands::ACCOUNTS
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self, buffer);
        None
    }

    fn position(&self, _: &Model) -> Option<Position> {
        Some(Position::of_list(self.cursor, self.list.as_ref().map_or(0, Vec::len), PAGE))
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at;
    }
}
