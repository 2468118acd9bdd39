//! The keymap: which key runs which command.
//!
//! It is a value in the model, made of the scopes of all features, so that a feature
//! can ask for the key of another one's command without knowing it.

use super::command::{Binding, Command, Scope};

/// Every key that is bound.
#[derive(Debug, Clone)]
pub struct Keymap {
    scopes: &'static [&'static Scope],
    /// Commands bound in every view, without a dialog.
    pub(in crate::ui) views: &'static Scope,
    /// Commands bound everywhere.
    pub(in crate::ui) always: &'static Scope,
}

impl Keymap {
    /// Returns the keymap of these scopes, in the order of the key table; `views` is
    /// live in every view, `always` everywhere.
    pub const fn new(
        scopes: &'static [&'static Scope],
        views: &'static Scope,
        always: &'static Scope,
    ) -> Self {
        Self { scopes, views, always }
    }

    /// Returns every scope, in the order of the key table.
    pub const fn scopes(&self) -> &'static [&'static Scope] {
        self.scopes
    }

    /// Returns the rows of a scope.
    pub fn bindings(scope: &'static Scope) -> impl Iterator<Item = &'static Binding> {
        scope.bindings.iter().copied().flatten()
    }

    /// Returns the first key of a command, in any scope: for sentences that name the
    /// key to press. `:name` if it has none.
    pub fn key_of(&self, name: &str) -> String {
        let rows = self.scopes.iter().flat_map(|scope| Self::bindings(scope));
        let key = rows.filter(|row| row.command.name == name).find_map(|row| row.keys.first());
        key.map_or_else(|| format!(":{name}"), ToString::to_string)
    }

    /// Returns a sentence with the keys of the commands that it names:
    /// `{key:key.create}` is the first key of that command, `{typed:writes.ask}` its
    /// word on the `:` line. Only for sentences of our own: what a vendor wrote is put
    /// in afterwards.
    pub fn fill(&self, typed: &[Command], text: &str) -> String {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match name.split_once(':') {
                Some(("key", name)) => filled.push_str(&self.key_of(name)),
                Some((_, name)) => {
                    let of = typed.iter().find(|command| command.name == name);
                    let word = of.and_then(|command| command.typed).map(|typed| typed.words[0]);
                    filled.push(':');
                    filled.push_str(word.unwrap_or(name));
                }
                None => filled.push_str(name),
            }
            filled.push_str(rest);
        }
        filled
    }

    /// Returns the key table, as Markdown: first the rows that several places share, then
    /// the others by place.
    pub fn markdown(&self) -> String {
        let all = || self.scopes.iter().flat_map(|scope| Self::bindings(scope).map(row));
        let is_shared = |row: &String| all().filter(|other| other == row).count() > 1;
        let mut shared: Vec<String> = vec![];
        for row in all().filter(is_shared) {
            if !shared.contains(&row) {
                shared.push(row);
            }
        }
        let mut out =
            format!("## In several places\n\n| Keys | Command |\n|---|---|\n{}", shared.concat());
        out.push_str("\n## By place\n\n| Place | Keys | Command |\n|---|---|---|\n");
        for scope in self.scopes {
            let own = Self::bindings(scope).map(row).filter(|row| !shared.contains(row));
            for (at, row) in own.enumerate() {
                let place = if at == 0 { scope.title } else { "" };
                out.push_str("| ");
                out.push_str(place);
                out.push(' ');
                out.push_str(&row);
            }
        }
        out
    }
}

/// A row of the key table: the keys and the sentence of a command.
fn row(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
    format!("| {} | {} |\n", keys.join(" "), binding.command.doc)
}
