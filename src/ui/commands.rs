//! Every scope of every feature, and what they are put together to.
//!
//! These lists are the only ones: a feature's rows are in its own files.

use super::{
    account, activity, approve, browse_commands, change,
    dialog::{
        allow_writes, alone, aloud, copy_as, customer_zone, damage, dry_run, entry, help, leave,
        log, read_back, reason, region_map, timeline, troubles,
    },
    engine_step, event_list, export, hand_off, handover, issue, key_list, mapping, mode,
    model::{
        Model,
        command::{Command, Scope},
        interface::Interface,
        keymap::Keymap,
        list_filter::{LIST_FILTER, TABLE_FILTER},
        motion,
        view::View,
    },
    offers, open, pair,
    place::Place,
    system, vlans,
};

/// What is bound in every view, under no dialog.
pub static VIEWS: Scope = Scope::new(
    "views",
    "Every view",
    &[
        &[issue::CREATE, pair::CREATE, issue::WHY_NOT, offers::OPEN, vlans::OPEN],
        &[mapping::act::UNDO, browse_commands::GO_TO_PLACES, browse_commands::GO_TO_LIST],
        &[key_list::act::GO, activity::act::GO, browse_commands::LATENCY, mode::OPEN],
        &[browse_commands::FILTER],
        browse_commands::SORT,
        &[account::OPEN, system::REFRESH_ROW, event_list::GO, issue::SHOW_UNFINISHED],
        browse_commands::SWITCH_PANES,
        motion::LINES,
        motion::ENDS,
        motion::PAGES,
        &[browse_commands::GO_BACK, mapping::act::MAP],
        system::HELP_AND_QUIT,
    ],
);

/// What is bound everywhere.
pub static ALWAYS: Scope = Scope::new("always", "Everywhere", &[system::ALWAYS]);

/// Every scope, in the order of the key table.
static SCOPES: &[&Scope] = &[
    &browse_commands::PANES,
    &browse_commands::TABLE,
    &browse_commands::ON_RAMP,
    &key_list::act::SCOPE,
    &activity::act::SCOPE,
    &event_list::SCOPE,
    &LIST_FILTER,
    &VIEWS,
    &TABLE_FILTER,
    &issue::FORM,
    &pair::SCOPE,
    &issue::REVIEW,
    &issue::PROGRESS,
    &issue::UNFINISHED,
    &reason::SCOPE,
    &damage::SCOPE,
    &hand_off::SCOPE,
    &copy_as::SCOPE,
    &aloud::SCOPE,
    &read_back::SCOPE,
    &alone::SCOPE,
    &customer_zone::SCOPE,
    &change::SCOPE,
    &approve::SCOPE,
    &offers::SCOPE,
    &timeline::SCOPE,
    &dry_run::SCOPE,
    &entry::SCOPE,
    &help::SCOPE,
    &mapping::act::SCOPE,
    &region_map::SCOPE,
    &log::SCOPE,
    &mode::SCOPE,
    &allow_writes::SCOPE,
    &troubles::SCOPE,
    &vlans::SCOPE,
    &account::ACCOUNTS,
    &account::SIGN_IN,
    &leave::SCOPE,
    &ALWAYS,
];

/// The commands of the `:` line, in the order in which they are shown.
static TYPED: &[Command] = &[
    mode::READ_ONLY,
    mode::READ_WRITE,
    system::REFRESH,
    handover::WRITE,
    export::CSV,
    export::JSON,
    region_map::OPEN,
    log::OPEN,
    system::HELP,
    system::QUIT,
];

/// Which key does what.
pub static KEYMAP: Keymap = Keymap::of(SCOPES, &VIEWS, &ALWAYS);

/// The parts of the screen above the model.
pub static INTERFACE: Interface = Interface {
    keymap: &KEYMAP,
    typed: TYPED,
    view: view_of,
    open: open::open,
    present: engine_step::present,
};

fn view_of(model: &Model) -> &'static dyn View {
    match (model.place, &model.visit) {
        (Place::Keys, _) => &key_list::act::KeysView,
        (Place::Activity, _) => &activity::act::ActivityView,
        (Place::Events, _) => &event_list::EventsView,
        (Place::Browse, Some(_)) => &browse_commands::OnRampView,
        (Place::Browse, None) => &browse_commands::BrowseView,
    }
}
