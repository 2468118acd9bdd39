//! The model's interface to the parts of the screen above it.
//!
//! Features do not know one another. A feature uses another one through this: it finds
//! a key by the name of its command, opens a dialog by stating its content, and has the
//! engine's outputs presented.

use std::fmt;

use crate::{
    api::KeyChange,
    domain::{
        id::{ConnectionId, OnRampId},
        intent::IntentId,
        service_key::ServiceKey,
    },
    engine::effect::{Origin, Outcome},
    ui::state::keys::RowKey,
};

use super::{Model, command::Command, context::Context, keymap::Keymap, msg::Effect, view::View};

/// A view or dialog of another feature to open.
#[derive(Debug, Clone)]
pub enum Open {
    /// The form for a new key on the on-ramp under the cursor.
    NewKey,
    /// The form of an order that surely created nothing, as it was.
    Draft,
    /// The form that changes this key.
    EditKey(Box<ServiceKey>),
    /// The question about these changes.
    Changes(ChangeKind, Vec<(ServiceKey, KeyChange)>),
    /// The unreadable part of the journal, and the question whether to continue.
    Damage,
    /// The progress of a request.
    Progress(IntentId),
    /// The progress of a request, or the card of its key.
    Attempt(IntentId),
    /// The card of a key that a request created, at the user's request.
    CreatedCard(IntentId, Origin),
    /// The same card, opened unasked.
    NewCard(IntentId, Origin),
    /// The review of a request that was never sent, or whose key was not found.
    ReviewAgain(IntentId),
    /// The question about a circuit that waits for our approval.
    Approval(OnRampId, ConnectionId),
    /// The card of a key that was created earlier.
    EarlierCard(Box<ServiceKey>),
    /// The timeline of a key.
    Timeline(RowKey),
    /// The list of problems and unreadable entries.
    Problems,
    /// The browse view, with the cursor on this on-ramp, in the list of all.
    OnRamp(OnRampId),
}

/// The kind of a change of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Disables keys.
    Disable,
    /// Enables keys again.
    Enable,
    /// Edits one key.
    Edit,
    /// Puts keys that were changed elsewhere back as they were ordered.
    PutBack,
}

/// The parts of the screen above the model. Built by `ui::commands`.
#[derive(Clone, Copy)]
pub struct Interface {
    /// The keymap.
    pub keymap: &'static Keymap,
    /// The commands of the `:` line, in the order in which they are shown.
    pub typed: &'static [Command],
    /// The view that is on the screen.
    pub view: fn(&Model) -> &'static dyn View,
    /// Opens a view or dialog for a feature.
    pub open: fn(&mut Context<'_>, Open) -> Vec<Effect>,
    /// Presents what came out of the engine, in its order.
    pub present: fn(&mut Context<'_>, Outcome) -> Vec<Effect>,
}

impl fmt::Debug for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interface").finish_non_exhaustive()
    }
}

impl Model {
    /// Returns a sentence of our own, with the keys of the commands that it names.
    pub(in crate::ui) fn keyed(&self, text: &str) -> String {
        self.interface.keymap.fill(self.interface.typed, text)
    }

    /// Returns the view that is on the screen, under the dialogs.
    pub(in crate::ui) fn view(&self) -> &'static dyn View {
        (self.interface.view)(self)
    }
}
