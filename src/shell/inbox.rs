//! The one inbox: everything that happens comes through here, in order.

use tokio::sync::mpsc;

use crate::{
    api::{RequestId, account::Opened, clipboard::Verdict, regions},
    ui::msg::Msg,
};

use super::{account::Account, audit, clipboard::Sequence, journal::Report};

/// What the event loop receives.
#[derive(Debug)]
pub(super) enum Mail {
    /// For the model.
    Msg(Msg),
    /// What the journal of this number reports.
    Journal(u64, Report),
    /// What the audit of this number reports.
    Audit(u64, audit::Report),
    /// What the keeper of this number reports of the region map.
    Regions(u64, regions::Event),
    /// A sequence for the terminal, and what may be said once it was written.
    ForTerminal(RequestId, Sequence, Verdict),
    /// An account that was asked for is open.
    Opened(RequestId, Box<Account>, Box<Opened>),
    /// Somebody else asks the program to stop for a while, as Ctrl-Z does.
    Suspend,
    /// The program was stopped and goes on: the terminal has to be set up again.
    Resumed,
    /// Leave now, with this signal's number.
    Stop(u8),
}

/// How many messages may wait. A slow loop pushes back on whoever sends.
const DEPTH: usize = 1024;

/// The sending end.
pub(super) type Sender = mpsc::Sender<Mail>;

/// The receiving end.
pub(super) type Receiver = mpsc::Receiver<Mail>;

/// Opens the inbox.
pub(super) fn open() -> (Sender, Receiver) {
    mpsc::channel(DEPTH)
}
