//! Best fit: on-ramps ranked for a rate, with reasons, and why the others are refused.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};
use tui_input::{Input, InputRequest};

use crate::{
    domain::{
        geography::Scope,
        ranking::{Candidate, Offer, Ranking, Reason, Refusal, Want},
        units::{Mbps, RateFault},
    },
    ui::{
        model::{
            Model,
            modal::{CursorCell, Modal},
        },
        screen::frame,
        state::position::Position,
        widget::{
            text::{capital, count, wrap},
            text_box,
            theme::Role,
        },
    },
};

use super::best_fit;

/// It takes what the screen has, up to this.
const SIZE: (u16, u16) = (104, 32);

/// The dialog.
#[derive(Debug, Clone)]
pub struct Offers {
    /// The rate as typed.
    pub rate: Input,
    /// The place to rank in.
    pub scope: Scope,
    /// Its name.
    pub place: String,
    /// The line under the cursor: an offer, or after them a refusal.
    pub cursor: usize,
}

impl Offers {
    /// Returns the requirements, or the error in the rate.
    pub fn want(&self) -> Result<Want, RateFault> {
        self.rate.value().parse().map(Want::for_rate)
    }
}

/// Returns the ranking as it is now.
pub(in crate::ui) fn ranking<'a>(model: &'a Model, open: &Offers) -> Option<Ranking<'a>> {
    Some(best_fit::rank(model, &open.scope, open.want().ok()?))
}

/// Draws it; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, open: &Offers, buffer: &mut Buffer) -> (u16, u16) {
    let theme = model.theme;
    let title = format!("Best on-ramps: {}", open.place);
    let area = frame::open(model, &title, SIZE, Role::Accent, buffer);
    buffer.set_stringn(area.x, area.y, "for", 4, theme.style(Role::Quiet));
    let cursor = text_box::draw(theme, &open.rate, (area.x + 4, area.y), 10, buffer);
    let ranked = ranking(model, open);
    // Shown once if nothing is measured, and with each offer if some is.
    let unmeasured = ranked.as_ref().is_some_and(|ranking| {
        let none = |offer: &Offer<'_>| offer.reasons.contains(&Reason::NoLoad);
        ranking.offers.iter().all(none)
    });
    let rate = open.rate.value().parse::<Mbps>();
    let says = match &rate {
        Err(_) => String::new(),
        Ok(rate) if unmeasured => {
            format!("= {rate}. No load data here; ranked by allocation.")
        }
        Ok(rate) => format!("= {rate} (type to re-rank)"),
    };
    let room = usize::from(area.width.saturating_sub(15));
    buffer.set_stringn(area.x + 15, area.y, says, room, theme.style(Role::Quiet));
    let below = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let lines = match ranked {
        None => {
            let fault = rate.err().map_or_else(String::new, |fault| fault.to_string());
            frame::sentence(theme, Role::Bad, &capital(&fault), area.width)
        }
        Some(ranking) => {
            let (lines, at) = lines(model, open, &ranking, unmeasured, usize::from(area.width));
            let tall = usize::from(below.height);
            let from = (at + 4).saturating_sub(tall);
            lines.into_iter().skip(from).collect()
        }
    };
    frame::lines(&lines, below, buffer);
    cursor
}

/// Returns every line, and which one has the cursor.
fn lines(
    model: &Model,
    open: &Offers,
    ranking: &Ranking<'_>,
    unmeasured: bool,
    room: usize,
) -> (Vec<Line<'static>>, usize) {
    let theme = model.theme;
    let (mut lines, mut at) = (vec![], 0);
    for says in not_read(model) {
        lines.push(Line::from(Span::styled(says, theme.style(Role::Warn))));
    }
    if ranking.offers.is_empty() && model.engine.has_inventory() {
        let says =
            format!("No suitable on-ramp among {}.", count(ranking.refusals.len(), "on-ramp"));
        lines.push(Line::from(Span::styled(says, theme.style(Role::Warn))));
    }
    for (index, Offer { candidate, reasons, .. }) in ranking.offers.iter().enumerate() {
        if index == open.cursor {
            at = lines.len();
        }
        lines.push(head(model, candidate, Some(index + 1), index == open.cursor));
        let (worries, goods): (Vec<_>, Vec<_>) = reasons
            .iter()
            .filter(|one| !unmeasured || **one != Reason::NoLoad)
            .partition(|one| one.is_worry());
        lines.extend(indented(model, Role::Plain, &join(&goods), room));
        if !worries.is_empty() {
            lines.extend(indented(model, Role::Warn, &join(&worries), room));
        }
    }
    if !ranking.refusals.is_empty() {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled("Not suitable", theme.style(Role::Strong))));
    }
    for (index, (candidate, why)) in ranking.refusals.iter().enumerate() {
        let index = ranking.offers.len() + index;
        if index == open.cursor {
            at = lines.len();
        }
        lines.push(head(model, candidate, None, index == open.cursor));
        let why: Vec<_> = why.iter().map(Refusal::to_string).collect();
        lines.extend(indented(model, Role::Quiet, &why.join("; "), room));
    }
    (lines, at)
}

/// Returns the data that the ranking needs and that was not read.
fn not_read(model: &Model) -> Vec<&'static str> {
    let engine = &model.engine;
    let all = [
        (engine.has_inventory(), "Your on-ramps have not been read yet."),
        (
            engine.inventory().keys_known(),
            "Your keys have not been read yet: their VLANs and rates are not counted.",
        ),
        (
            engine.background().events.known.is_some(),
            "The events have not been read yet: maintenance and outages are not counted.",
        ),
    ];
    all.into_iter().filter(|(is_read, _)| !is_read).map(|(_, says)| says).collect()
}

fn join(reasons: &[&Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn indented(model: &Model, role: Role, text: &str, room: usize) -> Vec<Line<'static>> {
    let style = model.theme.style(role);
    let lines = wrap(text, room.saturating_sub(5)).into_iter();
    lines.map(|line| Line::from(Span::styled(format!("     {line}"), style))).collect()
}

fn head(
    model: &Model,
    candidate: &Candidate<'_>,
    number: Option<usize>,
    here: bool,
) -> Line<'static> {
    let theme = model.theme;
    let on_ramp = candidate.on_ramp;
    let mark = if here { "▸" } else { " " };
    let number = number.map_or_else(|| "  ".to_owned(), |number| format!("{number:>2}"));
    let name = if here { Role::Accent } else { Role::Strong };
    Line::from(vec![
        Span::styled(format!("{mark}{number}  "), theme.style(Role::Accent)),
        Span::styled(on_ramp.name.to_string(), theme.style(name)),
        Span::raw(format!("  {}  ", on_ramp.site.name)),
        Span::styled(on_ramp.zone.word().to_owned(), theme.zone(&on_ramp.zone)),
        Span::raw(on_ramp.capacity().map_or_else(String::new, |rate| format!("  {rate}"))),
    ])
}

impl Modal for Offers {
    fn scope(&self) -> &'static crate::ui::model::command::Scope {
        &best_fit::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        Some(draw(model, self, buffer))
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.rate.handle(request);
        self.cursor = 0;
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let all = ranking(model, self);
        let all = all.map_or(0, |all| all.offers.len() + all.refusals.len());
        Some(Position::of_list(self.cursor, all, all))
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at;
    }

    fn compares(&self) -> Option<&Scope> {
        Some(&self.scope)
    }
}
