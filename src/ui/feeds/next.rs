//! What to ask next, and when.

use std::time::Duration;

use crate::{
    api::Request,
    domain::{
        id::OnRampId,
        on_ramp::{Kind, OnRamp},
        politeness::{self, Feed, Presence, TELEMETRY_GAP, jittered},
        time::Timestamp,
    },
    ui::{
        dialog::Dialog,
        layout,
        model::{Access, Model, Purpose},
        msg::Effect,
        place::Place,
    },
};

/// How soon a list that lacks entries is read again: a little more than it takes
/// for two readings to count as two.
const AGAIN: Duration = Duration::from_secs(6);

/// How long "there is no telemetry of this on-ramp" is believed.
const NONE_FOR: Duration = Duration::from_secs(3600);

/// Everything that may be due, the most important first.
const FEEDS: [Feed; 4] = [Feed::Products, Feed::Keys, Feed::Events, Feed::Locations];

/// Asks for what is due: at most one thing for each tick.
pub(in crate::ui) fn tick(model: &mut Model) -> Vec<Effect> {
    let Some((wait, what)) = next(model) else { return vec![] };
    if !wait.is_zero() {
        return vec![];
    }
    match what {
        // In tmux nobody may be there: that is looked at before each reading.
        What::Feed(Feed::Products) if model.feeds.in_tmux => {
            model.feeds.asked.insert(Feed::Products, model.now());
            vec![Effect::AskAttached]
        }
        What::Feed(Feed::Products) => model.read_products(),
        What::Feed(Feed::Keys) => model.read_keys(),
        What::Feed(Feed::Events) => vec![model.ask(Request::Events, Purpose::Events).1],
        What::Feed(Feed::Locations) => vec![model.ask(Request::Locations, Purpose::Locations).1],
        What::Feed(Feed::Traffic) => vec![],
        What::Traffic(id, kind) => {
            model.feeds.measuring = Some(id.clone());
            vec![model.ask(Request::Traffic(id, kind), Purpose::Traffic).1]
        }
        What::Line(id) => {
            model.feeds.measuring = Some(id.clone());
            vec![model.ask(Request::Line(id), Purpose::Traffic).1]
        }
    }
}

/// Takes in whether any terminal is attached: for none nothing is read.
pub(in crate::ui) fn attached(model: &mut Model, yes: bool) -> Vec<Effect> {
    model.feeds.detached = !yes;
    if !yes {
        return vec![];
    }
    // A question may have been opened while tmux was asked.
    let free = model.access == Access::Open && !model.needs_the_line();
    if free && is_free(model, Feed::Products) {
        return model.read_products();
    }
    model.feeds.asked.remove(&Feed::Products);
    vec![]
}

/// When something is due, from now; `None` where nothing ever will be unless
/// something happens first.
pub(in crate::ui) fn due_in(model: &Model) -> Option<Duration> {
    Some(next(model)?.0)
}

enum What {
    Feed(Feed),
    Traffic(OnRampId, Kind),
    Line(OnRampId),
}

/// What the next reading of the on-ramps waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Awaits {
    /// It is under way.
    Reply,
    /// A key that is being made has the line to itself.
    Key,
    /// Nobody's question is changed under his eyes.
    Dialog,
    /// Nobody has looked for long.
    Person,
    /// Its time.
    Time(Duration),
    /// Somebody's order: nothing is read by itself.
    Order,
}

/// What the next reading of the on-ramps waits for.
pub(in crate::ui) fn awaits(model: &Model) -> Awaits {
    let presence = model.feeds.presence(model.now());
    let due = model.feeds.seed.map(|seed| feed_in(model, Feed::Products, seed, presence));
    match due {
        _ if model.engine.products().asked.is_some() => Awaits::Reply,
        None => Awaits::Order,
        Some(_) if model.is_creating() => Awaits::Key,
        Some(None) => Awaits::Person,
        // The card of a key that was created holds it up, too.
        Some(_) if !is_undisturbed(model) || model.needs_the_line() => Awaits::Dialog,
        Some(Some(left)) => Awaits::Time(left),
    }
}

/// Whether the last list lacks entries that were there: it is read again soon,
/// until it is believed or has them again.
fn is_doubtful(model: &Model, feed: Feed) -> bool {
    match feed {
        Feed::Products => {
            model.engine.inventory().missing_on_ramps() > 0
                && model.engine.products().failure.is_none()
        }
        Feed::Keys => {
            let whole =
                model.engine.keys().unread.is_empty() && model.engine.keys().failure.is_none();
            model.engine.inventory().missing_keys() > 0 && whole
        }
        Feed::Events | Feed::Locations | Feed::Traffic => false,
    }
}

/// When a feed is due; `None` where nobody looks.
fn feed_in(model: &Model, feed: Feed, seed: u64, presence: Presence) -> Option<Duration> {
    let period = feed.period(presence)?;
    if is_doubtful(model, feed) {
        let asked = model.feeds.asked.get(&feed);
        return Some(asked.map_or(Duration::ZERO, |asked| left_of(*asked, AGAIN, model.now())));
    }
    let allowed = model.feeds.allowance.opens_in(feed.requests(), model.now());
    let left = model.feeds.asked.get(&feed).map_or(Duration::ZERO, |asked| {
        let period = jittered(retried(model, feed, period), seed, *asked);
        left_of(*asked, period, model.now())
    });
    Some(left.max(allowed))
}

/// What is due first, and in how long.
fn next(model: &Model) -> Option<(Duration, What)> {
    let seed = model
        .feeds
        .seed
        .filter(|_| model.access == Access::Open && model.engine.has_inventory())?;
    // A key that is being created has the line to itself.
    if model.needs_the_line() {
        return None;
    }
    let (now, presence) = (model.now(), model.feeds.presence(model.now()));
    let mut due: Vec<(Duration, What)> = vec![];
    for feed in FEEDS.into_iter().filter(|feed| is_free(model, *feed)) {
        let Some(left) = feed_in(model, feed, seed, presence) else { continue };
        due.push((left, What::Feed(feed)));
    }
    if model.feeds.detached {
        // The next look, and nothing else.
        due.retain(|(_, what)| matches!(what, What::Feed(Feed::Products)));
        return due.pop();
    }
    if let Some(period) = Feed::Traffic.period(presence)
        && model.feeds.measuring.is_none()
    {
        let last = model.feeds.asked.get(&Feed::Traffic);
        let gap = last.map_or(Duration::ZERO, |last| left_of(*last, TELEMETRY_GAP, now));
        let gap = gap.max(model.feeds.allowance.opens_in(1, now));
        due.extend(on_screen(model).map(|on_ramp| {
            let left = measured_in(model, &on_ramp.id, period);
            (left.max(gap), What::Traffic(on_ramp.id.clone(), on_ramp.kind))
        }));
        // Light and errors only of what somebody has opened.
        if let Some(on_ramp) = model.current().filter(|_| model.visit.is_some())
            && on_ramp.kind == Kind::Port
            && on_screen(model).next().is_some()
            && !model.has_no_load(&on_ramp.id)
        {
            let asked = model.feeds.asked_line.get(&on_ramp.id);
            let left = asked.map_or(Duration::ZERO, |asked| left_of(*asked, period, now));
            due.push((left.max(gap), What::Line(on_ramp.id.clone())));
        }
    }
    // The first of those that are equally due.
    due.into_iter().min_by_key(|(left, _)| *left)
}

/// What is left of a span. After a clock that stepped back nothing is: a feed
/// must not stand still until the clock has caught up.
fn left_of(since: Timestamp, span: Duration, now: Timestamp) -> Duration {
    if since > now { Duration::ZERO } else { (since + span).since(now) }
}

/// A list that failed is tried again by a rule of its own; one that is good for
/// a day sooner than that.
fn retried(model: &Model, feed: Feed, period: Duration) -> Duration {
    match feed {
        Feed::Locations if model.feeds.locations.failure.is_some() => {
            period.min(Duration::from_secs(600))
        }
        Feed::Products => politeness::retried(period, model.engine.products().failures),
        Feed::Keys => politeness::retried(period, model.engine.keys().failures),
        _ => period,
    }
}

/// Whether no dialog stands on the lists. That of a key in doubt lives on them:
/// once its planned looks are over, each list that is read is one more.
fn is_undisturbed(model: &Model) -> bool {
    model.dialogs.iter().all(|open| match open {
        Dialog::Unfinished { .. } => true,
        Dialog::Attempt(id) => model.engine.attempt(*id).is_some_and(|one| !one.needs_the_line()),
        _ => false,
    })
}

/// Whether a feed may be asked for now: it is not under way, and what changes
/// the lists waits while a dialog is open, so that nobody reads one thing and
/// answers another.
fn is_free(model: &Model, feed: Feed) -> bool {
    let undisturbed = is_undisturbed(model);
    match feed {
        Feed::Products => model.engine.products().asked.is_none() && undisturbed,
        Feed::Keys => model.engine.keys().asked.is_none() && undisturbed,
        Feed::Events => !model.awaits(Purpose::Events),
        Feed::Locations => !model.awaits(Purpose::Locations),
        Feed::Traffic => false,
    }
}

/// When the telemetry of an on-ramp is due.
fn measured_in(model: &Model, id: &OnRampId, period: Duration) -> Duration {
    let Some(asked) = model.feeds.asked_traffic.get(id) else { return Duration::ZERO };
    let none = model.has_no_load(id);
    left_of(*asked, if none { NONE_FOR } else { period }, model.now())
}

/// How many on-ramps of a comparison are measured: a place with more is too
/// wide for one.
const COMPARED: usize = 24;

/// The on-ramps that are on the screen, the one that keys act on first; those
/// of a comparison while one is open.
fn on_screen(model: &Model) -> impl Iterator<Item = &OnRamp> {
    let compared = match model.dialogs.last() {
        Some(Dialog::Offers(open)) => Some(model.geography.within(&open.scope)),
        _ => None,
    };
    let compared = compared.into_iter().flatten().take(COMPARED);
    let compared = compared.filter_map(|at| model.engine.inventory().on_ramps().get(at));
    let shown = model.place == Place::Browse && layout::fits(model) && model.dialogs.is_empty();
    let rows = model.browse.rows().iter().skip(model.browse.offset).take(layout::table_rows(model));
    let rows = rows.filter(|_| model.visit.is_none());
    let rows = rows.filter_map(|row| model.engine.inventory().on_ramps().get(*row));
    model.current().into_iter().chain(rows).filter(move |_| shown).chain(compared)
}
