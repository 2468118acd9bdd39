//! The browse view and the opened on-ramp: their keys, and what they do.

use ratatui::buffer::Buffer;
use tui_input::InputRequest;

use crate::{
    domain::{
        geography,
        id::{ConnectionId, OnRampId},
        service_key::ServiceKey,
        vxc::Vxc,
    },
    ui::{
        input::{key_commands, list_filter::TABLE_FILTER},
        model::{
            Model,
            command::{Binding, Call, Command, Scope, command},
            context::Context,
            interface::Open,
            modal::CursorCell,
            msg::Effect,
            view::View,
        },
        screen::layout,
        state::{
            browse::{Filter, Pane},
            key::{
                Code::{BackTab, Enter, Esc, Left, Right, Tab},
                char, plain,
            },
            on_ramp::{Entry, OnRampPage},
            position::Position,
            view_id::ViewId,
        },
    },
};

use super::{detail, on_ramp_view, panes, round_trips, table};

#[rustfmt::skip]
pub(in crate::ui) static PANES: Scope = Scope::new("panes", "Country, metro and region panes", &[&[
    command("place.open", "Open selection.", open_place).hint("open").bind(&[plain(Enter), char('l'), plain(Right)]),
    BACK.doc("Back one pane.").hint("back").when(can_go_back).bind(&[char('h'), plain(Left)]),
]]);

#[rustfmt::skip]
pub(in crate::ui) static TABLE: Scope = Scope::new("table", "On-ramp table", &[&[
    command("on-ramp.open", "Open the on-ramp: facts, circuits, keys.", open_on_ramp).hint("open").when(on_an_on_ramp).bind(&[plain(Enter), char('l'), plain(Right), char('d')]),
    BACK.doc("Back to the region pane.").hint("back").bind(&[char('h'), plain(Left)]),
    command("on-ramp.mark", "Mark or unmark the on-ramp and go down; `m` maps all marked ones together.", mark).bind(&[char(' ')]),
    command("on-ramp.mark-all", "Mark all shown on-ramps, or none.", mark_all).bind(&[char('*')]),
]]);

#[rustfmt::skip]
pub(in crate::ui) static ON_RAMP: Scope = Scope::new("on-ramp", "On-ramp page", &[&[
    command("on-ramp.key-card", "In the list of keys: show the card of the selected key.", open_key_card).hint("show key").when(on_a_key).bind(&[plain(Enter)]),
    command("on-ramp.other-list", "Go to the other list (circuits or keys).", next_pane).hint("other list").bind(&[plain(Tab), plain(BackTab), plain(Right), char('l')]),
    key_commands::ANSWER.doc("Approve or reject the selected circuit, else the first one that awaits our approval.").bind(&[char('a')]),
    key_commands::CHANGE.doc("In the list of keys: change label, rate, VLAN or end of the selected key.").bind(&[char('e')]),
    key_commands::DISABLE.doc("In the list of keys: disable the selected key (asks first).").bind(&[char('D')]),
    key_commands::ENABLE.doc("In the list of keys: enable the selected key again (asks first).").bind(&[char('A')]),
    BACK.doc("Back to the table.").hint("back").bind(&[plain(Esc), char('h'), plain(Left), char('q')]),
]]);

const BACK: Command = command("back", "Back one step: clear the filter, or back one pane.", back);

#[rustfmt::skip]
pub(in crate::ui) const GO_TO_PLACES: Binding =
    command("go.places", "Go to the on-ramps.", go_to_places).bind(&[char('1')]);
#[rustfmt::skip]
pub(in crate::ui) const GO_TO_LIST: Binding =
    command("go.list", "All on-ramps in one list; `/` filters it.", go_to_list).bind(&[char('2')]);
#[rustfmt::skip]
pub(in crate::ui) const LATENCY: Binding =
    command("on-ramp.latency", "Show or hide round-trip times from the data centre of the selected on-ramp (last month's medians).", round_trips::toggle).when(in_browse).bind(&[char('t')]);
#[rustfmt::skip]
pub(in crate::ui) const FILTER: Binding =
    command("filter", "Filter the table: words of name, site, metro, country, region, zone, kind or uid; initials of the name (`la2`); or one column: `zone:red`, `site:`, `metro:`, `country:`, `region:`, `kind:`, `speed:10g`, `new:yes`.", type_filter).hint("filter").when(in_browse).bind(&[char('/')]);
#[rustfmt::skip]
pub(in crate::ui) const SORT: &[Binding] = &[
    command("sort", "Sort by the next shown column.", sort_by_next).hint("sort").when(in_browse).bind(&[char('s')]),
    command("sort-reverse", "Reverse sort.", reverse_sort).when(in_browse).bind(&[char('S')]),
];
#[rustfmt::skip]
pub(in crate::ui) const SWITCH_PANES: &[Binding] = &[
    command("pane.next", "Go to the next pane.", next_pane).when(in_browse).bind(&[plain(Tab)]),
    command("pane.previous", "Go to the previous pane.", previous_pane).when(in_browse).bind(&[plain(BackTab)]),
];
pub(in crate::ui) const GO_BACK: Binding = BACK.when(can_go_back).bind(&[plain(Esc)]);

/// Panes and table.
pub(in crate::ui) struct BrowseView;

impl View for BrowseView {
    fn scope(&self, model: &Model) -> &'static Scope {
        match model.browse.focus {
            _ if model.browse.filter.typing => &TABLE_FILTER,
            Pane::OnRamps => &TABLE,
            _ => &PANES,
        }
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        let areas = layout::areas(model);
        for &(pane, area) in &areas.panes {
            panes::draw(model, pane, area, buffer);
        }
        table::draw(model, areas.table, buffer);
        detail::draw(model, areas.detail, buffer);
        None
    }

    fn name(&self, model: &Model) -> String {
        model.browse.path()
    }

    fn position(&self, model: &Model) -> Position {
        let pane = model.browse.focus;
        let entries = model.browse.entries(pane);
        // A pane has one line more, for all of them.
        let length = if pane == Pane::OnRamps { entries } else { entries + 1 };
        Position::of_list(model.browse.pane_cursor(pane), length, layout::page(model))
    }

    fn move_to(&self, context: &mut Context<'_>, at: usize) {
        let (browse, inventory, geography) = context.browse_mut();
        if browse.focus == Pane::OnRamps {
            browse.go_to_row(at, inventory);
        } else {
            browse.go_to_entry(at, inventory, geography);
        }
    }

    fn is_typing(&self, model: &Model) -> bool {
        model.browse.filter.typing
    }

    fn type_in(&self, context: &mut Context<'_>, requests: &[InputRequest]) {
        let (browse, inventory, geography) = context.browse_mut();
        for &request in requests {
            browse.filter.input.handle(request);
        }
        browse.offset = 0;
        browse.narrow(inventory, geography);
        layout::keep_cursor_in_view(context);
    }

    fn end_filter(&self, context: &mut Context<'_>, keep: bool) {
        if keep {
            context.browse_mut().0.filter.typing = false;
        } else {
            drop_filter(context);
        }
    }
}

/// The page of one on-ramp, opened over the browse view.
pub(in crate::ui) struct OnRampView;

impl View for OnRampView {
    fn scope(&self, _: &Model) -> &'static Scope {
        &ON_RAMP
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        if let Some(visit) = &model.visit {
            on_ramp_view::draw(model, visit, layout::areas(model).body, buffer);
        }
        None
    }

    fn name(&self, model: &Model) -> String {
        match model.current() {
            Some(on_ramp) => format!("{} > {}", model.browse.path(), on_ramp.name),
            None => model.browse.path(),
        }
    }

    fn position(&self, model: &Model) -> Position {
        let Some(open) = &model.visit else { return Position::of_list(0, 0, 1) };
        let entries = on_ramp_view::entry_count(model, open, open.list);
        let at = on_ramp_view::cursor(model, open, open.list);
        Position::of_list(at, entries, layout::page(model))
    }

    fn move_to(&self, context: &mut Context<'_>, at: usize) {
        let page = layout::page(context);
        let Some(open) = &context.visit else { return };
        let entry = on_ramp_view::entry_at(context, open, open.list, at);
        if let Some(open) = context.visit_mut() {
            open.select(entry, at, page);
        }
    }

    fn selected_keys(&self, model: &Model) -> Vec<ServiceKey> {
        on_ramp_view::selected_key(model).into_iter().cloned().collect()
    }

    /// Returns the one under the cursor; else the first one on the on-ramp.
    fn waiting_circuit(&self, model: &Model) -> Option<(OnRampId, ConnectionId)> {
        let on_ramp = model.current()?;
        let waits = |vxc: &&Vxc| vxc.awaits_approval;
        let selected = match on_ramp_view::selected(model) {
            Some(Entry::Circuit(id)) => on_ramp.vxcs.iter().filter(waits).find(|vxc| vxc.id == id),
            _ => None,
        };
        let vxc = selected.or_else(|| on_ramp.standing_vxcs().find(waits))?;
        Some((on_ramp.id.clone(), vxc.id.clone()))
    }
}

/// Returns whether the panes or the table have the focus.
fn in_browse(model: &Model) -> bool {
    model.place == ViewId::Browse && model.visit.is_none()
}

fn on_an_on_ramp(model: &Model) -> bool {
    model.place == ViewId::Browse && model.current_id().is_some()
}

fn on_a_key(model: &Model) -> bool {
    on_ramp_view::selected_key(model).is_some()
}

fn can_go_back(model: &Model) -> bool {
    model.visit.is_some()
        || !model.browse.filter.input.value().is_empty()
        || model.browse.focus != Pane::Country
}

fn open_place(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, ..) = context.browse_mut();
    browse.focus = browse.focus.inner();
    vec![]
}

fn open_on_ramp(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if let Some(id) = context.browse.on_ramp.clone() {
        *context.visit_mut() = Some(OnRampPage::new(id));
    }
    vec![]
}

fn open_key_card(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match on_ramp_view::selected_key(context).cloned() {
        Some(key) => context.open(Open::EarlierCard(Box::new(key))),
        None => vec![],
    }
}

fn mark(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, inventory, _) = context.browse_mut();
    browse.mark();
    browse.go_to_row(browse.pane_cursor(Pane::OnRamps) + 1, inventory);
    vec![]
}

fn mark_all(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, inventory, _) = context.browse_mut();
    browse.mark_all(inventory);
    vec![]
}

fn back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.visit_mut().take().is_some() {
        return vec![];
    }
    if !context.browse.filter.input.value().is_empty() {
        drop_filter(context);
        return vec![];
    }
    let (browse, ..) = context.browse_mut();
    if !browse.marks.is_empty() && browse.focus == Pane::OnRamps {
        browse.marks.clear();
    } else if browse.flat {
        browse.flat = false;
    } else {
        browse.focus = browse.focus.outer();
    }
    vec![]
}

fn drop_filter(context: &mut Context<'_>) {
    let (browse, inventory, geography) = context.browse_mut();
    browse.filter = Filter::default();
    browse.narrow(inventory, geography);
}

fn next_pane(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.browse_mut().0.flat = false;
    if let Some(visit) = context.visit_mut() {
        visit.switch();
        return vec![];
    }
    let (browse, ..) = context.browse_mut();
    browse.focus = match browse.focus {
        Pane::OnRamps => Pane::Country,
        other => other.inner(),
    };
    vec![]
}

fn previous_pane(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, ..) = context.browse_mut();
    browse.flat = false;
    browse.focus = match browse.focus {
        Pane::Country => Pane::OnRamps,
        other => other.outer(),
    };
    vec![]
}

fn go_to_places(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Browse);
    context.browse_mut().0.flat = false;
    vec![]
}

fn go_to_list(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Browse);
    *context.visit_mut() = None;
    let (browse, inventory, geography) = context.browse_mut();
    browse.flat = true;
    browse.go_to(geography::Scope::default(), inventory, geography);
    vec![]
}

fn type_filter(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, ..) = context.browse_mut();
    (browse.filter.typing, browse.focus) = (true, Pane::OnRamps);
    vec![]
}

fn sort_by_next(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let shown = table::columns(context, layout::areas(context).table.width);
    let (browse, ..) = context.browse_mut();
    browse.sort = browse.sort.next_column(&shown);
    context.rearrange();
    vec![]
}

fn reverse_sort(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let (browse, ..) = context.browse_mut();
    browse.sort = browse.sort.reversed();
    context.rearrange();
    vec![]
}
