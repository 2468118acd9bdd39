//! The forms in which a card's keys can be copied.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::ui::{
    model::{
        Model,
        command::{Scope, command},
        modal::{CLOSE, CursorCell, Modal},
    },
    screen::frame,
    state::key::{
        Code::{Enter, Esc},
        char, plain,
    },
    widget::theme::Role,
};

use super::{commands, key_card::Card};

/// The keys of the dialog and their forms.
const FORMS: [(&str, &str); 4] = [
    ("k", "keys only, one per line"),
    ("l", "each key with its on-ramp, zone and VLAN"),
    ("c", "customer message"),
    ("j", "JSON for another program"),
];

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Copy as", (60, 9), Role::Accent, buffer);
    let card = model.modals.find::<Card>();
    let templates = &model.settings.delivery.templates;
    let template = card.and_then(|card| templates.get(card.template)).map_or("", |one| &one.name);
    let mut lines: Vec<_> = FORMS
        .iter()
        .map(|(key, what)| {
            let shown =
                if *key == "c" { format!("{what}: {template}") } else { (*what).to_owned() };
            Line::from(vec![
                Span::styled(format!("{key}  "), theme.style(Role::Accent)),
                Span::raw(shown),
            ])
        })
        .collect();
    lines.push(Line::default());
    let says = "Keys are copied in full, even when the screen hides them.";
    lines.extend(frame::sentence(theme, Role::Quiet, says, area.width));
    frame::lines(&lines, area, buffer);
}

/// Asks in which form a card's keys are copied.
#[derive(Debug, Clone, Copy)]
pub struct CopyAs;

impl Modal for CopyAs {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("copy-as", "Copy as", &[&[
    command("key.copy-form", "`k` keys only, `l` one line each, `c` customer message, `j` JSON.", commands::copy_form).hint("copy").bind(&[char('k'), char('l'), char('c'), char('j')]),
    CLOSE.doc("Copy nothing.").hint("back").bind(&[plain(Esc), plain(Enter), char('q'), char('n')]),
]]);
