//! The events view: current and future events, and the on-ramps they may affect.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, Listing, Reply, Request},
    domain::{
        event::{Event, Kind, ShortId, State},
        issuance::Doubt,
        place::Zone,
    },
};

use crate::support::{Console, LA2, NOW, all, on_ramp, vxc};

const HOUR: Duration = Duration::from_secs(3600);

fn event(number: &str, kind: Kind, state: State, services: &[&str]) -> Event {
    Event {
        number: number.into(),
        kind,
        state,
        from: Some(NOW + 30 * HOUR),
        until: Some(NOW + 34 * HOUR),
        purpose: "Line card replacement".into(),
        impact: "Up to 15 minutes of loss".into(),
        notice: "".into(),
        services: services.iter().filter_map(|id| ShortId::parse(id)).collect(),
        unread: 0,
    }
}

/// Four events: one to come that touches nothing, one to come that touches an
/// on-ramp and a circuit, an outage that goes on, and one that is over.
fn four() -> Vec<Event> {
    vec![
        event("CSS-1", Kind::PlannedWork, State::Scheduled, &["99999999"]),
        event("CSS-2", Kind::PlannedWork, State::Scheduled, &["1a2b3c4d", "5e6f7a8b"]),
        Event {
            from: Some(NOW - HOUR),
            until: None,
            purpose: "Fibre cut".into(),
            notice: "A crew is on its way".into(),
            ..event("CSS-3", Kind::Outage, State::Now, &["5e6f7a8b"])
        },
        Event {
            from: Some(NOW - 40 * HOUR),
            until: Some(NOW - 39 * HOUR),
            ..event("CSS-4", Kind::EmergencyWork, State::Over, &["1a2b3c4d"])
        },
    ]
}

/// Returns a console in the events view, which has read `events`.
fn console(size: (u16, u16), events: Vec<Event>) -> Console {
    let mut console = Console::loaded(size);
    let more = on_ramp("1a2b3c4d-0000", "Los Angeles 9", LA2, Zone::Blue, 10_000);
    console.account.0.push(more);
    console.account.0[0].vxcs.push(vxc("5e6f7a8b-0000", "Polar Foundry", 500, 300));
    console.keys("r");
    console.answer_all();
    console.keys("5");
    let (id, _) = console.take_request(|request| matches!(request, Request::Events));
    console.reply(id, Ok(Reply::Events(all(events))));
    console
}

#[test]
fn current_events_come_first_then_future_ones_ours_on_top() {
    let mut console = console((120, 36), four());
    insta::assert_snapshot!("events 120x36", console.frame());
    let frame = console.frame();
    let at = |number| frame.find(number).expect("it is shown");
    assert!(at("CSS-3") < at("CSS-2") && at("CSS-2") < at("CSS-1") && at("CSS-1") < at("CSS-4"));
    console.keys("j");
    let frame = console.frame();
    assert!(frame.contains("Los Angeles 9, 1 circuit on "), "{frame}");
}

#[test]
fn times_are_in_utc_and_on_this_hosts_clock() {
    let mut console = console((80, 24), four());
    console.model.local_zone = Some("America/New_York".to_owned());
    console.keys("j");
    insta::assert_snapshot!("events 80x24", console.frame());
    let frame = console.frame();
    assert!(frame.contains("24 Nov 2026, 15:02 in New York (20:02 UTC)"), "{frame}");
}

#[test]
fn an_event_leads_to_the_on_ramp_it_may_touch() {
    let mut console = console((120, 36), four());
    console.keys("j\n");
    let at = console.model.current().map(|on_ramp| on_ramp.name.to_string());
    assert_eq!(at.as_deref(), Some("Los Angeles 9"));
    console.keys("5G\n");
    assert!(console.frame().contains("Los Angeles 9"), "what is over leads there too");
    console.keys("5gjj\n");
    assert!(console.frame().contains("names none of our listed on-ramps"), "{}", console.frame());
}

#[test]
fn the_cursor_stays_on_its_event_when_the_list_is_read_again() {
    let mut console = console((120, 36), four());
    console.keys("jjr");
    let (id, _) = console.take_request(|request| matches!(request, Request::Events));
    let mut events = four();
    events.insert(0, event("CSS-0", Kind::Outage, State::Now, &["1a2b3c4d"]));
    console.reply(
        id,
        Ok(Reply::Events(Listing {
            entries: events,
            unread: vec![],
            other: std::collections::BTreeMap::new(),
        })),
    );
    assert!(console.frame().contains("Maintenance CSS-1"), "{}", console.frame());
}

#[test]
fn no_event_and_no_answer_are_told_apart() {
    let none = console((80, 24), vec![]);
    assert!(none.frame().contains("no maintenance and no outage"), "{}", none.frame());
    let mut console = Console::loaded((80, 24));
    console.keys("5");
    assert!(console.frame().contains("Reading the events"), "{}", console.frame());
    let (id, _) = console.take_request(|request| matches!(request, Request::Events));
    let failure = Failure {
        cause: Cause::ConnectionLost,
        happened: "the line broke".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt: Doubt::Refused,
    };
    console.reply(id, Err(failure));
    assert!(console.frame().contains("could not be read: the line broke"), "{}", console.frame());
}
