//! Every scope of every feature, and what they are put together to.
//!
//! These lists are the only ones: a feature's rows are in its own files.

use crate::ui::{
    account,
    activity::{self, entry, timeline},
    attempt::{self, damage, reason},
    browse,
    card::{self, bare_keys, copy_as, customer_zone, dictation, read_back},
    change::{self, approval_commands},
    events,
    input::{
        list_filter::{LIST_FILTER, TABLE_FILTER},
        motion, refresh,
    },
    issue::{self, best_fit, dry_run, pair_commands, vlan_commands},
    keys,
    model::{
        Model,
        command::{Command, Scope},
        interface::Interface,
        keymap::Keymap,
        view::View,
    },
    open, present,
    regions::{self, region_map},
    state::view_id::ViewId,
    system::{self, allow_writes, export, help, leave, log, mode, problems, shift_report},
};

/// Commands bound in every view, without a dialog.
pub static VIEWS: Scope = Scope::new(
    "views",
    "Every view",
    &[
        &[
            issue::commands::CREATE,
            pair_commands::CREATE,
            issue::commands::SHOW_DAMAGE,
            best_fit::OPEN,
            vlan_commands::OPEN,
        ],
        &[regions::commands::UNDO, browse::commands::GO_TO_PLACES, browse::commands::GO_TO_LIST],
        &[keys::commands::GO, activity::commands::GO, browse::commands::LATENCY, mode::OPEN],
        &[browse::commands::FILTER],
        browse::commands::SORT,
        &[
            account::commands::OPEN,
            refresh::REFRESH_ROW,
            events::commands::GO,
            attempt::list_commands::SHOW_UNFINISHED,
        ],
        browse::commands::SWITCH_PANES,
        motion::LINES,
        motion::ENDS,
        motion::PAGES,
        &[browse::commands::GO_BACK, regions::commands::MAP],
        system::commands::HELP_AND_QUIT,
    ],
);

/// Commands bound everywhere.
pub static ALWAYS: Scope = Scope::new("always", "Everywhere", &[system::commands::ALWAYS]);

/// Every scope, in the order of the key table.
static SCOPES: &[&Scope] = &[
    &browse::commands::PANES,
    &browse::commands::TABLE,
    &browse::commands::ON_RAMP,
    &keys::commands::SCOPE,
    &activity::commands::SCOPE,
    &events::commands::SCOPE,
    &LIST_FILTER,
    &VIEWS,
    &TABLE_FILTER,
    &issue::commands::FORM,
    &pair_commands::SCOPE,
    &issue::commands::REVIEW,
    &attempt::list_commands::PROGRESS,
    &attempt::list_commands::UNFINISHED,
    &reason::SCOPE,
    &damage::SCOPE,
    &card::commands::SCOPE,
    &copy_as::SCOPE,
    &dictation::SCOPE,
    &read_back::SCOPE,
    &bare_keys::SCOPE,
    &customer_zone::SCOPE,
    &change::commands::SCOPE,
    &approval_commands::SCOPE,
    &best_fit::SCOPE,
    &timeline::SCOPE,
    &dry_run::SCOPE,
    &entry::SCOPE,
    &help::SCOPE,
    &regions::commands::SCOPE,
    &region_map::SCOPE,
    &log::SCOPE,
    &mode::SCOPE,
    &allow_writes::SCOPE,
    &problems::SCOPE,
    &vlan_commands::SCOPE,
    &account::commands::ACCOUNTS,
    &account::commands::SIGN_IN,
    &leave::SCOPE,
    &ALWAYS,
];

/// The commands of the `:` line, in the order in which they are shown.
static TYPED: &[Command] = &[
    mode::READ_ONLY,
    mode::READ_WRITE,
    refresh::REFRESH,
    shift_report::WRITE,
    export::CSV,
    export::JSON,
    region_map::OPEN,
    log::OPEN,
    system::commands::HELP,
    system::commands::QUIT,
];

/// The keymap: which key runs which command.
pub static KEYMAP: Keymap = Keymap::new(SCOPES, &VIEWS, &ALWAYS);

/// The parts of the screen above the model.
pub static INTERFACE: Interface = Interface {
    keymap: &KEYMAP,
    typed: TYPED,
    view: view_of,
    open: open::open,
    present: present::present,
};

fn view_of(model: &Model) -> &'static dyn View {
    match (model.place, &model.visit) {
        (ViewId::Keys, _) => &keys::commands::KeysView,
        (ViewId::Activity, _) => &activity::commands::ActivityView,
        (ViewId::Events, _) => &events::commands::EventsView,
        (ViewId::Browse, Some(_)) => &browse::commands::OnRampView,
        (ViewId::Browse, None) => &browse::commands::BrowseView,
    }
}

/// Returns every command with its name and its sentence: those that are bound, and
/// those of the `:` line alone.
pub fn documented() -> impl Iterator<Item = (&'static str, &'static str)> {
    let bound = SCOPES.iter().flat_map(|scope| Keymap::bindings(scope)).map(|row| row.command);
    bound.chain(TYPED.iter().copied()).map(|command| (command.name, command.doc))
}

/// Returns the names of all commands.
pub fn names() -> Vec<&'static str> {
    documented().map(|(name, _)| name).collect()
}
