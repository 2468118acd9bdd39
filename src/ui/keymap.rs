//! Which key does what, and where: one table drives everything.
//!
//! Dispatch, footer hints, the help overlay and the README's key table all
//! read [`table::BINDINGS`]; a binding that is not in it does not exist.

pub(super) mod guards;
pub mod table;

use super::{
    browse::Pane,
    dialog::Dialog,
    key::{Code, Key},
    model::Model,
    place::Place,
};
use table::BINDINGS;

/// Where a binding is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The drill-down panes.
    Panes,
    /// The on-ramp table.
    Table,
    /// An opened on-ramp.
    OnRamp,
    /// Every view, under no dialog.
    Views,
    /// The filter while it is typed.
    Filter,
    /// The new-key form.
    Form,
    /// The review.
    Review,
    /// A key being made.
    Attempt,
    /// The list of unfinished keys.
    Unfinished,
    /// The reason for closing one.
    Reason,
    /// What of the journal could not be read.
    Damage,
    /// The keys view.
    KeyList,
    /// The activity view.
    Activity,
    /// One act of it, whole.
    Entry,
    /// The events view.
    Events,
    /// The filter of the keys or the activity view while it is typed.
    KeyFilter,
    /// The card of a new key.
    Card,
    /// The forms to copy in.
    CopyAs,
    /// A key read aloud.
    Aloud,
    /// A key read back.
    ReadBack,
    /// Keys alone.
    Alone,
    /// The customer's time zone.
    CustomerZone,
    /// A change of keys.
    Change,
    /// A circuit that waits for our approval.
    Approval,
    /// What to offer.
    Offers,
    /// What happened to a key.
    Timeline,
    /// What would be sent.
    DryRun,
    /// The help overlay.
    Help,
    /// What could not be read.
    Troubles,
    /// Mapping places to regions.
    Mapping,
    /// The region map.
    RegionMap,
    /// The log.
    Log,
    /// The command line.
    Prompt,
    /// The question before keys can be made.
    AllowWrites,
    /// The form for a diverse pair.
    Pair,
    /// The VLAN map.
    Vlans,
    /// The accounts there are.
    Accounts,
    /// The form that signs in.
    SignIn,
    /// The question before leaving.
    Leave,
    /// Everywhere.
    Always,
}

impl Scope {
    /// The heading in the help overlay and the README.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Panes => "Country, metro and region panes",
            Self::Table => "On-ramp table",
            Self::OnRamp => "An opened on-ramp",
            Self::Views => "Every view",
            Self::Filter => "Filter line",
            Self::Form => "New key form",
            Self::Review => "Review",
            Self::Attempt => "A key being made",
            Self::Unfinished => "Unfinished keys",
            Self::Reason => "Closing a key in doubt",
            Self::Damage => "A damaged journal",
            Self::KeyList => "Keys view",
            Self::Activity => "Activity view",
            Self::Events => "Events view",
            Self::Entry => "One act",
            Self::KeyFilter => "Filter of a list",
            Self::Card => "Key card",
            Self::CopyAs => "Copying in another form",
            Self::Aloud => "Reading a key aloud",
            Self::ReadBack => "Reading a key back",
            Self::Alone => "Keys alone",
            Self::CustomerZone => "The customer's time zone",
            Self::Change => "Changing a key",
            Self::Approval => "Approving a circuit",
            Self::Offers => "What to offer",
            Self::Timeline => "Timeline of a key",
            Self::DryRun => "Dry run",
            Self::Help => "Help",
            Self::Mapping => "Mapping to a region",
            Self::RegionMap => "Region map",
            Self::Log => "Log",
            Self::Prompt => "Command line",
            Self::AllowWrites => "Allowing writes",
            Self::Troubles => "What could not be read",
            Self::Pair => "New pair form",
            Self::Vlans => "VLAN map",
            Self::Accounts => "Accounts",
            Self::SignIn => "Signing in",
            Self::Leave => "Leaving",
            Self::Always => "Everywhere",
        }
    }
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Move by lines, pages or to an end: positive is down.
    Move(Step),
    /// One step in.
    Open,
    /// One step out.
    Back,
    /// The next pane or list.
    NextPane,
    /// The previous pane or list.
    PreviousPane,
    /// Sort by the next column.
    Sort,
    /// Turn the sort round.
    Reverse,
    /// Type a filter.
    Filter,
    /// Keep the filter.
    KeepFilter,
    /// Drop the filter.
    DropFilter,
    /// Open the new-key form.
    NewKey,
    /// Open the form for a diverse pair.
    NewPair,
    /// Say why no key can be made here.
    WhyNoKey,
    /// Open the command line.
    Prompt,
    /// Carry out what is typed there.
    Run,
    /// Read everything again.
    Refresh,
    /// Show the keys that work here.
    Help,
    /// Show what is unfinished, else what could not be read.
    Unfinished,
    /// Leave, asking where something is unfinished.
    Quit,
    /// Stop until a shell lets the console go on.
    Suspend,
    /// Leave; the second time at once.
    Interrupt,
    /// Draw everything anew.
    Redraw,
    /// Close the dialog.
    Close,
    /// The next or previous field.
    Field(bool),
    /// The next or previous choice.
    Choice(bool),
    /// The next or previous free VLAN.
    FreeVlan(bool),
    /// Check the form and review it.
    Review,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Do it again: a check, or a look.
    Again,
    /// Let other keys be made meanwhile.
    SetAside,
    /// Send it, or send it once more, after a review.
    SendAgain,
    /// Ask why it is to be closed for good.
    GiveUp,
    /// Close it for good, for the reason that was typed.
    Settle,
    /// Open the VLAN map.
    VlanMap,
    /// Move by so many VLANs.
    Along(i32),
    /// The first free VLAN, or the last.
    EdgeVlan(bool),
    /// Type a digit of a VLAN, or take one back.
    Digit,
    /// The VLAN that the policy proposes.
    AutoVlan,
    /// Lay the diverse partner's VLANs over it, or take them away.
    Overlay,
    /// Take the VLAN under the cursor.
    TakeVlan,
    /// Copy the key of the card, or all keys of its pair.
    Copy,
    /// Copy one key of a pair, alone.
    CopyOne(usize),
    /// Clear the clipboard.
    ClearClipboard,
    /// Ask in which form to copy.
    CopyAs,
    /// Copy in the form of the key that was pressed.
    CopyForm,
    /// Show the keys whole for a while, or mask them.
    Reveal,
    /// The next text for the customer, or the previous one.
    Letter(bool),
    /// Read a key aloud.
    ReadAloud,
    /// Go to the other key of the pair.
    OtherKey,
    /// Check a key that is read back.
    ReadBack,
    /// Show the keys alone.
    Alone,
    /// Say in which time zone the customer is.
    CustomerZone,
    /// Switch keys off, after a question.
    SwitchOff,
    /// Switch keys on again, after a question.
    SwitchOn,
    /// Ask whether a key that was changed elsewhere is put back as it was ordered.
    PutBack,
    /// Take the listed values of such a key.
    TakeListed,
    /// Answer a circuit that waits for our approval.
    Approve,
    /// No: take it down.
    Reject,
    /// Show what to offer for a rate.
    Offers,
    /// Show what happened to a key.
    Timeline,
    /// Show all on-ramps in one flat list.
    Flat,
    /// Shows round-trip times from here, or hides them.
    RoundTrips,
    /// Go to another view.
    Go(Place),
    /// Mark the key under the cursor, or take its mark away.
    Mark,
    /// Mark all keys that are shown, or none.
    MarkAll,
    /// Map what is under the cursor, or marked, to a region.
    Map,
    /// Take the last mapping back.
    Unmap,
    /// Show more rows, and no pane below.
    Wide,
    /// Watch the key under the cursor, or stop.
    Watch,
    /// Change a key on a form.
    EditKey,
    /// Show what would be sent.
    DryRun,
    /// Show the accounts there are.
    Accounts,
    /// Use the account under the cursor.
    Use,
    /// Make a profile.
    Add,
    /// Edit the profile under the cursor.
    Edit,
    /// Try the key pair, and use the account.
    SignIn,
    /// Stop trying it.
    LeaveOff,
    /// Choose one of the candidates, from 1.
    Candidate,
}

/// How far a movement goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many lines.
    Lines(isize),
    /// So many halves of a page.
    HalfPages(isize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Step {
    /// By how many lines it goes down, where a page has `page` of them.
    pub fn lines(self, page: usize) -> isize {
        let half = isize::try_from(page / 2).unwrap_or(1).max(1);
        match self {
            Self::Lines(by) => by,
            Self::HalfPages(halves) => halves * half,
            Self::First => isize::MIN,
            Self::Last => isize::MAX,
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Binding {
    /// Where it is live.
    pub scope: Scope,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// What they do.
    pub command: Command,
    /// One or two words for the footer; empty keeps it out.
    pub hint: &'static str,
    /// One sentence for the help and the README.
    pub help: &'static str,
    /// Whether it works now.
    pub when: fn(&Model) -> bool,
}

/// The scopes that are live now, the nearest first.
pub fn live(model: &Model) -> &'static [Scope] {
    scopes(model, model.dialogs.last())
}

/// The scopes that will be live once the help overlay is closed.
pub fn live_under_help(model: &Model) -> &'static [Scope] {
    let is_help = |dialog: &&Dialog| matches!(dialog, Dialog::Help { .. });
    scopes(model, model.dialogs.iter().rev().find(|dialog| !is_help(dialog)))
}

fn scopes(model: &Model, top: Option<&Dialog>) -> &'static [Scope] {
    use Scope::{
        Accounts, Activity, AllowWrites, Alone, Aloud, Always, Approval, Attempt, Card, Change,
        CopyAs, CustomerZone, Damage, DryRun, Entry, Events, Filter, Form, Help, KeyFilter,
        KeyList, Leave, Log, Mapping, Offers, OnRamp, Pair, Panes, Prompt, ReadBack, Reason,
        RegionMap, Review, SignIn, Table, Timeline, Troubles, Unfinished, Views, Vlans,
    };
    match top {
        Some(Dialog::NewKey(_)) => &[Form, Always],
        Some(Dialog::Review(_)) => &[Review, Always],
        Some(Dialog::Attempt(_)) => &[Attempt, Always],
        Some(Dialog::Unfinished { .. }) => &[Unfinished, Always],
        Some(Dialog::Reason { .. }) => &[Reason, Always],
        Some(Dialog::Damage) => &[Damage, Always],
        Some(Dialog::Card(_)) => &[Card, Always],
        Some(Dialog::CopyAs) => &[CopyAs, Always],
        Some(Dialog::Aloud(_)) => &[Aloud, Always],
        Some(Dialog::ReadBack(_)) => &[ReadBack, Always],
        Some(Dialog::Alone(_)) => &[Alone, Always],
        Some(Dialog::CustomerZone(_)) => &[CustomerZone, Always],
        Some(Dialog::Change(_)) => &[Change, Always],
        Some(Dialog::Approval(_)) => &[Approval, Always],
        Some(Dialog::Offers(_)) => &[Offers, Always],
        Some(Dialog::Timeline(_)) => &[Timeline, Always],
        Some(Dialog::DryRun(_)) => &[DryRun, Always],
        Some(Dialog::Entry(_)) => &[Entry, Always],
        Some(Dialog::Help { .. }) => &[Help, Always],
        Some(Dialog::Mapping(_)) => &[Mapping, Always],
        Some(Dialog::RegionMap { .. }) => &[RegionMap, Always],
        Some(Dialog::Log(_)) => &[Log, Always],
        Some(Dialog::Prompt(_)) => &[Prompt, Always],
        Some(Dialog::AllowWrites) => &[AllowWrites, Always],
        Some(Dialog::Troubles) => &[Troubles, Always],
        Some(Dialog::Pair(_)) => &[Pair, Always],
        Some(Dialog::Vlans(_)) => &[Vlans, Always],
        Some(Dialog::Accounts(_)) => &[Accounts, Always],
        Some(Dialog::SignIn(_)) => &[SignIn, Always],
        Some(Dialog::Leave) => &[Leave, Always],
        None if model.place == Place::Keys && model.key_list.typing => &[KeyFilter, Always],
        None if model.place == Place::Keys => &[KeyList, Views, Always],
        None if model.place == Place::Activity && model.activity.typing => &[KeyFilter, Always],
        None if model.place == Place::Activity => &[Activity, Views, Always],
        None if model.place == Place::Events => &[Events, Views, Always],
        None if model.visit.is_some() => &[OnRamp, Views, Always],
        None if model.browse.filter.typing => &[Filter, Always],
        None if model.browse.focus == Pane::OnRamps => &[Table, Views, Always],
        None => &[Panes, Views, Always],
    }
}

/// The bindings that work now, the nearest scope first.
pub fn working(model: &Model) -> impl Iterator<Item = &'static Binding> + '_ {
    let in_scope = |scope: &'static Scope| BINDINGS.iter().filter(move |b| b.scope == *scope);
    live(model).iter().flat_map(in_scope).filter(|b| (b.when)(model))
}

/// What `key` asks for now.
pub fn resolve(model: &Model, key: Key) -> Option<Command> {
    working(model).find(|b| b.keys.contains(&key)).map(|b| b.command)
}

/// The first key of `binding` that reaches it now: an earlier binding may have
/// taken the others, and a text field takes letters.
pub fn shown_key(model: &Model, binding: &Binding) -> Option<Key> {
    let typing = super::update::is_typing(model);
    let reaches = |key: &&Key| {
        let typed = typing && !key.ctrl && matches!(key.code, Code::Char(_));
        let first = working(model).find(|b| b.keys.contains(key));
        first.is_some_and(|b| std::ptr::eq(b, binding))
            && (!typed || matches!(binding.scope, Scope::Form | Scope::Pair))
    };
    binding.keys.iter().find(reaches).copied()
}

/// The README's key table, as Markdown.
pub fn markdown() -> String {
    let mut out = String::new();
    let mut scope = None;
    for binding in BINDINGS {
        if scope != Some(binding.scope) {
            let gap = if scope.is_some() { "\n" } else { "" };
            let title = binding.scope.title();
            let head = format!("{gap}**{title}**\n\n| Keys | What they do |\n|---|---|\n");
            out.push_str(&head);
            scope = Some(binding.scope);
        }
        let keys: Vec<_> = binding.keys.iter().map(|k| format!("`{k}`")).collect();
        let row = format!("| {} | {} |\n", keys.join(" "), binding.help);
        out.push_str(&row);
    }
    out
}
