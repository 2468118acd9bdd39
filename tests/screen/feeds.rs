//! Background requests: how often, for which reason, and that the user's view is never
//! disturbed by them.

use std::time::Duration;

use onramp::{
    api::{Cause, Event as Api, Failure, Reply, Request, RequestId},
    domain::{
        country::Country,
        event::{Event, Kind, ShortId, State},
        id::OnRampId,
        issuance::Doubt,
        location::{Location, LocationStatus, OnSale, RoundTrip},
        on_ramp::{Group, Lag},
        place::{LocationId, Site, Zone},
        telemetry::{Series, Traffic},
        time::Timestamp,
        units::Mbps,
    },
    engine::background::{Attention, BackgroundReads, TmuxClients, WaitingFor},
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, plain},
        system::help::Help,
    },
};

use crate::support::{Console, all, on_ramp_mut};

const SIZE: (u16, u16) = (120, 36);
const SECOND: Duration = Duration::from_secs(1);

/// Returns a console with background reads that has finished its first ones.
fn lively() -> Console {
    let mut console = Console::loaded(SIZE);
    console.model.engine.read_by_itself(BackgroundReads::lively(7, console.model.now()));
    console
}

/// Builds tmux's report whether a terminal is attached.
fn attached(attached: bool) -> Msg {
    Msg::Attached(TmuxClients { attached, last_attached: Some(1) })
}

/// Lets `span` pass as the event loop does: it sleeps until the model wants a tick, and
/// every request is answered at once. Returns the requests with their times.
fn live(console: &mut Console, span: Duration) -> Vec<(Timestamp, Request)> {
    let end = console.model.now() + span;
    let mut seen = vec![];
    loop {
        let asked = console.asked.iter().map(|(_, request)| (console.model.now(), request.clone()));
        seen.extend(asked);
        console.answer_all();
        match console.model.next_tick() {
            Some(after) if console.model.now() + after < end => console.stall(after),
            _ => {
                let left = end.since(console.model.now());
                console.stall(left);
                return seen;
            }
        }
    }
}

fn count(seen: &[(Timestamp, Request)], wanted: impl Fn(&Request) -> bool) -> usize {
    seen.iter().filter(|(_, request)| wanted(request)).count()
}

fn is_products(request: &Request) -> bool {
    matches!(request, Request::Products)
}

fn is_traffic(request: &Request) -> bool {
    matches!(request, Request::Traffic(..))
}

fn failure(cause: Cause) -> Failure {
    let (happened, advice) = ("It failed".into(), "Wait".into());
    Failure { cause, happened, advice, trace: None, doubt: Doubt::Refused }
}

fn la1() -> OnRampId {
    OnRampId::new("la-1").expect("an id")
}

#[test]
fn on_ramps_are_read_about_every_minute_during_activity() {
    let mut console = lively();
    let mut seen = vec![];
    for _ in 0..10 {
        console.keys("j");
        seen.extend(live(&mut console, 60 * SECOND));
    }
    let products = count(&seen, is_products);
    assert!((8..=13).contains(&products), "{products} in ten minutes");
    let keys = count(&seen, |request| matches!(request, Request::Keys));
    assert!((1..=3).contains(&keys), "{keys}");
}

#[test]
fn refresh_slows_without_activity_and_stops_until_a_key_press() {
    let mut console = lively();
    live(&mut console, 300 * SECOND);
    let idle = live(&mut console, 600 * SECOND);
    let products = count(&idle, is_products);
    assert!((1..=3).contains(&products), "{products} in ten idle minutes");
    assert_eq!(count(&idle, is_traffic), 0, "nobody sees it");
    let away = live(&mut console, 3600 * SECOND);
    assert!(away.len() <= 1, "but for a time that was named, nobody is there: {away:?}");
    assert_eq!(count(&away, is_products), away.len());
    assert_eq!(console.model.next_tick(), None, "and nothing ticks");
    console.keys("j");
    assert!(count(&live(&mut console, SECOND), is_products) == 1, "somebody is back");
}

#[test]
fn at_rest_it_sleeps_for_long_between_two_readings() {
    let mut console = lively();
    live(&mut console, 30 * SECOND);
    let (mut ticks, end) = (0, console.model.now() + 240 * SECOND);
    while console.model.now() < end {
        console.answer_all();
        let after = console.model.next_tick().unwrap();
        console.stall(after);
        ticks += 1;
    }
    assert!(ticks < 40, "{ticks} ticks in four minutes");
}

#[test]
fn at_most_30_requests_a_minute_and_1_telemetry_a_second() {
    let mut console = lively();
    let mut seen = vec![];
    for _ in 0..40 {
        console.keys("jr");
        seen.extend(live(&mut console, 7 * SECOND));
    }
    let traffic: Vec<_> = seen.iter().filter(|(_, r)| is_traffic(r)).map(|(at, _)| *at).collect();
    assert!(traffic.windows(2).all(|two| two[1].since(two[0]) >= SECOND), "{traffic:?}");
    for (from, _) in &seen {
        let within = |at: Timestamp| at >= *from && at.since(*from) < 60 * SECOND;
        let by_itself = seen.iter().filter(|(at, request)| {
            within(*at) && !matches!(request, Request::Products | Request::Keys)
        });
        assert!(by_itself.count() <= 24, "what people ask for takes from what is left");
    }
}

#[test]
fn telemetry_is_read_for_visible_rows_and_kept_5_minutes() {
    let mut console = lively();
    let seen = live(&mut console, 60 * SECOND);
    assert_eq!(count(&seen, is_traffic), 6, "each on-ramp of the table, once");
    console.keys("/sydney\n");
    let seen = live(&mut console, 230 * SECOND);
    assert_eq!(count(&seen, is_traffic), 0, "it is all known");
    console.keys("j");
    let seen = live(&mut console, 100 * SECOND);
    let of: Vec<_> = seen.iter().filter(|(_, request)| is_traffic(request)).collect();
    assert!(!of.is_empty());
    assert!(of.iter().all(|(_, r)| matches!(r, Request::Traffic(id, _) if id.as_str() == "syd-1")));
}

#[test]
fn background_reads_pause_during_retry_after() {
    let mut console = lively();
    console.handle_msg(Msg::Api(Api::Wait(120 * SECOND)));
    assert_eq!(live(&mut console, 119 * SECOND), []);
    assert!(!live(&mut console, 10 * SECOND).is_empty());
}

#[test]
fn too_many_requests_stops_background_reads() {
    let mut console = lively();
    console.keys("r");
    let (id, _) = console.take_request(is_products);
    console.reply(id, Err(failure(Cause::RateLimited)));
    console.answer_all();
    assert_eq!(live(&mut console, 59 * SECOND), []);
}

#[test]
fn missing_telemetry_means_no_load_and_no_quick_retry() {
    let mut console = lively();
    console.stall(SECOND);
    refuse(&mut console, Cause::NotFound);
    for _ in 0..60 {
        console.stall(SECOND);
        refuse(&mut console, Cause::NotFound);
    }
    assert_eq!(console.model.engine.load(&la1()), None);
    assert!(console.model.engine.has_no_load(&la1()));
    console.keys("j");
    let seen = live(&mut console, 290 * SECOND);
    console.keys("j");
    let more = live(&mut console, 290 * SECOND);
    assert_eq!((count(&seen, is_traffic), count(&more, is_traffic)), (0, 0));
}

/// Refuses telemetry, and answers the rest.
fn refuse(console: &mut Console, cause: Cause) {
    let (traffic, rest): (Vec<_>, Vec<_>) =
        std::mem::take(&mut console.asked).into_iter().partition(|(_, r)| is_traffic(r));
    console.asked = rest;
    for (id, _) in traffic {
        console.reply(id, Err(failure(cause)));
    }
    console.answer_all();
}

#[test]
fn a_line_that_broke_does_not_make_telemetry_unavailable() {
    let mut console = lively();
    for _ in 0..30 {
        console.stall(SECOND);
        refuse(&mut console, Cause::ConnectionLost);
    }
    assert!(!console.model.engine.has_no_load(&la1()));
}

#[test]
fn what_was_measured_is_there_for_a_ranking() {
    let mut console = lively();
    console.stall(SECOND);
    let (id, of) = until(&mut console, |r| matches!(r, Request::Traffic(id, _) if *id == la1()));
    let Request::Traffic(on_ramp, _) = of else { unreachable!() };
    let now = console.model.now();
    let series = |bits| Series::new([(now - 600 * SECOND, bits)]);
    let (inward, outward) = (series(3_000_000_000), series(1_000_000_000));
    let traffic = Traffic { inward, outward, ..Traffic::default() };
    console.reply(id, Ok(Reply::Traffic(on_ramp, Box::new(traffic))));
    let load = console.model.engine.load(&la1()).expect("a load");
    assert_eq!(load.latest.percent(), 30);
}

/// Lets time pass until `wanted` is requested.
fn until(console: &mut Console, wanted: impl Fn(&Request) -> bool) -> (RequestId, Request) {
    for _ in 0..100 {
        if console.asked.iter().any(|(_, request)| wanted(request)) {
            return console.take_request(&wanted);
        }
        console.answer_all();
        console.stall(SECOND);
    }
    panic!("it was never asked for")
}

/// Reports an outage of this service.
fn outage(console: &mut Console, service: &str) {
    let (id, _) = until(console, |request| matches!(request, Request::Events));
    let event = Event {
        number: "CSS-9".into(),
        kind: Kind::Outage,
        state: State::Now,
        from: Some(console.model.now()),
        until: None,
        purpose: "Fibre cut".into(),
        impact: "".into(),
        notice: "".into(),
        services: ShortId::parse(service).into_iter().collect(),
        unread: 0,
    };
    console.reply(id, Ok(Reply::Events(all(vec![event]))));
}

#[test]
fn an_outage_that_names_nothing_of_ours_touches_nothing() {
    let mut console = lively();
    outage(&mut console, "00000000");
    assert_eq!(console.model.engine.events_for(&la1()), []);
    assert!(!console.frame().contains("Outage"), "{}", console.frame());
    assert!(console.model.engine.background().events.value().unwrap()[0].is_ongoing_outage());
}

#[test]
fn no_list_changes_while_a_dialog_is_open() {
    let mut console = lively();
    live(&mut console, 30 * SECOND);
    console.keys("G\n");
    console.keys("?");
    assert!(console.model.modals.on_top::<Help>().is_some());
    let seen = live(&mut console, 250 * SECOND);
    assert_eq!(count(&seen, |r| matches!(r, Request::Products | Request::Keys)), 0);
    console.keys("\x1b");
    assert_eq!(count(&live(&mut console, SECOND), is_products), 1);
}

#[test]
fn background_read_moves_neither_cursor_nor_open_page() {
    let mut console = lively();
    console.keys("\n\n\nj");
    let (on_ramp, frame_row) = (console.model.browse.on_ramp.clone(), console.reversed());
    let seen = live(&mut console, 120 * SECOND);
    assert!(count(&seen, is_products) >= 1);
    assert_eq!(console.model.browse.on_ramp, on_ramp);
    assert_eq!(console.reversed(), frame_row);
}

/// Returns a console of an account where LA 1 has an id as long as the vendor's.
fn with_long_ids() -> (Console, OnRampId) {
    let mut console = lively();
    let id = OnRampId::new("8611b645-ea50-46eb-b400-1c2fb858a303").expect("an id");
    console.account.0[0].id = id.clone();
    console.keys("r");
    console.answer_all();
    (console, id)
}

#[test]
fn an_outage_of_ours_is_the_message_and_marks_its_row() {
    let (mut console, id) = with_long_ids();
    outage(&mut console, "8611B645");
    console.answer_all();
    let touches: Vec<_> =
        console.model.engine.events_for(&id).iter().map(|(_, t)| t.itself).collect();
    assert_eq!(touches, [true]);
    let frame = console.frame();
    let says = "! Outage CSS-9: Fibre cut. 1 on-ramp may be affected.";
    assert!(frame.contains(says), "{frame}");
    assert!(frame.contains("!Los Angeles 1"), "{frame}");
    console.keys("/los\n");
    assert!(console.frame().contains("event     may be affected: outage CSS-9 since"));
    console.keys("\x1bw");
    let frame = console.frame();
    assert!(frame.contains("outage: CSS-9 since"), "it is refused, and why: {frame}");
}

/// Returns the samples of a day, with a gap in them.
fn day(now: Timestamp, gbps: i64) -> Series {
    let moments = (2..286_u32)
        .filter(|n| !(100..120).contains(n))
        .map(|n| now - Duration::from_secs(300) * n);
    Series::new(moments.map(|at| (at, gbps * 1_000_000_000)))
}

#[test]
fn load_is_beside_allocation_and_the_day_on_the_page() {
    let mut console = lively();
    console.keys("G/angeles 1\n");
    let wanted = |r: &Request| matches!(r, Request::Traffic(id, _) if *id == la1());
    let (id, _) = until(&mut console, wanted);
    assert!(!console.frame().contains("load"), "nothing is said before it is known");
    let now = console.model.now();
    let traffic = Traffic { inward: day(now, 3), outward: day(now, 1), ..Traffic::default() };
    console.reply(id, Ok(Reply::Traffic(la1(), Box::new(traffic))));
    assert!(console.frame().contains("41%, load 30%"), "{}", console.frame());
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("30% of 10 Gbps at"), "{frame}");
    assert!(frame.contains("Inbound (to Megaport): 3.0 Gbps, port 10 Gbps"), "{frame}");
    assert!(frame.contains('·'), "what was not measured is a gap: {frame}");
}

#[test]
fn light_is_asked_for_only_of_an_opened_port() {
    let mut console = lively();
    let is_line = |request: &Request| matches!(request, Request::PortHealth(_));
    assert_eq!(count(&live(&mut console, 60 * SECOND), is_line), 0);
    console.keys("/angeles 1\n\n");
    assert_eq!(count(&live(&mut console, 20 * SECOND), is_line), 1);
}

#[test]
fn a_wait_that_megaport_asks_for_is_on_the_screen() {
    let mut console = lively();
    live(&mut console, 20 * SECOND);
    console.handle_msg(Msg::Api(Api::Wait(120 * SECOND)));
    let frame = console.frame();
    assert!(frame.contains("Megaport asks for fewer requests"), "{frame}");
}

#[test]
fn background_read_hides_no_outage_unless_slow() {
    let (mut console, _) = with_long_ids();
    outage(&mut console, "8611B645");
    console.answer_all();
    for _ in 0..120 {
        if console.asked.iter().any(|(_, request)| is_products(request)) {
            break;
        }
        console.answer_all();
        console.stall(SECOND);
    }
    assert!(
        console.asked.iter().any(|(_, request)| is_products(request)),
        "a refresh is under way"
    );
    assert!(console.frame().contains("! Outage CSS-9"), "{}", console.frame());
    console.stall(4 * SECOND);
    assert!(console.frame().contains("Reading on-ramps"), "{}", console.frame());
    console.answer_all();
    assert!(console.frame().contains("! Outage CSS-9"), "{}", console.frame());
    console.keys("r");
    assert!(console.frame().contains("Reading on-ramps"), "who asks is told at once");
}

/// The list of data centres has the one of `la-1`.
fn tell_location(console: &mut Console) {
    let (id, _) = until(console, |request| matches!(request, Request::Locations));
    let site = console.model.engine.inventory().on_ramp(&la1()).and_then(|one| one.site.id);
    let site = Location {
        id: site.expect("its record has a number"),
        name: "Equinix LA1".into(),
        metro: "Los Angeles".into(),
        country: Country::parse("United States"),
        operator: "Equinix".into(),
        address: "600 West 7th Street".into(),
        status: LocationStatus::parse("Restricted"),
        message: "".into(),
        zones: vec![OnSale {
            zone: Zone::Red,
            ports: vec![Mbps::new(1_000), Mbps::new(100_000)],
            mcrs: vec![],
            mves: Some(false),
        }],
    };
    console.reply(id, Ok(Reply::Locations(all(vec![site]))));
}

#[test]
fn missing_site_comes_from_the_data_centre_list_and_is_marked() {
    let mut console = lively();
    let one = on_ramp_mut(&mut console, "la-1");
    one.site = Site { id: one.site.id, ..Site::default() };
    console.keys("r");
    console.answer_all();
    assert!(console.frame().contains("(no metro)"), "{}", console.frame());
    tell_location(&mut console);
    for _ in 0..2 {
        assert!(!console.frame().contains("(no metro)"), "{}", console.frame());
        console.keys("/angeles 1\n\n");
        let frame = console.frame();
        assert!(frame.contains("Angeles, USA, from the location"), "{frame}");
        console.keys("\u{1b}\u{1b}r");
        console.answer_all();
    }
}

#[test]
fn an_opened_on_ramp_says_where_its_data_centre_stands() {
    let mut console = lively();
    tell_location(&mut console);
    console.keys("/angeles 1\n\n");
    let frame = console.frame();
    assert!(frame.contains("address   600 West 7th Street; operated"), "{frame}");
    assert!(frame.contains("sold here RED: Ports 1G 100G, no MVE"), "{frame}");
    assert!(frame.contains("Restricted"), "and that it is not open to all: {frame}");
}

#[test]
fn load_of_one_lag_member_is_shown_in_full_at_every_size() {
    for size in [(80, 24), (100, 30), (120, 36)] {
        let mut console = lively();
        console.handle_msg(Msg::Resize(size.0, size.1));
        for (uid, primary) in [("la-1", true), ("la-2", false)] {
            let one = on_ramp_mut(&mut console, uid);
            (one.site.id, one.zone) = (Some(LocationId(59)), Zone::Blue);
            let (members, group) = (vec![one.as_member()], Group::Aggregation(7));
            one.lag = Some(Lag { group, primary, members, apart: None });
        }
        console.keys("r");
        console.answer_all();
        console.keys("G/angeles 1\n");
        let wanted = |r: &Request| matches!(r, Request::Traffic(id, _) if *id == la1());
        let (id, _) = until(&mut console, wanted);
        let now = console.model.now();
        let [inward, outward, speed] = [3, 1, 10].map(|gbps| day(now, gbps));
        let traffic = Traffic { inward, outward, speed, unread: 0 };
        console.reply(id, Ok(Reply::Traffic(la1(), Box::new(traffic))));
        let frame = console.frame();
        let line = frame.lines().find(|line| line.contains("allocated")).expect("a fact");
        assert!(line.contains(", load 30% (one member)"), "{size:?}: {frame}");
    }
}

#[test]
fn last_day_column_appears_when_measured_and_wide_enough() {
    for (size, name) in [((120, 36), "flat with load 120x36"), ((80, 24), "flat with load 80x24")] {
        let mut console = Console::loaded(size);
        console.model.engine.read_by_itself(BackgroundReads::lively(7, console.model.now()));
        console.keys("2");
        assert!(!console.frame().contains("LOAD"), "{}", console.frame());
        let wanted = |r: &Request| matches!(r, Request::Traffic(id, _) if *id == la1());
        let (id, _) = until(&mut console, wanted);
        let now = console.model.now();
        let traffic = Traffic { inward: day(now, 3), outward: day(now, 6), ..Traffic::default() };
        console.reply(id, Ok(Reply::Traffic(la1(), Box::new(traffic))));
        insta::assert_snapshot!(name, console.frame());
        let frame = console.frame();
        let row = frame.lines().find(|line| line.contains("Los Angeles 1")).expect("a row");
        assert!(row.contains("▅▅▅▅▅▅  60% "), "{frame}");
        let other = frame.lines().find(|line| line.contains("Los Angeles 2")).expect("a row");
        assert_eq!(other.matches('%').count(), 1, "nothing is said of what was not measured");
    }
}

#[test]
fn round_trip_column_is_from_the_cursor_and_read_daily() {
    let mut console = lively();
    console.keys("2/\x1bjt");
    assert!(console.frame().contains("round trips from Equinix LA1"), "{}", console.frame());
    let (id, request) = console.take_request(|request| matches!(request, Request::RoundTrips(..)));
    let Request::RoundTrips(from, month) = request else { unreachable!() };
    assert_eq!((month.year, month.month), (2026, 10), "the month before this one");
    let to = |at: usize| console.account.0[at].site.id.expect("a number");
    let far = console.account.0.iter().position(|one| one.name.as_str() == "London");
    let trips = vec![RoundTrip { to: to(far.expect("London")), micros: 135_940 }];
    console.reply(id, Ok(Reply::RoundTrips(from, all(trips))));
    let frame = console.frame();
    let row = |name: &str| {
        let line = frame.lines().find(|line| line.contains(name)).expect("a row");
        line.to_owned()
    };
    assert!(row("London").contains("135.9 ms"), "{frame}");
    assert!(row("Los Angeles 1").contains("here"), "{frame}");
    assert!(row("Osaka").contains('–'), "what was not measured is not near: {frame}");
    console.keys("t");
    assert!(!console.frame().contains("RTT"), "and away: {}", console.frame());
    console.keys("t");
    let is_trips = |request: &Request| matches!(request, Request::RoundTrips(..));
    assert!(!console.asked.iter().any(|(_, request)| is_trips(request)), "it is known");
    assert!(console.frame().contains("135.9 ms"), "{}", console.frame());
}

#[test]
fn unavailable_round_trips_are_reported_without_empty_column() {
    let mut console = lively();
    console.keys("2t");
    let (id, _) = console.take_request(|request| matches!(request, Request::RoundTrips(..)));
    console.reply(id, Err(failure(Cause::NotFound)));
    let frame = console.frame();
    assert!(frame.contains("Round-trip times could not be read"), "{frame}");
    assert!(!frame.contains("RTT"), "{frame}");
}

#[test]
fn in_tmux_nothing_is_read_while_no_terminal_is_attached() {
    let mut console = Console::loaded(SIZE);
    console
        .model
        .engine
        .read_by_itself(BackgroundReads::lively(7, console.model.now()).in_tmux(true));
    let asks = |console: &Console| {
        console.effects.iter().filter(|effect| matches!(effect, Effect::AskAttached)).count()
    };
    // Everything is due at first: attached clients are checked before that.
    console.stall(Duration::ZERO);
    assert_eq!((asks(&console), console.asked.len()), (1, 0));
    console.handle_msg(attached(false));
    for look in 2..6 {
        let due = console.model.next_tick().expect("another look");
        console.stall(due);
        console.stall(Duration::ZERO);
        assert_eq!((asks(&console), console.asked.len()), (look, 0), "a look and nothing else");
    }
    console.handle_msg(attached(true));
    assert!(console.asked.iter().any(|(_, request)| is_products(request)), "somebody is back");
    console.answer_all();
    console.stall(Duration::ZERO);
    assert!(!console.asked.is_empty(), "and the rest follows");
}

#[test]
fn key_press_counts_as_activity_whatever_tmux_reports() {
    let mut console = Console::loaded(SIZE);
    console
        .model
        .engine
        .read_by_itself(BackgroundReads::lively(7, console.model.now()).in_tmux(true));
    console.stall(Duration::ZERO);
    console.handle_msg(attached(false));
    console.keys("j");
    console.stall(Duration::ZERO);
    assert!(!console.asked.is_empty(), "events and the like are read again");
}

#[test]
fn any_sign_of_a_returning_user_refreshes_on_ramps_at_once() {
    let clients = |last_attached| TmuxClients { attached: true, last_attached };
    let signs = [
        (Msg::Key(plain(Code::Down)), true),
        (Msg::Focused, true),
        (Msg::Resize(100, 30), true),
        (Msg::Attached(clients(Some(2))), true),
        (Msg::Attached(clients(Some(1))), false),
    ];
    for (sign, is_one) in signs {
        let mut console = Console::loaded(SIZE);
        let background = BackgroundReads::lively(7, console.model.now()).in_tmux(true);
        console.model.engine.read_by_itself(background);
        live(&mut console, 1200 * SECOND);
        console.handle_msg(attached(true));
        console.answer_all();
        console.effects.clear();
        console.stall(30 * SECOND);
        assert!(console.asked.is_empty(), "nobody is there");
        let looks = console.effects.iter().filter(|one| matches!(one, Effect::AskAttached));
        assert_eq!(looks.count(), 1, "but somebody may come");
        console.handle_msg(sign.clone());
        let is_asked = console.asked.iter().any(|(_, request)| is_products(request));
        assert_eq!(is_asked, is_one, "{sign:?}");
    }
}

#[test]
fn announced_refresh_time_is_kept_without_activity() {
    let mut console = lively();
    live(&mut console, 280 * SECOND);
    let now = console.model.now();
    let due = |console: &Console| match console.model.engine.waiting_for(&all_free()) {
        WaitingFor::Time(left) => console.model.now() + left,
        other => panic!("{other:?}"),
    };
    let named = due(&console);
    assert!(named.since(now) > 20 * SECOND, "the silence begins before it");
    console.stall(21 * SECOND);
    assert_eq!(due(&console), named);
    console.stall(named.since(console.model.now()));
    assert!(console.asked.iter().any(|(_, request)| is_products(request)), "it is read then");
    console.answer_all();
    assert!(due(&console).since(console.model.now()) > 200 * SECOND, "and seldom from now on");
}

/// Returns an attention that holds up no background read.
fn all_free() -> Attention {
    Attention { undisturbed: true, ..Attention::default() }
}

#[test]
fn compared_on_ramps_are_measured_and_the_cursor_stays() {
    let mut console = lively();
    live(&mut console, 5 * SECOND);
    console.keys("w");
    let name = |console: &Console| {
        let frame = console.frame();
        let line = frame.lines().find(|line| line.contains("┆ ▸ "));
        let name = line.and_then(|line| line.split("┆ ▸ ").nth(1)).expect("the cursor");
        name.trim_start_matches(|c: char| !c.is_alphabetic()).split("  ").next().map(str::to_owned)
    };
    let chosen = name(&console).expect("a name");
    let id = console.account.0.iter().find(|one| one.name.as_str() == chosen).expect("ours");
    let id = id.id.clone();
    // What is known is five minutes old: it is read again, though a dialog is open.
    let wanted = |r: &Request| matches!(r, Request::Traffic(of, _) if *of == id);
    console.stall(200 * SECOND);
    console.press(plain(Code::Down));
    console.press(plain(Code::Up));
    console.stall(101 * SECOND);
    let (request, _) = until(&mut console, wanted);
    let now = console.model.now();
    let traffic = Traffic { inward: day(now, 5), outward: day(now, 1), ..Traffic::default() };
    console.reply(request, Ok(Reply::Traffic(id, Box::new(traffic))));
    let frame = console.frame();
    assert!(!frame.contains(&format!("1  {chosen}")), "it is not the first any more: {frame}");
    assert_eq!(name(&console).as_deref(), Some(chosen.as_str()), "{frame}");
    let lists = |r: &Request| matches!(r, Request::Products | Request::Keys);
    assert!(!console.asked.iter().any(|(_, request)| lists(request)), "no list changes");
}

#[test]
fn open_dialog_in_tmux_freezes_lists_whatever_tmux_answers() {
    let mut console = Console::loaded(SIZE);
    console
        .model
        .engine
        .read_by_itself(BackgroundReads::lively(7, console.model.now()).in_tmux(true));
    console.stall(Duration::ZERO);
    console.keys("?");
    console.handle_msg(attached(true));
    assert!(!console.asked.iter().any(|(_, request)| is_products(request)), "a dialog is open");
    console.handle_msg(attached(false));
    for _ in 0..5 {
        console.stall(60 * SECOND);
    }
    assert!(console.asked.is_empty(), "and for nobody nothing is: {:?}", console.asked);
}
