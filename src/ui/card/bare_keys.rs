//! Keys alone on the screen, each on a line of its own and nothing beside it,
//! so that a mouse can select it where nothing else copies.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    widgets::{Clear, Widget as _},
};

use crate::{
    domain::service_key::ServiceKey,
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CLOSE, CursorCell, Modal},
        },
        screen::layout,
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
        widget::theme::Role,
    },
};

pub(in crate::ui) fn draw(model: &Model, keys: &[ServiceKey], buffer: &mut Buffer) {
    let body = layout::areas(model).body;
    let whole = Rect { height: body.height + 1, ..body };
    Clear.render(whole, buffer);
    let theme = model.theme;
    let says = "Select a key with the mouse; each is alone on its line.";
    let mut y = body.y + 1;
    buffer.set_stringn(body.x, y, says, usize::from(body.width), theme.style(Role::Quiet));
    for key in keys {
        let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
        let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
        let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
        let above = format!("{zone}  {name}");
        let lines = [(Role::Quiet, above.as_str()), (Role::Strong, key.id.reveal())];
        y += 1;
        for (role, text) in lines {
            y += 1;
            if y < body.bottom() {
                buffer.set_stringn(body.x, y, text, usize::from(body.width), theme.style(role));
            }
        }
    }
}

/// Keys, and nothing else, on the screen.
#[derive(Debug, Clone)]
pub struct BareKeys(pub Vec<ServiceKey>);

impl Modal for BareKeys {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, &self.0, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("bare-keys", "Keys only", &[&[
    CLOSE.doc("Back to the card.").hint("back").bind(&[plain(Esc), plain(Enter), char('q'), char('v')]),
]]);
