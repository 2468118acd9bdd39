//! What the README claims about speed: `cargo bench`.
//!
//! Decoding is told in bytes a second with its peak memory, a keypress with
//! its frame at three sizes of account, and the work behind filter, sort and
//! the free-VLAN search. Names to run apart: `cargo bench -- decode`.

use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};
use onramp::{
    api::{Event, Listing, Mode, Reply, Request, account::EnvironmentKind},
    domain::{
        diversity,
        id::{KeyId, OnRampId},
        inventory::Inventory,
        on_ramp::OnRamp,
        place::LocationId,
        ranking::{self, Candidate, Rules, Want},
        region::RegionMap,
        service_key::{KeyUse, ServiceKey},
        time::Timestamp,
        units::Mbps,
        vlan::{VlanId, VlanTag},
        vlan_map::VlanMap,
        vxc::Vxc,
    },
    engine::effect::Effect as EngineEffect,
    simulator::World,
    ui::{
        commands::INTERFACE,
        model::{
            Model, Session,
            msg::{Effect, Msg},
        },
        state::key::{char, ctrl},
        update::update,
        view,
        widget::theme::Theme,
    },
    wire,
};
use ratatui::{Terminal, backend::TestBackend};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);

fn main() {
    divan::main();
}

/// The on-ramps of a generated account.
fn account(on_ramps: usize, vxcs: usize) -> Vec<OnRamp> {
    let body = World::generated(on_ramps, vxcs, 1).products_body();
    wire::products::read_products(&body).expect("the simulator's body can be read").entries
}

/// A large account made of copies, each with an id, a name and a place of its
/// own: generating it as JSON would take longer than the benchmark.
fn copies(on_ramps: usize) -> Vec<OnRamp> {
    let some = account(on_ramps.min(200), 2);
    let copy = |n: usize| {
        let mut one = some[n % some.len()].clone();
        one.id = OnRampId::new(&format!("{n:08x}")).expect("a legal id");
        one.name = format!("{} {n}", one.name).as_str().into();
        one.site.id = i64::try_from(n).ok().map(LocationId);
        one.lag = None;
        one
    };
    (0..on_ramps).map(copy).collect()
}

/// An on-ramp with a VXC on each VLAN up to `last`.
fn full(last: i64) -> OnRamp {
    let mut full = account(1, 1).remove(0);
    let one = full.vxcs.remove(0);
    let on = |n| Vxc { vlan: VlanTag::from_wire(Some(n)), ..one.clone() };
    full.vxcs = (2..=last).map(on).collect();
    full
}

/// So many keys, spread over 200 on-ramps.
fn keys(count: usize) -> Vec<ServiceKey> {
    let key = |n: usize| ServiceKey {
        id: KeyId::new(&format!("{n:08x}-eb59-415f-ac81-526a5299851d")).expect("a legal id"),
        on_ramp: OnRampId::new(&format!("{:08x}", n % 200)).expect("a legal id"),
        on_ramp_name: "an on-ramp".into(),
        label: format!("Customer {n}, US-West").as_str().into(),
        usage: KeyUse::Single(VlanTag::from_wire(i64::try_from(2 + n / 200).ok())),
        rate: None,
        active: !n.is_multiple_of(7),
        pre_approved: None,
        validity: None,
        expired: n.is_multiple_of(5),
        valid: None,
        created: Some(NOW),
        last_used: (n.is_multiple_of(3)).then_some(NOW),
        used_some_time: false,
        promo_code: None,
    };
    (0..count).map(key).collect()
}

/// A console of 120x36 that has read `on_ramps`, with the table in focus.
fn console(on_ramps: Vec<OnRamp>) -> Model {
    console_with(on_ramps, vec![])
}

/// The same with keys.
fn console_with(on_ramps: Vec<OnRamp>, keys: Vec<ServiceKey>) -> Model {
    let session = Session {
        environment: EnvironmentKind::Demo,
        host: "127.0.0.1".to_owned(),
        ..Session::nowhere()
    };
    let mut model = Model::new(
        session,
        Mode::ReadOnly,
        RegionMap::default(),
        Theme::default(),
        NOW,
        &INTERFACE,
    );
    model.size = (120, 36);
    let (mut products, mut keys) = (Some(on_ramps), Some(keys));
    for effect in model.start() {
        let Effect::Engine(EngineEffect::Ask(id, request)) = effect else { continue };
        let reply = if request == Request::Products {
            let entries = products.take().unwrap_or_default();
            Reply::Products(Listing {
                entries,
                unread: vec![],
                other: std::collections::BTreeMap::new(),
            })
        } else {
            let entries = keys.take().unwrap_or_default();
            Reply::Keys(Listing {
                entries,
                unread: vec![],
                other: std::collections::BTreeMap::new(),
            })
        };
        update(&mut model, Msg::Api(Event::Done { id, result: Ok(reply), clock_offset: None }));
    }
    for _ in 0..3 {
        update(&mut model, Msg::Key(char('l')));
    }
    model
}

#[divan::bench(sample_count = 20)]
fn decode_a_products_body_of_50_mb(bencher: Bencher) {
    let body = World::generated(2_500, 20, 1).products_body();
    bencher.counter(BytesCount::new(body.len())).bench_local(|| {
        wire::products::read_products(black_box(&body)).map(|list| list.entries.len())
    });
}

#[divan::bench(args = [6, 10_000, 100_000], sample_count = 200)]
fn a_cursor_move_and_its_frame(bencher: Bencher, on_ramps: usize) {
    let mut model = console(copies(on_ramps));
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a test screen");
    let mut down = false;
    bencher.bench_local(|| {
        down = !down;
        update(&mut model, Msg::Key(char(if down { 'j' } else { 'k' })));
        terminal.draw(|frame| view::draw(&model, frame)).is_ok()
    });
}

#[divan::bench(sample_count = 20)]
fn filter_100_000_rows_by_one_letter_and_drop_it(bencher: Bencher) {
    let mut model = console(copies(100_000));
    update(&mut model, Msg::Key(char('/')));
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(char('a')));
        update(&mut model, Msg::Key(ctrl('u')));
    });
}

#[divan::bench(sample_count = 20)]
fn sort_100_000_rows_by_the_next_column(bencher: Bencher) {
    let mut model = console(copies(100_000));
    bencher.bench_local(|| update(&mut model, Msg::Key(char('s'))));
}

#[divan::bench(sample_count = 10)]
fn take_over_10_000_on_ramps_with_200_000_vxcs(bencher: Bencher) {
    let on_ramps = account(10_000, 20);
    bencher.with_inputs(|| on_ramps.clone()).bench_local_values(|on_ramps| {
        let mut inventory = Inventory::new(on_ramps);
        inventory.set_keys(vec![], 0, NOW);
        inventory
    });
}

#[divan::bench(args = [5, 4_000], sample_count = 100)]
fn a_key_and_its_frame_on_an_opened_on_ramp_with_vxcs(bencher: Bencher, vxcs: i64) {
    let mut model = console(vec![full(vxcs)]);
    update(&mut model, Msg::Key(char('l')));
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a test screen");
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(char('j')));
        terminal.draw(|frame| view::draw(&model, frame)).is_ok()
    });
}

#[divan::bench(args = [100, 100_000], sample_count = 200)]
fn a_cursor_move_and_its_frame_in_the_keys_view(bencher: Bencher, count: usize) {
    let mut model = console_with(copies(200), keys(count));
    update(&mut model, Msg::Key(char('3')));
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a test screen");
    let mut down = false;
    bencher.bench_local(|| {
        down = !down;
        update(&mut model, Msg::Key(char(if down { 'j' } else { 'k' })));
        terminal.draw(|frame| view::draw(&model, frame)).is_ok()
    });
}

#[divan::bench(sample_count = 20)]
fn open_the_keys_view_with_100_000_keys(bencher: Bencher) {
    let mut model = console_with(copies(200), keys(100_000));
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(char('3')));
        update(&mut model, Msg::Key(char('1')))
    });
}

#[divan::bench(sample_count = 20)]
fn filter_100_000_keys_by_one_letter(bencher: Bencher) {
    let mut model = console_with(copies(200), keys(100_000));
    update(&mut model, Msg::Key(char('3')));
    update(&mut model, Msg::Key(char('/')));
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(char('7')));
        update(&mut model, Msg::Key(ctrl('u')));
    });
}

#[divan::bench]
fn free_vlan_on_a_full_on_ramp(bencher: Bencher) {
    let map = VlanMap::new(&full(4092), [], true, NOW);
    bencher.bench_local(|| black_box(&map).suggest(VlanId::FIRST));
}

#[divan::bench]
fn collect_the_vlans_of_a_full_on_ramp(bencher: Bencher) {
    let full = full(4093);
    bencher.bench_local(|| VlanMap::new(black_box(&full), [], true, NOW).free());
}

/// All of them ranked for a rate, and the pairs of all: the work behind `w` and
/// `N`.
#[divan::bench(args = [10_000], sample_count = 20)]
fn rank_on_ramps_and_their_pairs(bencher: Bencher, count: usize) {
    let mut inventory = Inventory::new(copies(count));
    inventory.set_keys(vec![], 0, NOW);
    let want = Want::for_rate(Mbps::new(500));
    bencher.bench_local(|| {
        let all = inventory.on_ramps().iter().enumerate();
        let all = all.map(|(at, one)| Candidate::new(one, inventory.summary(at)));
        let ranking = ranking::rank(all, want, Rules::default());
        diversity::pairs(&ranking, None).map(|pairs| pairs.len()).ok()
    });
}
