//! The keymap: which key does what now.
//!
//! It is a value in the model, made of the scopes of all features, so that a
//! feature can ask for the key of another one's command without knowing it.

use crate::ui::state::key::Key;

use super::{
    Model,
    command::{Available, Binding, Command, Scope},
};

/// Every key that is bound.
#[derive(Debug, Clone)]
pub struct Keymap {
    scopes: &'static [&'static Scope],
    /// What is bound in every view, under no dialog.
    views: &'static Scope,
    /// What is bound everywhere.
    always: &'static Scope,
}

impl Keymap {
    /// The keymap of these scopes, in the order of the key table; `views` is live in
    /// every view, `always` everywhere.
    pub const fn of(
        scopes: &'static [&'static Scope],
        views: &'static Scope,
        always: &'static Scope,
    ) -> Self {
        Self { scopes, views, always }
    }

    /// Every scope, in the order of the key table.
    pub const fn scopes(&self) -> &'static [&'static Scope] {
        self.scopes
    }

    /// The rows of a scope.
    pub fn bindings(scope: &'static Scope) -> impl Iterator<Item = &'static Binding> {
        scope.bindings.iter().copied().flatten()
    }

    /// The first key of a command, wherever it is bound: for sentences that tell
    /// which key to press. `:name` where it has none.
    pub fn key_of(&self, name: &str) -> String {
        let rows = self.scopes.iter().flat_map(|scope| Self::bindings(scope));
        let key = rows.filter(|row| row.command.name == name).find_map(|row| row.keys.first());
        key.map_or_else(|| format!(":{name}"), ToString::to_string)
    }

    /// The key table, as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for (at, scope) in self.scopes.iter().enumerate() {
            let gap = if at > 0 { "\n" } else { "" };
            let head = format!("{gap}**{}**\n\n| Keys | What they do |\n|---|---|\n", scope.title);
            out.push_str(&head);
            for binding in Self::bindings(scope) {
                let keys: Vec<_> = binding.keys.iter().map(|k| format!("`{k}`")).collect();
                let row = format!("| {} | {} |\n", keys.join(" "), binding.command.doc);
                out.push_str(&row);
            }
        }
        out
    }
}

/// What a key means now.
#[derive(Debug, Clone)]
pub(in crate::ui) enum Resolved {
    /// This command.
    Command(Command),
    /// A command that cannot be used, and why.
    No(String),
}

impl Model {
    /// The scopes that are live now, the nearest first.
    pub fn live_scopes(&self) -> Vec<&'static Scope> {
        self.scopes_of(self.modals.top().map(crate::ui::model::modal::Modal::scope))
    }

    /// The scopes of a dialog, or of the view where there is none.
    pub(in crate::ui) fn scopes_of(&self, dialog: Option<&'static Scope>) -> Vec<&'static Scope> {
        let Keymap { views, always, .. } = self.interface.keymap;
        match dialog {
            Some(scope) => vec![scope, always],
            None if self.view().is_typing(self) => vec![self.view().scope(self), always],
            None => vec![self.view().scope(self), views, always],
        }
    }

    /// The rows that work now, the nearest scope first.
    pub fn working_bindings(&self) -> impl Iterator<Item = &'static Binding> + '_ {
        let rows = self.live_scopes().into_iter().flat_map(Keymap::bindings);
        rows.filter(|row| row.command.available(self) == Available::Yes)
    }

    /// What `key` means now: the nearest command that can be used, else the reason of
    /// the nearest one that says why it cannot.
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

    /// The first key of a row that reaches it now: an earlier row may have taken the
    /// others.
    pub fn shown_key(&self, row: &Binding) -> Option<Key> {
        let reaches = |key: &&Key| {
            let first = self.working_bindings().find(|one| one.keys.contains(key));
            first.is_some_and(|one| std::ptr::eq(one, row))
        };
        row.keys.iter().find(reaches).copied()
    }
}
