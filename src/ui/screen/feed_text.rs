//! Texts and small charts of the background data.

use std::time::Duration;

use crate::{
    domain::{
        event::{Event, Kind, State},
        id::OnRampId,
        location::{LocationStatus, OnSale},
        on_ramp::OnRamp,
        telemetry::{Load, PortHealth, Series, Traffic},
        time::Timestamp,
        units::Mbps,
    },
    ui::{
        model::Model,
        widget::{
            text::{clock, count, short_date_time},
            theme::Role,
        },
    },
};

/// Returns a word after the allocation: `load 31%`. Empty if unknown.
pub(in crate::ui) fn load(model: &Model, id: &OnRampId) -> Option<String> {
    let of = if is_of_one_member(model, id) { " (one member)" } else { "" };
    Some(format!("load {}%{of}", model.engine.load(id)?.latest.percent()))
}

/// Returns the last day of an on-ramp in so many spans, a letter each, and its load now
/// in percent. The busier direction counts, and a gap is a dot.
pub(in crate::ui) fn day(model: &Model, id: &OnRampId, spans: usize) -> Option<(String, u32)> {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let load = model.engine.load(id)?;
    let traffic = model.engine.background().measured.get(id)?.traffic.value()?;
    let until = load.at + Duration::from_millis(1);
    let [one, two] =
        [&traffic.inward, &traffic.outward].map(|series| series.columns(until - DAY, until, spans));
    let both: Vec<_> = one.into_iter().zip(two).map(|(one, two)| one.max(two)).collect();
    let line = bars(&both, load.latest.of, 1).pop()?;
    Some((line, load.latest.percent()))
}

/// Returns whether the telemetry of a LAG is that of one member, by its speed.
pub(in crate::ui) fn is_of_one_member(model: &Model, id: &OnRampId) -> bool {
    let Some((load, on_ramp)) = model.engine.load(id).zip(model.engine.inventory().on_ramp(id))
    else {
        return false;
    };
    on_ramp.lag.as_ref().is_some_and(|lag| lag.members.len() > 1)
        && on_ramp.capacity().is_some_and(|all| load.latest.of < all)
}

/// Describes the data centre of an on-ramp: its address, its operator, and whether
/// Megaport reports it as not open.
pub(in crate::ui) fn site(model: &Model, id: &OnRampId) -> Option<String> {
    let site = model.engine.location_of(id)?;
    let operator = (!site.operator.is_empty()).then(|| format!("operated by {}", site.operator));
    let status = match &site.status {
        LocationStatus::Active => None,
        LocationStatus::Other(word) => Some(format!("Megaport reports the site as {word}")),
    };
    let address = (!site.address.is_empty()).then(|| site.address.to_string());
    let parts: Vec<_> = [address, operator, status].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Describes the products on sale in the data centre of an on-ramp, by zone.
pub(in crate::ui) fn on_sale(model: &Model, id: &OnRampId) -> Option<String> {
    let speeds = |what: &str, all: &[Mbps]| {
        let all: Vec<_> = all.iter().map(|speed| speed.short()).collect();
        (!all.is_empty()).then(|| format!("{what} {}", all.join(" ")))
    };
    let zone = |one: &OnSale| {
        let mves = match one.mves {
            Some(true) => Some("MVEs".to_owned()),
            Some(false) => Some("no MVE".to_owned()),
            None => None,
        };
        let parts = [speeds("Ports", &one.ports), speeds("MCRs", &one.mcrs), mves];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        let what = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
        format!("{}: {what}", one.zone.word())
    };
    let zones: Vec<_> = model.engine.location_of(id)?.zones.iter().map(zone).collect();
    (!zones.is_empty()).then(|| zones.join("; "))
}

/// Returns the load of the last day in a sentence, or why there is none.
pub(in crate::ui) fn load_in_full(model: &Model, on_ramp: &OnRamp) -> Option<String> {
    let id = &on_ramp.id;
    let measured = model.engine.background().measured.get(id);
    let missing = measured.and_then(|one| one.traffic.value()).and_then(Traffic::missing);
    let Some(load) = model.engine.load(id) else {
        let none = || "Megaport has no telemetry for it".to_owned();
        let half = missing.map(|missing| format!("not known: {missing}"));
        return half.or_else(|| model.engine.has_no_load(id).then(none));
    };
    let Load { of, .. } = load.latest;
    let percent = |load: Load| load.percent();
    let (now, peak, busy) = (percent(load.latest), percent(load.peak), percent(load.busy));
    let member = if is_of_one_member(model, id) { " (one LAG member)" } else { "" };
    let day = format!("24 h peak {peak}%, 95th percentile {busy}%");
    let missing = missing.map_or_else(String::new, |missing| format!("; {missing}"));
    Some(format!("{now}% of {of}{member} at {}; {day}{missing}", clock(load.at)))
}

/// Returns the mark of an on-ramp that an event may touch: `!` now, `~` to come.
pub(in crate::ui) fn mark(model: &Model, id: &OnRampId) -> Option<(&'static str, Role)> {
    let (worst, _) = *model.engine.events_for(id).first()?;
    let is_on = worst.is_on(model.server_now());
    Some(if is_on { ("!", Role::Bad) } else { ("~", Role::Warn) })
}

/// Describes the worst event that may affect an on-ramp, in a sentence.
pub(in crate::ui) fn event_of(model: &Model, id: &OnRampId) -> Option<(Role, String)> {
    let events = model.engine.events_for(id);
    let (event, touch) = *events.first()?;
    let is_on = event.is_on(model.server_now());
    let what = match (touch.itself, touch.circuits) {
        (true, _) => "may be affected".to_owned(),
        (false, n) => format!("{} may be affected", count(n, "circuit")),
    };
    let more = match events.len() {
        1 => String::new(),
        n => format!(" ({} more)", n - 1),
    };
    let says = format!("{what}: {}{more}", describe(event, model.server_now()));
    Some((if is_on { Role::Bad } else { Role::Warn }, says))
}

/// Returns an event in a sentence: `outage CSS-4830 since 14:02Z: Fibre cut`.
pub(in crate::ui) fn describe(event: &Event, now: Timestamp) -> String {
    format!("{} {}", event.kind.word(), number_and_when(event, now))
}

/// Returns the number and time without the kind: `CSS-4830 since 14:02Z: Fibre cut`.
pub(in crate::ui) fn number_and_when(event: &Event, now: Timestamp) -> String {
    let Event { number, purpose, .. } = event;
    let when = match (event.from, event.until) {
        (Some(from), None) if event.is_on(now) => format!(" since {} UTC", short_date_time(from)),
        (Some(_), Some(until)) if event.is_on(now) && until > now => {
            format!(" until {} UTC", short_date_time(until))
        }
        (Some(_), Some(until)) if event.is_on(now) => {
            format!(", planned until {} UTC", short_date_time(until))
        }
        (Some(from), _) => format!(" from {} UTC", short_date_time(from)),
        (None, _) => String::new(),
    };
    format!("{number}{when}: {purpose}")
}

/// Returns an outage that continues and may affect our on-ramps.
pub(in crate::ui) fn banner(model: &Model) -> Option<String> {
    let events = model.engine.background().events.value()?;
    let hit = |place: usize| model.engine.background().affected_count(place);
    let mut ongoing = events.iter().enumerate().filter(|(place, event)| {
        event.kind == Kind::Outage && event.state == State::Now && hit(*place) > 0
    });
    let (place, event) = ongoing.next()?;
    let more = match ongoing.count() {
        0 => String::new(),
        n => format!(" ({} more)", count(n, "outage")),
    };
    let on_ramps = count(hit(place), "on-ramp");
    let Event { number, purpose, .. } = event;
    Some(format!("! Outage {number}: {purpose}. {on_ramps} may be affected.{more}"))
}

/// Reports that Megaport asked for a wait, while it lasts.
pub(in crate::ui) fn waiting(model: &Model) -> Option<String> {
    let left = model.engine.background().allowance.waits(model.now())?;
    let until = clock(model.server_now() + left);
    Some(format!("Megaport asks for fewer requests: background refresh stops until {until}."))
}

/// Returns the light and the errors of a Port, as they were last measured.
pub(in crate::ui) fn line(line: &PortHealth) -> Option<String> {
    let light = |what: &str, series: &Series| {
        let (_, hundredths) = series.latest()?;
        let sign = if hundredths < 0 { "-" } else { "" };
        let whole = hundredths.unsigned_abs();
        Some(format!("{what} {sign}{}.{} dBm", whole / 100, whole % 100 / 10))
    };
    let errors = line.errors().map(|(thousandths, both)| {
        let one = if both { "" } else { " in one direction, the other not reported" };
        match thousandths {
            0 => format!("no errors{one}"),
            n => format!("{}.{:03} errors/s{one}", n / 1000, n % 1000),
        }
    });
    let parts = [light("Rx", &line.received), light("Tx", &line.sent), errors];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Draws the highest values of `columns` spans as bars of `rows` lines, the uppermost
/// line first. The ceiling is `of`; a gap is a dot and no bar of height zero.
pub(in crate::ui) fn bars(spans: &[Option<i64>], of: Mbps, rows: usize) -> Vec<String> {
    const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let most = i128::from(of.get()) * 1_000_000;
    let height = |bits: i64| {
        let eighths = (i128::from(bits) * (rows as i128 * 8) + most - 1) / most.max(1);
        usize::try_from(eighths).unwrap_or(0).min(rows * 8)
    };
    let cell = |span: Option<i64>, row: usize| match span {
        None if row == 0 => "·",
        None => " ",
        // A measured zero is a line on the ground, unlike a gap.
        Some(bits) if row == 0 => EIGHTHS[height(bits).clamp(1, 8)],
        Some(bits) => EIGHTHS[height(bits).saturating_sub(row * 8).min(8)],
    };
    let line = |row| spans.iter().map(|span| cell(*span, row)).collect();
    (0..rows).rev().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_rise_to_the_ceiling_and_a_gap_is_no_zero() {
        let of = Mbps::new(1000);
        let spans = [Some(1_000_000_000), Some(500_000_000), Some(1), Some(0), None];
        assert_eq!(bars(&spans, of, 2), ["█    ", "██▁▁·"]);
        assert_eq!(bars(&[Some(2_000_000_000)], of, 1), ["█"], "more than all is all");
    }

    #[test]
    fn light_levels_have_a_sign_and_uncounted_errors_are_omitted() {
        let one = |value| Series::new([(Timestamp::from_millis(0), value)]);
        let health = PortHealth { received: one(-47), sent: one(231), ..PortHealth::default() };
        assert_eq!(line(&health).as_deref(), Some("Rx -0.4 dBm, Tx 2.3 dBm"));
        assert_eq!(line(&PortHealth::default()), None);
    }
}
