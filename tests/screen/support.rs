//! Shared by the tests: a small account, and a console to play on.

use std::time::Duration;

use onramp::{
    api::{
        Event, Listing, Mode, Reply, Request, RequestId, VlanAnswer, Write,
        account::EnvironmentKind,
        journal::{self, Opened, Others},
    },
    domain::{
        alteration::ChangeStep,
        country::Country,
        id::{CompanyId, ConnectionId, KeyId, OnRampId},
        ledger::{JournalStep, Ledger, Record},
        on_ramp::{AsOf, Kind, Link, OnRamp},
        place::{LocationId, Site, Zone},
        region::{Region, RegionMap, Selector},
        service_key::{KeyUse, ServiceKey, Validity},
        status::Status,
        time::Timestamp,
        units::Mbps,
        vlan::VlanTag,
        vxc::{End, Vxc},
    },
    engine::effect::Effect as EngineEffect,
    ui::{
        commands::INTERFACE,
        model::{
            Model, Session,
            msg::{Effect, Msg},
        },
        state::key::{Code, Key, char, plain},
        update::update,
        view,
        widget::theme::Theme,
    },
};
use ratatui::{Terminal, backend::TestBackend, style::Modifier};

/// The time at which every test starts: 2026-11-23T14:02:31Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);

pub(crate) fn id(raw: &str) -> OnRampId {
    OnRampId::new(raw).expect("a legal id")
}

/// A place: location, site, metro, country.
type At = (i64, &'static str, &'static str, &'static str);

pub(crate) const LA1: At = (59, "Equinix LA1", "Los Angeles", "USA");
pub(crate) const LA2: At = (60, "CoreSite LA1", "Los Angeles", "USA");

pub(crate) fn on_ramp(uid: &str, name: &str, at: At, zone: Zone, speed: u32) -> OnRamp {
    OnRamp {
        id: id(uid),
        name: name.into(),
        kind: Kind::Port,
        status: Status::Live,
        site: Site {
            id: Some(LocationId(at.0)),
            name: at.1.into(),
            metro: at.2.into(),
            country: Country::parse(at.3),
            ..Site::default()
        },
        zone,
        zone_as_of: AsOf::Now,
        speed: Some(Mbps::new(speed)),
        stated_max_vxc: None,
        permits_vxcs: Some(true),
        auto_approval: Some(false),
        locked: false,
        admin_locked: false,
        flags_unread: false,
        link: Link::Up,
        lag: None,
        vxcs: vec![],
        ixs: vec![],
        unread: 0,
        created: Some(NOW - Duration::from_secs(400 * 86400)),
        terminates: None,
    }
}

pub(crate) fn vxc(uid: &str, name: &str, rate: u32, vlan: i64) -> Vxc {
    Vxc {
        id: ConnectionId::new(uid).expect("a legal id"),
        name: name.into(),
        status: Status::Live,
        rate: Some(Mbps::new(rate)),
        vlan: VlanTag::from_wire(Some(vlan)),
        customer: CompanyId::new("e2709d35-1c48-4af2-b6d3-98f41a07c6de").ok(),
        far_end: format!("{name} edge").as_str().into(),
        created: Some(NOW - Duration::from_secs(90 * 86400)),
        awaits_approval: false,
        our_end: End::B,
        link: Link::Up,
        shut_down: false,
    }
}

pub(crate) fn key(uid: &str, on_ramp: &str, vlan: i64, label: &str) -> ServiceKey {
    ServiceKey {
        id: KeyId::new(uid).expect("a legal id"),
        on_ramp: id(on_ramp),
        on_ramp_name: on_ramp.into(),
        label: label.into(),
        usage: KeyUse::Single(VlanTag::from_wire(Some(vlan))),
        rate: Some(Mbps::new(500)),
        active: true,
        pre_approved: Some(false),
        validity: Some(Validity {
            start: Some(NOW - Duration::from_secs(86400)),
            end: Some(NOW + Duration::from_secs(29 * 86400)),
        }),
        expired: false,
        valid: Some(true),
        created: Some(NOW - Duration::from_secs(86400)),
        last_used: None,
        used_some_time: false,
        promo_code: None,
    }
}

/// Six on-ramps in five countries, with circuits and keys.
pub(crate) fn account() -> (Vec<OnRamp>, Vec<ServiceKey>) {
    let mut la1 = on_ramp("la-1", "Los Angeles 1", LA1, Zone::Blue, 10_000);
    la1.vxcs = vec![
        vxc("v1", "Aurora Render prod", 2_000, 101),
        vxc("v2", "Borealis HPC", 1_500, 118),
        vxc("v3", "Cobalt DR", 600, 120),
    ];
    let mut la2 = on_ramp("la-2", "Los Angeles 2", LA2, Zone::Red, 10_000);
    la2.vxcs = vec![vxc("v4", "Aurora Render DR", 2_000, 100), vxc("v5", "Cobalt", 1_300, 130)];
    let ny = (62, "Equinix NY9", "New York", "United States");
    let mut new_york = on_ramp("ny-1", "New York", ny, Zone::Red, 100_000);
    new_york.vxcs = vec![vxc("v6", "Aurora Render east", 10_000, 100)];
    let mut london =
        on_ramp("lon-1", "London", (90, "Telehouse North", "London", "UK"), Zone::Blue, 10_000);
    london.vxcs = vec![vxc("v7", "Deltaform", 8_500, 200), vxc("v8", "Borealis HPC UK", 900, 201)];
    let osaka_at = (337, "Equinix OS1", "Osaka", "Japan");
    let mut osaka = on_ramp("osa-1", "Osaka", osaka_at, Zone::Unstated, 5_000);
    osaka.kind = Kind::Mcr;
    let sydney_at = (3, "Equinix SY3", "Sydney", "Australia");
    let mut sydney = on_ramp("syd-1", "Sydney", sydney_at, Zone::Red, 0);
    (sydney.kind, sydney.speed) = (Kind::Mve, None);
    (sydney.stated_max_vxc, sydney.permits_vxcs) = (Some(Mbps::new(10_000)), Some(false));
    let keys = vec![
        key("31ca0000-0000-4000-8000-000000009e02", "la-1", 140, "ORION-12 blue"),
        key("9f020000-0000-4000-8000-0000000011c7", "la-1", 141, "BORE-9 blue"),
        ServiceKey {
            usage: KeyUse::Multi,
            ..key("c3aa0000-0000-4000-8000-0000000070de", "la-1", 0, "PARTNER-MESH")
        },
    ];
    (vec![la1, la2, new_york, london, osaka, sydney], keys)
}

pub(crate) fn regions() -> RegionMap {
    let metro = |name: &str, metro: &str| Region {
        name: name.into(),
        claims: vec![Selector::Metro(metro.into())],
        ..Region::default()
    };
    RegionMap::new(vec![
        metro("US-West", "Los Angeles"),
        metro("US-East", "New York"),
        metro("Europe", "London"),
        metro("APAC", "Osaka"),
    ])
}

/// A console without a terminal and without an API: keys in, frames and
/// effects out.
pub(crate) struct Console {
    pub(crate) model: Model,
    /// The requests of the model that are not answered yet.
    pub(crate) asked: Vec<(RequestId, Request)>,
    /// The writes of the model that are not answered yet.
    pub(crate) written: Vec<(RequestId, Write)>,
    /// Every effect so far.
    pub(crate) effects: Vec<Effect>,
    /// The contents of the journal, if it has one.
    pub(crate) journal: Ledger,
    /// The contents of Megaport.
    pub(crate) account: (Vec<OnRamp>, Vec<ServiceKey>),
    /// Whether Megaport reports every VLAN as free.
    pub(crate) free: bool,
    /// Whether the journal answers automatically.
    pub(crate) disk_answers: bool,
    /// The recorded writes that wait to be sent.
    begun: Vec<(RequestId, Write)>,
}

impl Console {
    /// Returns a console that has just been started.
    pub(crate) fn started(size: (u16, u16)) -> Self {
        Self::finding(size, Mode::ReadWrite, Ledger::default())
    }

    /// Returns a console that finds this in its journal.
    pub(crate) fn finding(size: (u16, u16), mode: Mode, journal: Ledger) -> Self {
        let host = "127.0.0.1:8080".to_owned();
        let session = Session { environment: EnvironmentKind::Demo, host, ..Session::nowhere() };
        let mut model = Model::new(session, mode, regions(), Theme::default(), NOW, &INTERFACE);
        model.size = size;
        let mut console = Self::new(model, journal);
        let effects = console.model.start();
        console.record_effects(effects);
        console
    }

    /// Returns a console with this model, which has asked for nothing yet.
    pub(crate) fn new(model: Model, journal: Ledger) -> Self {
        Self {
            model,
            asked: vec![],
            written: vec![],
            effects: vec![],
            journal,
            account: account(),
            free: true,
            disk_answers: true,
            begun: vec![],
        }
    }

    /// Returns a console that has read the small account.
    pub(crate) fn loaded(size: (u16, u16)) -> Self {
        let mut console = Self::started(size);
        console.answer_all();
        console
    }

    /// Answers everything asked with what there is.
    pub(crate) fn answer_all(&mut self) {
        let (on_ramps, keys) = self.account.clone();
        while let Some((id, request)) = self.asked.pop() {
            let reply = match request {
                Request::Products => Reply::Products(all(on_ramps.clone())),
                Request::Keys => Reply::Keys(all(keys.clone())),
                Request::KeysOf(of) => {
                    let keys = keys.iter().filter(|k| k.on_ramp == of).cloned().collect();
                    Reply::KeysOf(of, all(keys))
                }
                Request::OnRamp(of) => {
                    let on_ramp = on_ramps.iter().find(|o| o.id == of).cloned();
                    Reply::OnRamp(Box::new(on_ramp.expect("one of the account")))
                }
                Request::CheckVlan(..) if self.free => Reply::Vlan(VlanAnswer::Free),
                Request::CheckVlan(..) => Reply::Vlan(VlanAnswer::Taken(vec![])),
                Request::Key(id) => {
                    let key = keys.iter().find(|key| key.id == id).cloned();
                    Reply::Key(Box::new(key.expect("one of the account")))
                }
                Request::Locations => Reply::Locations(all(vec![])),
                Request::Company => Reply::Company(None),
                Request::RoundTrips(from, _) => Reply::RoundTrips(from, all(vec![])),
                Request::Events => Reply::Events(all(vec![])),
                Request::Traffic(of, _) => Reply::Traffic(of, Box::default()),
                Request::PortHealth(of) => Reply::PortHealth(of, Box::default()),
                other @ Request::ValidateKey(_) => panic!("no answer for {other:?}"),
            };
            self.reply(id, Ok(reply));
        }
    }

    pub(crate) fn reply(&mut self, id: RequestId, result: Result<Reply, onramp::api::Failure>) {
        self.handle_msg(Msg::Api(Event::Done { id, result, clock_offset: None }));
    }

    /// Takes the one request in progress that `wanted` picks.
    pub(crate) fn take_request(
        &mut self,
        wanted: impl Fn(&Request) -> bool,
    ) -> (RequestId, Request) {
        let at = self.asked.iter().position(|(_, request)| wanted(request));
        self.asked.remove(at.expect("such a request is under way"))
    }

    pub(crate) fn handle_msg(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.record_effects(effects);
    }

    pub(crate) fn record_effects(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match &effect {
                Effect::Engine(EngineEffect::Ask(id, request)) => {
                    self.asked.push((*id, request.clone()));
                }
                Effect::Engine(EngineEffect::Write(id, write, at)) => {
                    if let Write::UpdateKey(_, change) | Write::Decide { change, .. } = write {
                        let step = JournalStep::Change(ChangeStep::Begun(change.clone()));
                        self.keep(&Record::new(change.id, *at, step));
                    }
                    self.begun.push((*id, write.clone()));
                }
                Effect::Engine(EngineEffect::Send(id)) => {
                    let at = self.begun.iter().position(|(begun, _)| begun == id);
                    self.written.push(self.begun.remove(at.expect("it is on the disk")));
                }
                Effect::Engine(EngineEffect::Record(record)) => self.keep(record),
                _ => {}
            }
            let journal_event = self.disk_answers.then(|| self.journal_event(&effect)).flatten();
            self.effects.push(effect);
            if let Some(journal_event) = journal_event {
                self.handle_msg(Msg::Journal(journal_event));
            }
        }
    }

    fn keep(&mut self, record: &Record) {
        drop(self.journal.apply_record(record));
    }

    /// Returns the journal's event for an effect.
    fn journal_event(&self, effect: &Effect) -> Option<journal::Event> {
        match effect {
            Effect::Engine(EngineEffect::Write(id, ..)) => Some(journal::Event::Begun(*id)),
            Effect::Engine(EngineEffect::SetMode(_) | EngineEffect::AcceptDamage) => {
                Some(self.opened(0))
            }
            _ => None,
        }
    }

    /// The journal was opened, with so many lines that could not be read.
    pub(crate) fn opened(&self, damaged: usize) -> journal::Event {
        let ledger = self.journal.clone();
        journal::Event::Opened(Box::new(Opened {
            ledger,
            others: Others::new(),
            seed: 7,
            damaged,
            is_read: true,
            unusable: None,
            note: None,
        }))
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.handle_msg(Msg::Key(key));
    }

    /// Presses keys: characters as they are, and `\n` Enter, `\t` Tab, `\x1b` Esc.
    pub(crate) fn keys(&mut self, keys: &str) {
        for c in keys.chars() {
            self.press(match c {
                '\n' => plain(Code::Enter),
                '\t' => plain(Code::Tab),
                '\x1b' => plain(Code::Esc),
                c => char(c),
            });
        }
    }

    /// Lets time pass, and the screen be drawn as the event loop does.
    pub(crate) fn wait(&mut self, span: Duration) {
        self.stall(span);
        self.handle_msg(Msg::Drawn);
    }

    /// Lets time pass while nothing can be drawn: a slow connection, a stopped program.
    pub(crate) fn stall(&mut self, span: Duration) {
        let now = self.model.now() + span;
        self.handle_msg(Msg::Tick(now));
    }

    /// Returns the screen as text.
    pub(crate) fn frame(&self) -> String {
        self.frame_on(self.model.size)
    }

    /// Returns the frame on a terminal of another size than the model knows yet.
    pub(crate) fn frame_on(&self, (columns, rows): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test screen");
        terminal.draw(|frame| view::draw(&self.model, frame)).expect("a frame");
        let buffer = terminal.backend().buffer();
        let line = |y: u16| {
            let cells = (0..columns).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        };
        (0..rows).map(line).collect::<Vec<_>>().join("\n")
    }

    /// Returns the position of the text cursor, if it is shown.
    pub(crate) fn text_cursor(&self) -> Option<(u16, u16)> {
        let (columns, rows) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test screen");
        terminal.draw(|frame| view::draw(&self.model, frame)).expect("a frame");
        let at = terminal.backend().cursor_position();
        terminal.backend().cursor_visible().then_some((at.x, at.y))
    }

    /// Returns the reversed cells of the screen: the ones with the cursor.
    pub(crate) fn reversed(&self) -> Vec<String> {
        self.with(Modifier::REVERSED)
    }

    /// Returns the parts of the screen that have all of `modifiers`.
    pub(crate) fn with(&self, modifiers: Modifier) -> Vec<String> {
        let (columns, rows) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test screen");
        terminal.draw(|frame| view::draw(&self.model, frame)).expect("a frame");
        let buffer = terminal.backend().buffer();
        let cell = |x: u16, y: u16| {
            let cell = &buffer[(x, y)];
            if cell.modifier.contains(modifiers) { cell.symbol() } else { " " }
        };
        let lines = (0..rows).map(|y| (0..columns).map(|x| cell(x, y)).collect::<String>());
        lines.map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
    }
}

/// Returns an on-ramp of the account, to change it.
pub(crate) fn on_ramp_mut<'a>(console: &'a mut Console, uid: &str) -> &'a mut OnRamp {
    let mut all = console.account.0.iter_mut();
    all.find(|on_ramp| on_ramp.id.as_str() == uid).expect("one of the account")
}

pub(crate) fn all<T>(entries: Vec<T>) -> Listing<T> {
    Listing { entries, unread: vec![], other: std::collections::BTreeMap::new() }
}
