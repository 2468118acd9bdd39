//! Requests beside on-ramps and keys.

use std::time::Duration;

use onramp::{
    api::{Cause, Reply, Request},
    domain::{
        event::{Event, State},
        location::Month,
        on_ramp::Kind,
        place::LocationId,
        telemetry::Traffic,
    },
    simulator::{Act, Fault, Options, RetryAfter, Shape, Switches, World},
};

use crate::bench::{Bench, brisk, la2};

/// Returns the demo's world with its events.
fn eventful() -> Options {
    let mut options = Options::quiet(World::demo());
    options.world.events = World::demo().events;
    options
}

async fn traffic(bench: &mut Bench) -> Result<Traffic, Cause> {
    match bench.rig.ask(Request::Traffic(la2(), Kind::Port)).await {
        Ok(Reply::Traffic(id, traffic)) if id == la2() => Ok(*traffic),
        Ok(other) => panic!("no traffic: {other:?}"),
        Err(failure) => Err(failure.cause),
    }
}

#[tokio::test]
async fn traffic_is_read_whatever_the_case_of_its_words() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    for other_case in [false, true] {
        let set = |switches: &mut Switches| switches.telemetry_in_other_case = other_case;
        bench.simulator.set_switches(set);
        let traffic = traffic(&mut bench).await.unwrap();
        assert!(traffic.inward.samples().len() > 280 && traffic.unread == 0);
        assert!(traffic.utilisation(None).is_some(), "the configured speed is told");
    }
}

#[tokio::test]
async fn without_telemetry_the_traffic_is_not_there_and_not_zero() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    bench.simulator.set_switches(|switches| switches.telemetry = false);
    assert_eq!(traffic(&mut bench).await, Err(Cause::NotFound));
    bench.simulator.set_switches(|switches| switches.not_found_as_400 = true);
    assert!(matches!(traffic(&mut bench).await, Err(Cause::NotFound | Cause::Refused)));
}

#[tokio::test]
async fn the_line_of_a_port_has_light_and_errors() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let Ok(Reply::PortHealth(_, line)) = bench.rig.ask(Request::PortHealth(la2())).await else {
        panic!("no line")
    };
    let (_, received) = line.received.latest().unwrap();
    assert!((-600..=-500).contains(&received), "{received}");
    assert_eq!(line.errors(), Some((0, true)));
}

#[tokio::test]
async fn events_of_all_states_that_matter_come_in_one_list() {
    let mut bench = Bench::with_options(eventful(), brisk()).await;
    bench.simulator.advance(Duration::from_secs(6 * 60));
    let Ok(Reply::Events(list)) = bench.rig.ask(Request::Events).await else { panic!("no events") };
    assert!(list.entries.iter().any(Event::is_ongoing_outage));
    assert!(list.entries.iter().any(|event| event.state == State::Scheduled));
    assert_eq!(list.unread, []);
}

#[tokio::test]
async fn a_list_of_events_that_is_missing_is_not_an_empty_one() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let act = Act::Status { code: 500, shape: Shape::Null, text: None, retry_after: vec![] };
    bench.simulator.push_fault(Fault::new("GET /ens/v1/status/outage", act));
    let failure = bench.rig.ask(Request::Events).await.unwrap_err();
    assert_eq!(failure.cause, Cause::Server);
}

#[tokio::test]
async fn every_on_ramp_stands_at_a_location_of_the_list() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let on_ramps = bench.rig.on_ramps().await;
    let Ok(Reply::Locations(list)) = bench.rig.ask(Request::Locations).await else {
        panic!("no locations")
    };
    assert_eq!(list.unread, []);
    let known = |id| list.entries.iter().find(|location| Some(location.id) == id);
    for on_ramp in &on_ramps {
        let location = known(on_ramp.site.id).expect("its location");
        assert_eq!(location.name, on_ramp.site.name);
        assert!(!location.zones.is_empty() && !location.operator.is_empty());
    }
}

#[tokio::test]
async fn round_trips_are_asked_for_with_two_digits_of_the_year() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let (from, month) = (LocationId(59), Month { year: 2025, month: 6 });
    let Ok(Reply::RoundTrips(of, list)) = bench.rig.ask(Request::RoundTrips(from, month)).await
    else {
        panic!("no round trips")
    };
    assert!(of == from && list.entries.len() >= 5 && list.unread.is_empty());
}

#[tokio::test]
async fn a_wait_that_the_server_asks_for_is_told() {
    let mut bench = Bench::with_timeouts(brisk()).await;
    let act = Act::TooMany { retry_after: vec![RetryAfter::Seconds(7)] };
    bench.simulator.push_fault(Fault::new("GET /v3/locations", act));
    assert!(bench.rig.ask(Request::Locations).await.is_err(), "it is said at once");
    assert!(bench.rig.ask(Request::Locations).await.is_ok());
    assert_eq!(bench.rig.waits, [Duration::from_secs(7)]);
}
