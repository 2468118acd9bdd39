//! The region map whole: its files, what is not well, every region with its
//! places and notes.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    domain::region::{Layer, LayerOwner, Region, Selector},
    ui::{
        input::motion::{ENDS, PAGE_DOWN, PAGE_UP, SCROLL},
        model::{
            Model,
            command::{Call, Command, Scope, command},
            context::Context,
            modal::{CLOSE, CursorCell, Modal},
            msg::Effect,
        },
        screen::{frame, region_text},
        state::{
            key::{
                Code::{Enter, Esc, PageDown, PageUp},
                char, ctrl, plain,
            },
            position::Position,
        },
        widget::{
            text::{count, wrap},
            theme::Role,
        },
    },
};

use super::mapping::held;

/// It takes what the screen has, up to this.
const SIZE: (u16, u16) = (104, 32);

/// The dialog.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegionOverview {
    /// The first line shown.
    pub offset: usize,
}

impl Modal for RegionOverview {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        let area = frame::open(model, "Region map", SIZE, Role::Accent, buffer);
        let lines = lines(model, area.width);
        frame::lines(&lines[self.offset.min(lines.len())..], area, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let area = frame::inside(model, SIZE);
        Some(Position::scrolled(self.offset, lines(model, area.width).len(), area.height))
    }

    fn move_to(&mut self, at: usize) {
        self.offset = at;
    }

    fn shows_region_problems(&self) -> bool {
        true
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("region-map", "Region map", &[
    SCROLL,
    &[
        PAGE_DOWN.bind(&[plain(PageDown), ctrl('f'), char(' ')]),
        PAGE_UP.bind(&[plain(PageUp), ctrl('b')]),
    ],
    ENDS,
    &[CLOSE.hint("close").bind(&[plain(Esc), plain(Enter), char('q')])],
]);

/// The region map, on the `:` line.
pub(in crate::ui) const OPEN: Command = command("region-map.open", "Show the region map.", open)
    .typed(&["regions"], "show the region map");

fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(RegionOverview::default());
    vec![]
}

/// Names the owner of a file.
pub(in crate::ui) const fn whose(layer: &Layer) -> &'static str {
    match (layer.whose, layer.fixed) {
        (_, true) => "read-only",
        (LayerOwner::Team, _) => "the team's",
        (LayerOwner::Own, _) => "yours",
        (LayerOwner::Memory, _) => "in memory, not saved",
    }
}

fn lines(model: &Model, room: u16) -> Vec<Line<'static>> {
    let (theme, map) = (model.theme, &model.regions);
    let mut lines = vec![];
    for layer in map.layers() {
        let says = format!("{} ({})", layer.file, whose(layer));
        lines.extend(frame::fact(theme, "from", &says, room));
    }
    for (role, says) in region_text::troubles(model) {
        lines.extend(frame::sentence(theme, role, &says, room));
    }
    let held = |name| held(model, name);
    for region in map.regions() {
        lines.push(Line::default());
        let here = held(Some(&region.name));
        let role = if here == 0 { Role::Warn } else { Role::Quiet };
        let figure = if here == 0 { "no on-ramp".to_owned() } else { count(here, "on-ramp") };
        lines.push(Line::from(vec![
            Span::styled(format!("{}  ", region.name), theme.style(Role::Strong)),
            Span::styled(figure, theme.style(role)),
        ]));
        lines.extend(indented(model, Role::Plain, &places(&region.claims), 2, room));
        lines.extend(indented(model, Role::Accent, region.note.as_str(), 2, room));
        lines.extend(areas(model, region, room));
    }
    lines.push(Line::default());
    let says = match held(None) {
        0 if map.regions().is_empty() => {
            model.keyed("There is no region yet: {key:on-ramp.map} maps a place.")
        }
        0 => "Every on-ramp has a region.".to_owned(),
        n => {
            let maps = model.keyed("{key:on-ramp.map} maps the selection.");
            format!("{} unmapped. {maps}", count(n, "on-ramp"))
        }
    };
    lines.extend(frame::sentence(theme, Role::Quiet, &says, room));
    let barred: Vec<_> = map.layers().iter().flat_map(|layer| layer.unmapped.clone()).collect();
    if !barred.is_empty() {
        let says = format!("Excluded from every region: {}.", places(&barred));
        lines.extend(frame::sentence(theme, Role::Quiet, &says, room));
    }
    lines
}

fn areas(model: &Model, region: &Region, room: u16) -> Vec<Line<'static>> {
    let mut lines = vec![];
    for area in &region.areas {
        let says = format!("> {}: {}", area.name, places(&area.claims));
        lines.extend(indented(model, Role::Plain, &says, 2, room));
        lines.extend(indented(model, Role::Accent, area.note.as_str(), 4, room));
    }
    lines
}

fn places(claims: &[Selector]) -> String {
    claims.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn indented(model: &Model, role: Role, text: &str, by: usize, room: u16) -> Vec<Line<'static>> {
    if text.is_empty() {
        return vec![];
    }
    let style = model.theme.style(role);
    let lines = wrap(text, usize::from(room).saturating_sub(by)).into_iter();
    lines.map(|line| Line::from(Span::styled(format!("{:by$}{line}", ""), style))).collect()
}
