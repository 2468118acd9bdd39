//! Commands by name, and where keys are bound to them.
//!
//! A command is a named function with a sentence that documents it. Each feature
//! has its own commands in a [`Scope`]: one row for each, with its keys. Dispatch,
//! the key hints, help, the `:` line and the key table of docs/keys.md read these
//! rows; a key that is in none of them does nothing.

use crate::ui::state::key::{Code, Key};

use super::{Model, context::Context, msg::Effect};

/// Whether a command can be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Available {
    /// It can.
    Yes,
    /// It cannot, and its key may mean something else.
    Hidden,
    /// It is not, for a reason that is shown to the user who asks for it.
    No(String),
}

/// The effect of a held key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The same action again: moving, typing.
    Repeats,
    /// None: the command needs a separate press.
    Ignored,
    /// None, with this message.
    Refused(&'static str),
}

/// The way a command was invoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Call {
    /// The key, where one was pressed.
    pub key: Option<Key>,
}

impl Call {
    /// Returns the digit that was pressed.
    pub fn digit(self) -> Option<usize> {
        match self.key?.code {
            Code::Char(c) => Some(c.to_digit(10)? as usize),
            _ => None,
        }
    }
}

/// The availability of a command.
#[derive(Debug, Clone, Copy)]
enum When {
    Always,
    /// Available if this is true; hidden otherwise.
    If(fn(&Model) -> bool),
    /// Available as this function returns.
    Says(fn(&Model) -> Available),
}

/// A command's form on the `:` line.
#[derive(Debug, Clone, Copy)]
pub struct Typed {
    /// Its words, the one to show first.
    pub words: &'static [&'static str],
    /// Its effect, in a few words.
    pub help: &'static str,
}

/// Something that a key or the `:` line can ask for.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// `object.verb`, unique; what a configuration calls it.
    pub name: &'static str,
    /// Its effect, in a sentence: for help and the key table.
    pub doc: &'static str,
    /// One or two words for the key hints; if empty, it has none.
    pub hint: &'static str,
    /// Whether it counts only as the answer to a question that was drawn whole,
    /// with a quiet keyboard since. Without such a question it is refused.
    pub confirms: bool,
    /// The effect of a held key.
    pub held: Held,
    /// Its form on the `:` line, if it has one.
    pub typed: Option<Typed>,
    when: When,
    run: fn(&mut Context<'_>, Call) -> Vec<Effect>,
}

/// Returns a command that can always be used.
pub const fn command(
    name: &'static str,
    doc: &'static str,
    run: fn(&mut Context<'_>, Call) -> Vec<Effect>,
) -> Command {
    let (hint, confirms, held, typed, when) = ("", false, Held::Repeats, None, When::Always);
    Command { name, doc, hint, confirms, held, typed, when, run }
}

impl Command {
    /// Sets its words for the key hints.
    #[must_use]
    pub const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// Replaces its sentence, if its keys are bound to less than all of it.
    #[must_use]
    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    /// Makes it live only where `when` is true: elsewhere its keys are free.
    #[must_use]
    pub const fn when(self, when: fn(&Model) -> bool) -> Self {
        Self { when: When::If(when), ..self }
    }

    /// Makes it available only where `says` allows it; the reason is shown to the user
    /// who asks for it.
    #[must_use]
    pub const fn unless(self, says: fn(&Model) -> Available) -> Self {
        Self { when: When::Says(says), ..self }
    }

    /// Makes it the answer to the question of the dialog on top.
    #[must_use]
    pub const fn confirms(self) -> Self {
        Self { confirms: true, held: Held::Ignored, ..self }
    }

    /// Requires a separate press.
    #[must_use]
    pub const fn held(self, held: Held) -> Self {
        Self { held, ..self }
    }

    /// Adds its words on the `:` line.
    #[must_use]
    pub const fn typed(self, words: &'static [&'static str], help: &'static str) -> Self {
        Self { typed: Some(Typed { words, help }), ..self }
    }

    /// Binds it to keys, the one to show first.
    pub const fn bind(self, keys: &'static [Key]) -> Binding {
        Binding { command: self, keys }
    }

    /// Returns whether it is this one, in any scope.
    pub fn is(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// Returns whether it can be used now.
    pub fn available(&self, model: &Model) -> Available {
        match self.when {
            When::Always => Available::Yes,
            When::If(when) if when(model) => Available::Yes,
            When::If(_) => Available::Hidden,
            When::Says(says) => says(model),
        }
    }

    /// Runs it. The caller has checked [`Self::available`], [`Self::confirms`] and
    /// [`Self::held`].
    pub(in crate::ui) fn run(&self, context: &mut Context<'_>, call: Call) -> Vec<Effect> {
        (self.run)(context, call)
    }
}

/// A row of the key table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// The command of the keys.
    pub command: Command,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
}

/// A place where keys are bound: a view, a dialog.
#[derive(Debug)]
pub struct Scope {
    /// Its name, unique.
    pub id: &'static str,
    /// The heading in help and in docs/keys.md.
    pub title: &'static str,
    /// Its rows; of two with one key the earlier one wins.
    pub bindings: &'static [&'static [Binding]],
    /// Whether the field with the focus decides which rows work: help shows all of
    /// them alike.
    pub by_field: bool,
}

impl Scope {
    /// Creates a scope whose rows work wherever it is live.
    pub const fn new(
        id: &'static str,
        title: &'static str,
        bindings: &'static [&'static [Binding]],
    ) -> Self {
        Self { id, title, bindings, by_field: false }
    }
}
