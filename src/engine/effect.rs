//! The effects that the engine requests, and the events it reports to its front end.

use crate::{
    api::{Failure, Mode, Request, RequestId, Write},
    domain::{
        audit::Act, id::OnRampId, intent::IntentId, ledger::Record, service_key::ServiceKey,
        text::SafeText, time::Timestamp, watch::News,
    },
};

use super::not_now::NotNow;

/// An effect that the engine requests. Plain values, compared by tests and performed by
/// the ports of a front end, in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request to the API that changes nothing there.
    Ask(RequestId, Request),
    /// Change something at Megaport, now by the server's clock. It is journaled first,
    /// and waits for [`Effect::Send`].
    Write(RequestId, Write, Timestamp),
    /// It is journaled: send it.
    Send(RequestId),
    /// A journaled request that is no longer wanted: it is never sent.
    Withdraw(RequestId),
    /// Journal a step of an intent.
    Record(Record),
    /// Write an action of the user to the audit, by the server's clock.
    Audit(Timestamp, Box<Act>),
    /// Journal that the user has acknowledged how much of the journal is damaged.
    AcceptDamage,
    /// Grant or withdraw write access.
    SetMode(Mode),
}

/// The way in which a created key became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The reply to its request named it.
    Made,
    /// Its reply was lost, and it was found in the list.
    Found,
    /// It was created in an earlier session that ended before the user saw it.
    Earlier,
    /// It was given up, and has appeared after all.
    Late,
    /// Its request was refused, and it has appeared after all.
    Refused,
}

/// Something that happened, for the front end. When the front end receives an event,
/// the engine has finished the whole step.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request is being journaled; whether it was confirmed before.
    Submitted(IntentId, bool),
    /// The checks were over a minute old, and are repeated; nothing was sent.
    CheckedAgain,
    /// A request may have created a key, and the list is searched.
    InDoubt(IntentId),
    /// The same, after another session had moved the request on.
    TakenOver(IntentId),
    /// Another session has settled a request; nothing was sent from here.
    SettledElsewhere(String),
    /// The key of a request is known.
    Created {
        /// The request.
        intent: IntentId,
        /// The way it became known.
        origin: Origin,
        /// Whether it was the active request.
        at_hand: bool,
        /// The second of its pair, if it is now checked and then sent automatically.
        second: Option<IntentId>,
    },
    /// The list has a new key, and its listed values count.
    Listed(IntentId),
    /// A request is closed.
    Settled(IntentId),
    /// The key of a refused or closed request has appeared on this on-ramp: plans for
    /// the same order are dropped. Whether there was one.
    OrderStopped(OnRampId, bool),
    /// Another console of this user works on what the user wants to act on: its name,
    /// and how to end it.
    Elsewhere(String),
    /// Another console of this user has sent what was planned here.
    PlanTaken(IntentId),
    /// Another console of this user has settled the request of this label.
    SettledByOther(SafeText),
    /// Keys can be created from now on, or no longer.
    ModeChanged(Mode),
    /// The journal was opened.
    JournalOpened {
        /// Whether it has unfinished requests or changes that were not known.
        is_new: bool,
        /// The number of its lines that could not be read.
        damaged: usize,
        /// A note to show once.
        note: Option<SafeText>,
    },
    /// The list of on-ramps was read.
    OnRampsRead {
        /// The number of entries that left it since, and are believed to be gone.
        left: usize,
        /// Whether it differs from the one before.
        changed: bool,
    },
    /// The on-ramps are now those of an earlier session.
    OnRampsSaved,
    /// On-ramps, or their numbers of keys, have changed.
    OnRampsChanged,
    /// The list of data centres has given places of on-ramps whose records lack them.
    PlacesChanged,
    /// Keys have changed.
    KeysChanged,
    /// So many keys have left the list without a known reason.
    KeysLeft(usize),
    /// This console has read a key that it changed, or is changing.
    KeyRead(Box<ServiceKey>),
    /// Lists were read: what is shown of watched keys may have moved on.
    ListsRead,
    /// Something has happened to the watched key of this label.
    KeyNews(SafeText, News),
    /// The part of the lists that is saved for the next session may have changed.
    KeepLists,
    /// Something was read beside on-ramps and keys; whether it is worth keeping for
    /// the next session.
    BackgroundRead {
        /// Whether it is.
        keep: bool,
    },
    /// Round-trip times could not be read.
    NoRoundTrips(Failure),
    /// Before more is read: ask whether a client is attached.
    AskWhoLooks,
    /// Megaport refuses the key pair.
    CredentialsRefused,
    /// A change could not be started, with the reason.
    ChangeRefused(NotNow),
    /// A change with an unknown outcome is settled: its name, its goal, and whether it
    /// is done.
    ChangeSettled(SafeText, SafeText, bool),
    /// An open change was seen: its name, and how it is now.
    ChangeSeen(SafeText, String),
    /// An open change was not read since, so the user cannot have seen the present
    /// state.
    ChangeNotRead,
}

/// An output of the engine, in the order of its occurrence.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// To be done outside.
    Effect(Effect),
    /// To be presented.
    Event(Event),
}

/// The result of one step of the engine: every effect and event, in the order of its
/// occurrence.
#[derive(Debug, Default, Clone, PartialEq)]
#[must_use = "what came of a step has to be done and presented"]
pub struct Outcome(pub Vec<Output>);
