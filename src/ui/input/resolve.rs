//! Resolves a key to a command: the live scopes and their available rows.

use crate::ui::{
    model::{
        Model,
        command::{Available, Binding, Command, Scope},
        keymap::Keymap,
    },
    state::key::Key,
};

/// The present meaning of a key.
#[derive(Debug, Clone)]
pub(in crate::ui) enum Resolved {
    /// This command.
    Command(Command),
    /// A command that cannot be used, and why.
    No(String),
}

impl Model {
    /// Returns the scopes that are live now, the nearest first.
    pub fn live_scopes(&self) -> Vec<&'static Scope> {
        self.scopes_of(self.modals.top().map(crate::ui::model::modal::Modal::scope))
    }

    /// Returns the scopes of a dialog, or of the view where there is none.
    pub(in crate::ui) fn scopes_of(&self, dialog: Option<&'static Scope>) -> Vec<&'static Scope> {
        let Keymap { views, always, .. } = self.interface.keymap;
        match dialog {
            Some(scope) => vec![scope, always],
            None if self.view().is_typing(self) => vec![self.view().scope(self), always],
            None => vec![self.view().scope(self), views, always],
        }
    }

    /// Returns the rows that work now, the nearest scope first.
    pub fn working_bindings(&self) -> impl Iterator<Item = &'static Binding> + '_ {
        let rows = self.live_scopes().into_iter().flat_map(Keymap::bindings);
        rows.filter(|row| row.command.available(self) == Available::Yes)
    }

    /// Resolves `key`: the nearest available command, else the reason of the nearest
    /// one that states why it is not.
    pub(in crate::ui) fn resolve(&self, key: Key) -> Option<Resolved> {
        if let Some(row) = self.working_bindings().find(|row| row.keys.contains(&key)) {
            return Some(Resolved::Command(row.command));
        }
        let rows = self.live_scopes().into_iter().flat_map(Keymap::bindings);
        let mut bound = rows.filter(|row| row.keys.contains(&key));
        bound.find_map(|row| match row.command.available(self) {
            Available::No(why) => Some(Resolved::No(why)),
            Available::Yes | Available::Hidden => None,
        })
    }

    /// Returns the first key of a row that reaches it now: an earlier row may have
    /// taken the others.
    pub fn shown_key(&self, row: &Binding) -> Option<Key> {
        let reaches = |key: &&Key| {
            let first = self.working_bindings().find(|one| one.keys.contains(key));
            first.is_some_and(|one| std::ptr::eq(one, row))
        };
        row.keys.iter().find(reaches).copied()
    }
}
