//! Dialogs: a stack of values, each with its whole state.
//!
//! The last one has the focus and takes every key. One file per dialog holds
//! its state, its keys and its drawing.

pub mod accounts;
pub mod allow_writes;
pub mod alone;
pub mod aloud;
pub mod approval;
pub mod card;
pub mod card_view;
pub mod change;
pub mod change_view;
pub mod copy_as;
pub mod customer_zone;
pub mod damage;
pub mod dry_run;
pub mod entry;
pub mod form_view;
pub mod frame;
pub mod help;
pub mod issuing_view;
pub mod leave;
pub mod lifetime;
pub mod log;
pub mod log_view;
pub mod mapping;
pub mod mapping_view;
pub mod new_key;
pub mod offers_view;
pub mod pair_form;
pub mod pair_form_view;
pub mod pair_review_view;
pub mod prompt;
pub mod read_back;
pub mod reason;
pub mod region_map;
pub mod review;
pub mod review_view;
pub(super) mod second_keys;
pub mod secret_box;
pub mod sign_in;
pub mod sign_in_view;
pub mod text_box;
pub mod timeline;
pub mod troubles;
pub mod unfinished;
pub mod vlan_picker;
pub mod vlan_picker_view;

use crate::domain::{intent::IntentId, service_key::ServiceKey};

/// A dialog on the screen.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// The form for a new service key.
    NewKey(Box<new_key::NewKey>),
    /// What is about to be sent, and the one question.
    Review(Box<review::Review>),
    /// A request to create a key; how it stands is the engine's.
    Attempt(IntentId),
    /// Every key being made or in doubt, and every change in doubt.
    Unfinished {
        /// The line with the cursor.
        cursor: usize,
    },
    /// Why an intent is closed for good.
    Reason {
        /// The intent.
        intent: IntentId,
        /// What was typed.
        input: tui_input::Input,
    },
    /// How much of the journal could not be read.
    Damage,
    /// The key that was made, or both keys of a pair.
    Card(Box<card::Card>),
    /// The forms in which a card's keys can be copied.
    CopyAs,
    /// A key read aloud.
    Aloud(Box<aloud::Aloud>),
    /// A key read back.
    ReadBack(Box<read_back::ReadBack>),
    /// Keys alone on the screen.
    Alone(Vec<ServiceKey>),
    /// The customer's time zone.
    CustomerZone(customer_zone::CustomerZone),
    /// A change of keys.
    Change(Box<change::Change>),
    /// A circuit that waits for our approval.
    Approval(Box<approval::Approval>),
    /// What happened to a key.
    Timeline(Box<timeline::Timeline>),
    /// What to offer.
    Offers(Box<offers_view::Offers>),
    /// What would be sent.
    DryRun(dry_run::DryRun),
    /// One act of the audit, whole.
    Entry(Box<entry::Shown>),
    /// The keys that work here.
    Help {
        /// The first line shown.
        offset: usize,
    },
    /// What could not be read, and why.
    Troubles,
    /// Which region a place belongs to.
    Mapping(Box<mapping::Mapping>),
    /// The region map whole.
    RegionMap {
        /// The first line shown.
        offset: usize,
    },
    /// The log.
    Log(Box<log::Log>),
    /// The command line.
    Prompt(tui_input::Input),
    /// Whether keys may be made from now on.
    AllowWrites,
    /// The form for a diverse pair.
    Pair(Box<pair_form::PairForm>),
    /// The VLAN map.
    Vlans(Box<vlan_picker::VlanPicker>),
    /// The accounts there are.
    Accounts(Box<accounts::Accounts>),
    /// The form that signs in.
    SignIn(Box<sign_in::SignIn>),
    /// Whether to leave though something is unfinished.
    Leave,
}

impl Dialog {
    /// Whether this intent is on the screen with it: how far it has got, or its
    /// key.
    pub fn shows(&self, intent: IntentId) -> bool {
        self.is_about(intent) || matches!(self, Self::Card(card) if card.is_of(intent))
    }

    /// Whether it shows how far this intent has got.
    pub fn is_about(&self, intent: IntentId) -> bool {
        matches!(self, Self::Attempt(of) if *of == intent)
    }
}
