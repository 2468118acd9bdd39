//! The filter of a list while it is typed: the same keys in every view that has one.

use crate::ui::{
    model::{
        command::{Binding, Scope, command},
        context::Context,
        msg::Effect,
    },
    state::key::{
        Code::{Down, Enter, Esc, Up},
        plain,
    },
};

use super::motion::{DOWN, UP};

#[rustfmt::skip]
pub(in crate::ui) static LIST_FILTER: Scope = Scope::new("list-filter", "List filter", &[&[
    command("filter.keep", "Keep the filter and go to the list.", |context, _| context.end_filter(true)).hint("apply").bind(&[plain(Enter)]),
    DROP,
    DOWN.doc("Go down in the list.").bind(&[plain(Down)]),
    UP.doc("Go up in the list.").bind(&[plain(Up)]),
]]);

#[rustfmt::skip]
pub(in crate::ui) static TABLE_FILTER: Scope = Scope::new("filter", "Table filter", &[&[
    command("filter.keep", "Keep the filter and go to the table.", |context, _| context.end_filter(true)).hint("apply").bind(&[plain(Enter)]),
    DROP,
    DOWN.doc("Go down in the table.").bind(&[plain(Down)]),
    UP.doc("Go up in the table.").bind(&[plain(Up)]),
]]);

#[rustfmt::skip]
const DROP: Binding =
    command("filter.drop", "Clear the filter.", |context, _| context.end_filter(false)).hint("clear").bind(&[plain(Esc)]);

impl Context<'_> {
    /// Ends the typing of the view's filter, which stays or is dropped.
    fn end_filter(&mut self, keep: bool) -> Vec<Effect> {
        let view = self.view();
        view.end_filter(self, keep);
        vec![]
    }
}
