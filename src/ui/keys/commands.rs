//! Carries out commands on the keys view.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    domain::{
        id::{ConnectionId, OnRampId},
        service_key::ServiceKey,
    },
    ui::{
        input::{key_commands, list_filter::LIST_FILTER},
        model::{
            Model,
            command::{Binding, Call, Scope, command},
            context::Context,
            interface::Open,
            modal::CursorCell,
            msg::Effect,
            view::View,
        },
        state::{
            key::{
                Code::{Enter, Esc, Left, Right},
                char, plain,
            },
            keys::{KeyList, Row, RowKey, Sort},
            position::Position,
            view_id::ViewId,
        },
    },
};

use super::{columns, rows, view, watch};

/// Computes the rows again: the lists have changed, or time has.
pub(in crate::ui) fn apply_rows(context: &mut Context<'_>) {
    let rows = rows::all(context);
    context.keys_mut().apply_rows(rows);
    let page = view::page(context);
    context.keys_mut().scroll(page);
}

/// Goes to the view.
#[rustfmt::skip]
pub(in crate::ui) const GO: Binding =
    command("go.keys", "Keys: which are used, and how we know.", go_to_keys).hint("keys").when(is_elsewhere).bind(&[char('3')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("keys", "Keys view", &[&[
    command("key.card", "Show the card of the selected key (key hidden).", open).hint("card").when(on_a_listed_key).bind(&[plain(Enter), char('l'), plain(Right), char('H')]),
    key_commands::ANSWER.bind(&[char('a')]),
    command("key.timeline", "Timeline of the selected key, and other entries with its reference.", open_timeline).hint("timeline").when(on_a_row).bind(&[char('d')]),
    command("key.watch", "Watch the selected key, or stop watching it.", watch::toggle).hint("watch").when(on_a_listed_key).bind(&[char('t')]),
    key_commands::CHANGE.bind(&[char('e')]),
    key_commands::DISABLE.doc("Disable the marked keys, else the selected one (asks first and lists each).").bind(&[char('D')]),
    key_commands::ENABLE.doc("Enable the marked keys, else the selected one (asks first).").bind(&[char('A')]),
    command("key.mark", "Mark or unmark the key and go down.", mark).hint("mark").when(on_a_listed_key).bind(&[char(' ')]),
    command("key.mark-all", "Mark all shown keys, or none.", |context, _| change_list(context, |list, _| list.mark_all())).bind(&[char('*')]),
    command("keys.filter", "Filter the list: words of label, on-ramp, zone, state, customer, VLAN, or the first or last characters of a key.", |context, _| change_list(context, |list, _| list.typing = true)).hint("filter").bind(&[char('/')]),
    command("keys.sort", "Sort by the next column: state, label, on-ramp, VLAN, age, end.", |context, _| change_list(context, |list, _| list.sort_by(|sort| sort.next(&columns::orders())))).hint("sort").bind(&[char('s')]),
    command("keys.sort-reverse", "Reverse sort.", |context, _| change_list(context, |list, _| list.sort_by(Sort::turned))).bind(&[char('S')]),
    command("keys.widen", "Show or hide the status detail below the list.", |context, _| change_list(context, |list, _| list.wide = !list.wide)).hint("larger list").bind(&[char('w')]),
    command("keys.back", "Clear the filter, then the marks, then back to the on-ramps.", back).hint("back").bind(&[plain(Esc), char('h'), plain(Left)]),
]]);

/// The view.
pub(in crate::ui) struct KeysView;

impl View for KeysView {
    fn scope(&self, model: &Model) -> &'static Scope {
        if model.key_list.typing { &LIST_FILTER } else { &SCOPE }
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        view::draw(model, buffer)
    }

    fn name(&self, _: &Model) -> String {
        "Keys".to_owned()
    }

    fn position(&self, model: &Model) -> Position {
        let list = &model.key_list;
        Position::of_list(list.cursor(), list.rows().len(), view::page(model))
    }

    fn move_to(&self, context: &mut Context<'_>, at: usize) {
        change_list(context, |list, page| list.go_to(at, page));
    }

    fn selected_keys(&self, model: &Model) -> Vec<ServiceKey> {
        let list = &model.key_list;
        let of = |id| model.engine.inventory().key(id).cloned();
        if list.marks.is_empty() {
            let current = list.current().and_then(Row::id);
            return current.and_then(of).into_iter().collect();
        }
        list.marks.iter().filter_map(of).collect()
    }

    /// Returns the circuit of the key under the cursor.
    fn waiting_circuit(&self, model: &Model) -> Option<(OnRampId, ConnectionId)> {
        let RowKey::Listed(id) = model.key_list.selected.as_ref()? else { return None };
        let key = model.engine.inventory().key(id)?;
        let reading = model.engine.survey().listed(key);
        let circuit = reading.circuit().filter(|circuit| circuit.awaits_approval)?;
        Some((key.on_ramp.clone(), circuit.id.clone()))
    }

    fn is_typing(&self, model: &Model) -> bool {
        model.key_list.typing
    }

    fn type_in(&self, context: &mut Context<'_>, requests: &[InputRequest]) {
        for &request in requests {
            context.keys_mut().filter.handle(request);
        }
        context.keys_mut().arrange();
    }

    fn end_filter(&self, context: &mut Context<'_>, keep: bool) {
        change_list(context, |list, _| {
            list.typing = false;
            if !keep {
                list.filter = Input::default();
                list.arrange();
            }
        });
    }
}

fn is_elsewhere(model: &Model) -> bool {
    model.place != ViewId::Keys
}

fn on_a_row(model: &Model) -> bool {
    model.key_list.current().is_some()
}

fn on_a_listed_key(model: &Model) -> bool {
    model.key_list.current().is_some_and(|row| row.id().is_some())
}

/// Changes the list, with the present page size, and keeps its cursor in view.
fn change_list(context: &mut Context<'_>, change: impl FnOnce(&mut KeyList, usize)) -> Vec<Effect> {
    let page = view::page(context);
    change(context.keys_mut(), page);
    let page = view::page(context);
    context.keys_mut().scroll(page);
    vec![]
}

fn go_to_keys(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Keys);
    context.browse_mut().0.flat = false;
    context.mark_news_read();
    apply_rows(context);
    vec![]
}

/// Marks the key under the cursor, and goes down.
fn mark(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    change_list(context, |list, page| {
        list.mark();
        list.go_to(list.cursor() + 1, page);
    })
}

/// Goes one step back: the filter, the marks, then the view before.
fn back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let list = context.keys_mut();
    if !list.filter.value().is_empty() {
        list.filter = Input::default();
        list.arrange();
    } else if !list.marks.is_empty() {
        list.marks.clear();
    } else {
        context.go_to_view(ViewId::Browse);
    }
    change_list(context, |_, _| {})
}

/// Shows the card of the key under the cursor.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(row) = context.key_list.current() else { return vec![] };
    let effects = match &row.of {
        RowKey::Listed(id) => match context.engine.inventory().key(id).cloned() {
            Some(key) => context.open(Open::EarlierCard(Box::new(key))),
            None => vec![],
        },
        RowKey::Remembered(_) => {
            let says = "The key cannot be shown: it is no longer listed, and this host never \
                stores keys in clear text.";
            context.say(says);
            vec![]
        }
    };
    change_list(context, |_, _| {});
    effects
}

fn open_timeline(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match context.key_list.selected.clone() {
        Some(of) => context.open(Open::Timeline(of)),
        None => vec![],
    }
}
