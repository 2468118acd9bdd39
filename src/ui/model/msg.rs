//! Messages to the console, and effects it requests.

use crate::{
    api::{
        DryRunRequest, Event, RequestId,
        account::{Answer, Ask},
        audit,
        cache::CachedLists,
        clipboard::{Clipboard, Verdict},
        journal,
        log::Tail,
        regions,
    },
    domain::{
        export::{FileFormat, Table},
        key_order::KeyOrder,
        region::Edit,
        snapshot::Snapshot,
        text::SafeText,
        time::Timestamp,
    },
    engine::{self, background::TmuxClients},
    ui::state::key::Key,
};

/// Everything that can happen to the console, in the order it happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The time. Sent before every batch of other messages, and alone only while the
    /// model asks for it.
    Tick(Timestamp),
    /// A key press.
    Key(Key),
    /// A press that the terminal marks as a repeat: the key is held.
    Repeat(Key),
    /// The program gave the terminal back and stopped, or could not: no shell
    /// would let it go on again.
    Suspended(bool),
    /// It goes on, and has the terminal again.
    Resumed,
    /// A paste, which is text and never a command.
    Paste(String),
    /// The terminal's new size in columns and rows.
    Resize(u16, u16),
    /// The last frame is on the screen.
    Drawn,
    /// Something from the API.
    Api(Event),
    /// Something from the journal.
    Journal(journal::Event),
    /// Something from the audit.
    Audit(audit::Event),
    /// The end of the log.
    Log(Tail),
    /// An answer about accounts.
    Account(RequestId, Answer),
    /// The result of an action on the clipboard.
    Clipboard(RequestId, Verdict),
    /// The requests of a dry run.
    Rehearsed(Vec<DryRunRequest>),
    /// Something about the region map.
    Regions(regions::Event),
    /// The path of the shift report, or the reason why it was not written.
    HandedOver(Result<SafeText, SafeText>),
    /// The terminal of this console got the focus.
    Focused,
    /// The terminals attached to the tmux session.
    Attached(TmuxClients),
    /// The lists saved by an earlier session.
    SavedListsRead(RequestId, CachedLists),
    /// The path of the exported table, or the reason why it was not written.
    Exported(Result<SafeText, SafeText>),
}

/// An effect that the console requests. Plain values, compared by tests and performed
/// by the shell's executor.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An effect of the engine; the screen uses it, too, for its own API requests and
    /// audit acts.
    Engine(engine::effect::Effect),
    /// Read back the end of the audit.
    ReadAudit(RequestId),
    /// Read the end of the log.
    ReadLog,
    /// Write this shift report into a file of its own, named by the server's clock.
    HandOver(Timestamp, String),
    /// Write this table of that name into a file of its own, named by the server's
    /// clock.
    Export(Timestamp, &'static str, Box<Table>, FileFormat),
    /// Edit this file of the region map.
    Map(RequestId, usize, Edit),
    /// Take the last edit of the region map back.
    Unmap(RequestId),
    /// Say what would be sent for these orders, and send nothing.
    Rehearse(Vec<KeyOrder>),
    /// Notify a user in another window: by the bell, or a notification.
    Notify(String),
    /// Do something with the user's clipboard.
    Clipboard(RequestId, Clipboard),
    /// Ask something about accounts.
    Account(RequestId, Ask),
    /// Ask tmux which terminals are attached.
    AskAttached,
    /// Read the saved lists of this account.
    Recall(RequestId),
    /// Save these lists for the next session.
    Save(Box<Snapshot>),
    /// Stop opening the account that is being opened.
    CancelOpening,
    /// Close the open account.
    CloseAccount,
    /// Redraw everything.
    Redraw,
    /// Give the terminal back and stop until a shell lets the program go on.
    Suspend,
    /// Quit.
    Quit,
}
