//! What the engine wants done, and what it tells whoever presents it.

use crate::{
    api::{Failure, Mode, Request, RequestId, Write},
    domain::{
        audit::Act, id::OnRampId, intent::IntentId, ledger::Record, service_key::ServiceKey,
        text::SafeText, time::Timestamp, watch::News,
    },
};

use super::not_now::NotNow;

/// Something the engine wants done outside. Plain values, compared by tests and
/// performed by the ports of a front end, in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request to the API that changes nothing there.
    Ask(RequestId, Request),
    /// Change something at Megaport, now by the server's clock. It is
    /// written down first, and waits for [`Effect::Send`].
    Write(RequestId, Write, Timestamp),
    /// It is written down: let it leave.
    Send(RequestId),
    /// It is written down and not wanted any more: it never leaves.
    Withdraw(RequestId),
    /// Write down what happened to an intent.
    Record(Record),
    /// Write down for the audit what somebody did, by the server's clock.
    Audit(Timestamp, Box<Act>),
    /// Write down that somebody has seen how much of the journal is damaged.
    AcceptDamage,
    /// Give or take away the way to write.
    SetMode(Mode),
}

/// How a key that was created became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The reply to its request named it.
    Made,
    /// Its reply was lost, and it was found in the list.
    Found,
    /// It was made in an earlier session that ended before anybody saw it.
    Earlier,
    /// It was given up, and has appeared after all.
    Late,
    /// Its request was refused, and it has appeared after all.
    Refused,
}

/// Something that happened, for whoever presents it. The engine is as it was
/// left by the whole step when an event is taken in.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request is on its way to the journal; whether it was confirmed before.
    Submitted(IntentId, bool),
    /// The checks were over a minute old, and are made anew; nothing was sent.
    CheckedAgain,
    /// A request may have created a key, and the list is searched.
    InDoubt(IntentId),
    /// The same, where another session had moved the request on.
    TakenOver(IntentId),
    /// Another session has settled a request; nothing was sent from here.
    SettledElsewhere(String),
    /// The key of a request is known.
    Created {
        /// The request.
        intent: IntentId,
        /// How.
        origin: Origin,
        /// Whether it was the request at hand.
        at_hand: bool,
        /// The second of its pair, where that is checked now, to go by itself.
        second: Option<IntentId>,
    },
    /// The list has a new key, and so what it has of it counts.
    Listed(IntentId),
    /// A request needs nobody any more.
    Settled(IntentId),
    /// A key of a request has appeared that was refused or given up, on this
    /// on-ramp: what was begun since for the same order stops. Whether a plan was
    /// dropped.
    OrderStopped(OnRampId, bool),
    /// Another console of this user is at what somebody wants to act on: which one,
    /// and how to end it.
    Elsewhere(String),
    /// Another console of this user has sent what was planned here.
    PlanTaken(IntentId),
    /// Another console of this user has settled the request of this label.
    SettledByOther(SafeText),
    /// Keys can be created from now on, or not any more.
    ModeChanged(Mode),
    /// The journal was opened.
    JournalOpened {
        /// Whether it has unfinished requests or changes that were not known.
        is_new: bool,
        /// How many of its lines could not be read.
        damaged: usize,
        /// Something to be said once.
        note: Option<SafeText>,
    },
    /// The list of on-ramps was read.
    OnRampsRead {
        /// How many left it since, and are not believed to come back.
        left: usize,
        /// Whether it differs from the one before.
        changed: bool,
    },
    /// The on-ramps are now those of an earlier session.
    OnRampsSaved,
    /// What is known of on-ramps, or of how many keys they have, has changed.
    OnRampsChanged,
    /// The list of data centres says where on-ramps stand whose records do not.
    PlacesChanged,
    /// What is known of keys has changed.
    KeysChanged,
    /// So many keys have left the list without a known reason.
    KeysLeft(usize),
    /// This console has read a key that it changed, or is changing.
    KeyRead(Box<ServiceKey>),
    /// Lists were read: what is shown of watched keys may have moved on.
    ListsRead,
    /// Something has happened to the watched key of this label.
    KeyNews(SafeText, News),
    /// What of the lists is kept for the next session may have changed.
    KeepLists,
    /// Something was read beside on-ramps and keys; whether it is worth keeping for
    /// the next session.
    BackgroundRead {
        /// Whether it is.
        keep: bool,
    },
    /// Round-trip times could not be read.
    NoRoundTrips(Failure),
    /// Before more is read: does anybody look at all?
    AskWhoLooks,
    /// Megaport refuses the key pair.
    CredentialsRefused,
    /// A change could not be begun, and why.
    ChangeRefused(NotNow),
    /// A change whose outcome was not known is settled: its name, what was asked
    /// for, and whether it is done.
    ChangeSettled(SafeText, SafeText, bool),
    /// An open change was seen: its name, and how it is now.
    ChangeSeen(SafeText, String),
    /// An open change was not read since, so nobody can have seen how it is.
    ChangeNotRead,
}

/// What comes out of the engine, in the order in which it came about.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// To be done outside.
    Effect(Effect),
    /// To be presented.
    Event(Event),
}

/// What came of one step of the engine: everything that has to be done and
/// presented, in the order in which it came about.
#[derive(Debug, Default, Clone, PartialEq)]
#[must_use = "what came of a step has to be done and presented"]
pub struct Outcome(pub Vec<Output>);
