//! Views: what each can do. One of them is on the screen, under the dialogs.
//!
//! A view's state is a part of the model; the view itself is a value without any,
//! which knows its part. It fails closed as a dialog does.

use ratatui::buffer::Buffer;
use tui_input::InputRequest;

use crate::{
    domain::{
        id::{ConnectionId, OnRampId},
        service_key::ServiceKey,
    },
    ui::state::position::Position,
};

use super::{Model, command::Scope, context::Context, modal::CursorCell, msg::Effect};

/// A view.
pub trait View: Sync {
    /// Returns the present scope of its commands.
    fn scope(&self, model: &Model) -> &'static Scope;

    /// Draws it; where the text cursor is, if text is typed into it.
    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell>;

    /// Returns its name in the header.
    fn name(&self, model: &Model) -> String;

    /// Returns the line that motions move.
    fn position(&self, model: &Model) -> Position;

    /// Goes to a line of it.
    fn move_to(&self, context: &mut Context<'_>, at: usize);

    /// Returns the keys that are marked, else the one under the cursor.
    fn selected_keys(&self, _model: &Model) -> Vec<ServiceKey> {
        vec![]
    }

    /// Returns the selected circuit that awaits our approval, with its on-ramp.
    fn waiting_circuit(&self, _model: &Model) -> Option<(OnRampId, ConnectionId)> {
        None
    }

    /// Returns whether its filter is being typed.
    fn is_typing(&self, _model: &Model) -> bool {
        false
    }

    /// Changes its filter. Called only while [`Self::is_typing`].
    fn type_in(&self, _context: &mut Context<'_>, _requests: &[InputRequest]) {}

    /// Reads again what it shows beside the lists.
    fn refresh(&self, _context: &mut Context<'_>) -> Vec<Effect> {
        vec![]
    }

    /// Ends the typing of its filter, which stays or is dropped.
    fn end_filter(&self, _context: &mut Context<'_>, _keep: bool) {}
}
