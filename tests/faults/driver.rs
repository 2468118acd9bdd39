//! The engine without a screen: its ports are real, and the user's keys are the calls
//! that they stand for.
//!
//! It proves that the screen decides nothing about keys: this file must not name that
//! layer, and an architecture test checks it.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use crate::{
    api::{KeyChange, Mode, Permit, audit::Event as AuditEvent},
    domain::{
        diversity::{self, Pair},
        geography::{Geography, Scope},
        id::OnRampId,
        intent::{ForWhom, IntentId, Realm},
        key_difference::between,
        key_order::{Choice, Draft, KeyOrder, Lifetime},
        preset::Settings,
        ranking::{self, Candidate, Want},
        service_key::ServiceKey,
        vlan::VlanId,
    },
    engine::{
        Engine, Input,
        attempt::AttemptStage,
        change_run::ChangeId,
        effect::{Effect, Event, Outcome, Output},
        question::Confirmed,
    },
    shell::{
        ports::{FrontEndEvent, PortReport, Ports, Reporter, Sending},
        store::{
            audit,
            journal::{Journal, JournalLocation, tests::FilesIn},
            regions::RegionFiles,
        },
    },
    simulator::Simulator,
};

use super::{
    claims,
    disk::Disks,
    environment::{JOURNAL, TestEnvironment, session},
    front_end::{FrontEnd, Presented, Said},
    order::What,
    script::ConnectionState,
};

/// The dialogs in front of the user; the last one takes the keys.
#[derive(Debug, Clone)]
enum Facing {
    /// Orders that can be planned: for these on-ramps, with this label.
    Form { on_ramps: Vec<OnRampId>, label: String, vlan: Option<u16> },
    /// The engine's plan, to be confirmed.
    Plan,
    /// A request that is not settled.
    Attempt(IntentId),
    /// Keys that were created.
    Card(Vec<IntentId>),
    /// A change of keys, to be confirmed.
    Change(ChangeId),
    /// Every request that is not settled.
    Unfinished,
}

/// The engine, its ports, and a user without a screen.
pub(super) struct Driver {
    user: String,
    engine: Engine,
    ports: Ports,
    reports: UnboundedReceiver<PortReport>,
    effects: Vec<Effect>,
    facing: Vec<Facing>,
    /// The last plan: it comes back if nothing was created.
    draft: Option<Facing>,
    settings: Settings,
    geography: Geography,
    said: Said,
    simulator: Arc<Simulator>,
    disks: Disks,
}

impl FrontEnd for Driver {
    const HAS_SCREEN: bool = false;

    async fn open(environment: &mut TestEnvironment, user: &str) -> Self {
        let (sender, reports) = unbounded_channel();
        let (for_thread, for_task) = (sender.clone(), sender.clone());
        let from_task = Arc::new(move |report| -> Sending {
            drop(for_task.send(report));
            Box::pin(std::future::ready(()))
        });
        let from_thread = Arc::new(move |report| drop(for_thread.send(report)));
        let mut ports = Ports::new(Reporter { from_thread, from_task });
        let setting = audit::AuditSetting::default();
        ports.use_account(&session(), environment.config(&ConnectionState::Well), setting, None);
        let (directory, disks) = (environment.directory(user), environment.disks.clone());
        let watched = Arc::clone(&environment.simulator);
        let whose = user.to_owned();
        let watch = move |file| disks.watch(&whose, file, Arc::clone(&watched));
        let files = FilesIn { directory, account: JOURNAL.to_owned(), watch };
        let report = move |journal_event| drop(sender.send(PortReport::Journal(9, journal_event)));
        ports.journal = Some((JournalLocation::Memory, Journal::start_with(files, 9, report)));
        let mut driver = Self {
            user: user.to_owned(),
            engine: Engine::new(realm(), Mode::ReadWrite, environment.now()),
            ports,
            reports,
            effects: vec![],
            facing: vec![],
            draft: None,
            settings: Settings::default(),
            geography: Geography::default(),
            said: Said::default(),
            simulator: Arc::clone(&environment.simulator),
            disks: environment.disks.clone(),
        };
        let outcome = driver.engine.start();
        driver.present(outcome);
        let outcome = driver.engine.refresh();
        driver.present(outcome);
        driver.settle(environment).await;
        let regions = RegionFiles::demo(None).expect("they are packed").map();
        driver.geography = Geography::new(driver.engine.inventory().on_ramps(), &regions);
        driver
    }

    fn user(&self) -> &str {
        &self.user
    }

    fn end(self) -> Said {
        self.said
    }

    fn said(&self) -> &Said {
        &self.said
    }

    fn said_before(&mut self, before: Said) {
        self.said = before.and(std::mem::take(&mut self.said));
    }

    fn use_line(&mut self, environment: &mut TestEnvironment, connection: &ConnectionState) {
        self.ports.use_account(
            &session(),
            environment.config(connection),
            audit::AuditSetting::default(),
            None,
        );
        if let Some(line) = &mut self.ports.account {
            line.writer =
                Permit::for_mode(Mode::ReadWrite).map(|permit| line.client.writer(permit));
        }
    }

    fn work(&mut self) {
        while !self.effects.is_empty() {
            for effect in std::mem::take(&mut self.effects) {
                let what = match &effect {
                    Effect::Audit(_, act) => What::of_act(act),
                    Effect::Write(_, write, _) => Some(What::of_write(write)),
                    _ => None,
                };
                if let Some(what) = what {
                    self.disks.note_act(&self.user, what, &self.simulator);
                }
                if let Some(event) = self.ports.perform(effect).expect("performed") {
                    self.apply_input(Input::Api(event));
                }
            }
        }
        let claims = claims::of_engine(&self.engine).into_iter();
        self.said.claims.extend(claims.map(|claim| claim.held_against(&self.simulator)));
    }

    fn tick(&mut self, environment: &TestEnvironment) {
        self.apply_input(Input::Tick(environment.now()));
        self.work();
    }

    async fn receive(&mut self, environment: &TestEnvironment, limit: Duration) -> bool {
        let Ok(first) = timeout(limit, self.reports.recv()).await else { return false };
        let mut next = first;
        while let Some(report) = next {
            match self.ports.take_report(report) {
                Some(FrontEndEvent::Api(event)) => {
                    self.apply_input(Input::Api(environment.by_the_hosts_clock(event)));
                }
                Some(FrontEndEvent::Journal(event)) => self.apply_input(Input::Journal(event)),
                Some(FrontEndEvent::Audit(AuditEvent::State(now))) => {
                    self.apply_input(Input::Audit(now));
                }
                Some(FrontEndEvent::Audit(_)) | None => {}
            }
            next = self.reports.try_recv().ok();
        }
        self.work();
        true
    }

    fn order(&mut self, on_ramp: &str, vlan: Option<u16>) {
        let all = self.engine.inventory().on_ramps();
        let found = all.iter().find(|one| one.name.as_str() == on_ramp).map(|one| one.id.clone());
        let on_ramps = vec![found.unwrap_or_else(|| panic!("no on-ramp is called {on_ramp}"))];
        self.facing.push(Facing::Form { on_ramps, label: "ACME-4471".to_owned(), vlan });
        self.plan();
        self.work();
    }

    fn order_pair(&mut self, region: &str) {
        let on_ramps = self.best_pair(region);
        if on_ramps.is_empty() {
            return; // there is no diverse pair
        }
        self.facing.push(Facing::Form { on_ramps, label: "ACME-4471".to_owned(), vlan: None });
        self.plan();
        self.work();
    }

    fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            self.press_one(key);
            self.work();
        }
    }

    fn paste(&mut self, _: &str) {
        panic!("there is no screen to paste into");
    }

    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn is_idle(&self) -> bool {
        true
    }
}

impl Driver {
    fn apply_input(&mut self, input: Input) {
        let outcome = self.engine.handle(input);
        self.present(outcome);
    }

    fn present(&mut self, outcome: Outcome) {
        for output in outcome.0 {
            match output {
                Output::Effect(effect) => self.effects.push(effect),
                Output::Event(event) => self.present_event(&event),
            }
        }
    }

    fn present_event(&mut self, event: &Event) {
        match *event {
            Event::Submitted(id, again) => {
                self.facing.pop_if(|top| matches!(top, Facing::Plan));
                if !again {
                    self.draft = self.facing.pop_if(|top| matches!(top, Facing::Form { .. }));
                }
                self.face_attempt(id);
            }
            Event::InDoubt(id) | Event::TakenOver(id) => self.face_attempt(id),
            Event::Created { intent, at_hand, second, .. } => {
                let asked = self.facing.last().is_some_and(|top| is_attempt(top, intent));
                self.facing.retain(|open| !is_attempt(open, intent));
                let free = matches!(self.facing.last(), None | Some(Facing::Unfinished));
                match second {
                    Some(second) => self.face_attempt(second),
                    None if at_hand || asked || free => self.face_card(intent),
                    None => {}
                }
            }
            Event::Settled(id) => {
                self.facing.retain(|open| !is_attempt(open, id));
                if self.engine.attempts().is_empty() {
                    self.facing.retain(|open| !matches!(open, Facing::Unfinished));
                }
            }
            Event::PlanTaken(id) => {
                self.facing.retain(|open| !matches!(open, Facing::Plan));
                self.face_attempt(id);
            }
            Event::OrderStopped(_, true) => {
                let is_order = |open: &Facing| matches!(open, Facing::Form { .. } | Facing::Plan);
                self.facing.retain(|open| !is_order(open));
            }
            Event::JournalOpened { is_new: true, .. } if self.facing.is_empty() => {
                self.facing.push(Facing::Unfinished);
            }
            _ => {}
        }
    }

    fn face_attempt(&mut self, id: IntentId) {
        self.facing.retain(|open| !is_attempt(open, id));
        self.facing.push(Facing::Attempt(id));
    }

    /// Shows the user the key of a request, or both of its pair.
    fn face_card(&mut self, id: IntentId) {
        let Some(part) = self.engine.attempt(id).map(|one| one.standing.intent.part) else {
            return;
        };
        let ids = match part {
            Some(part) => {
                let halves = self.engine.created_halves(part).into_iter();
                halves.filter_map(|half| half.intent).collect()
            }
            None => vec![id],
        };
        for one in ids.iter().filter_map(|id| self.engine.attempt(*id)) {
            let AttemptStage::Made(key) = &one.stage else { continue };
            let intent = &one.standing.intent;
            self.said.shown.insert(key.id.reveal().to_owned());
            self.said.presented.push(Presented {
                key: key.id.reveal().to_owned(),
                vlan: intent.vlan().map(|vlan| i64::from(vlan.get())),
                differs: !between(intent, key).is_empty(),
            });
        }
        self.facing.push(Facing::Card(ids));
    }

    fn press_one(&mut self, key: char) {
        if key == 'r' && !self.is_typing() {
            let outcome = self.engine.refresh();
            return self.present(outcome);
        }
        let Some(top) = self.facing.last().cloned() else { return };
        match (top, key) {
            (Facing::Form { .. }, '\n') => self.plan(),
            (Facing::Form { .. }, _) => self.type_into_label(key),
            (Facing::Plan, 'y') => {
                let asked = self.engine.plan().filter(|plan| plan.is_clear());
                let Some(yes) = asked.map(|plan| Confirmed::by_flag(plan.asked())) else { return };
                if let Ok(outcome) = self.engine.confirm(&yes) {
                    self.present(outcome);
                }
            }
            (Facing::Plan, '\n') => {
                self.engine.drop_plan();
                self.facing.pop();
            }
            (Facing::Change(id), 'y') => {
                let asked = self.engine.changes(id).filter(|run| run.may_go());
                let Some(yes) = asked.map(|run| Confirmed::by_flag(run.asked())) else { return };
                if let Ok(outcome) = self.engine.confirm_changes(id, &yes) {
                    self.present(outcome);
                }
            }
            (Facing::Attempt(id), 's') => {
                if let Ok(outcome) = self.engine.plan_again(id) {
                    self.facing.push(Facing::Plan);
                    self.present(outcome);
                }
            }
            (Facing::Attempt(id), 'l') => {
                let outcome = self.engine.search(id);
                self.present(outcome);
            }
            (Facing::Attempt(id), '1'..='9') => self.adopt(id, key),
            (Facing::Attempt(id), '\n') => self.leave_attempt(id),
            (Facing::Card(ids), '\n') => {
                self.facing.pop();
                for id in ids {
                    let outcome = self.engine.acknowledge(id);
                    self.present(outcome);
                }
            }
            (Facing::Card(ids), 'u') => self.plan_switching_off(&ids),
            (Facing::Unfinished, '\n') => {
                let Some(one) = self.engine.attempts().first() else { return };
                let id = one.standing.intent.id;
                match &one.stage {
                    AttemptStage::Made(_) => self.face_card(id),
                    _ => self.face_attempt(id),
                }
            }
            _ => {}
        }
    }

    fn is_typing(&self) -> bool {
        matches!(self.facing.last(), Some(Facing::Form { .. }))
    }

    fn type_into_label(&mut self, key: char) {
        if let Some(Facing::Form { label, .. }) = self.facing.last_mut() {
            match key {
                '\u{15}' => label.clear(),
                key => label.push(key),
            }
        }
    }

    fn adopt(&mut self, id: IntentId, digit: char) {
        let at = digit.to_digit(10).map_or(0, |n| n as usize - 1);
        let found = self.engine.attempt(id).and_then(|one| match &one.stage {
            AttemptStage::Maybe(keys) | AttemptStage::Several(keys) => keys.get(at).cloned(),
            _ => None,
        });
        if let Some(key) = found {
            let outcome = self.engine.adopt(id, key);
            self.present(outcome);
        }
    }

    /// Goes back from a request: to what was ordered, where it was not created.
    fn leave_attempt(&mut self, id: IntentId) {
        self.facing.pop();
        if let Some(part) = self.engine.half_pair_of(id) {
            let first = self.engine.created_other_half(part).and_then(|half| half.intent);
            if let Some(first) = first {
                self.face_card(first);
            }
            let outcome = self.engine.leave_second(id);
            return self.present(outcome);
        }
        let not_created = |one: &crate::engine::attempt::Attempt| {
            matches!(one.stage, AttemptStage::NotMade(_)) && !one.is_set_aside
        };
        if self.engine.attempt(id).is_some_and(not_created) {
            let outcome = self.engine.close_not_created(id);
            self.present(outcome);
            self.facing.extend(self.draft.take());
        }
    }

    fn plan_switching_off(&mut self, ids: &[IntentId]) {
        let key = |id: &IntentId| match &self.engine.attempt(*id)?.stage {
            AttemptStage::Made(key) => Some((**key).clone()),
            _ => None,
        };
        let change = |key: ServiceKey| {
            let change = KeyChange { active: Some(false), ..KeyChange::new(key.id.clone()) };
            (key, change)
        };
        let changes = ids.iter().filter_map(key).map(change).collect();
        let id = self.engine.plan_changes(changes);
        self.facing.push(Facing::Change(id));
    }

    /// Plans what the form orders, if that is legal now.
    fn plan(&mut self) {
        let Some(Facing::Form { on_ramps, label, vlan }) = self.facing.last().cloned() else {
            return;
        };
        let vlan = vlan.and_then(|vlan| VlanId::new(vlan).ok());
        let proposed = self.propose_vlans(&on_ramps);
        let orders: Option<Vec<_>> = on_ramps
            .iter()
            .zip(proposed)
            .enumerate()
            .map(|(at, (id, proposed))| {
                let label =
                    if on_ramps.len() > 1 { format!("{label} {}", at + 1) } else { label.clone() };
                self.draft_order(id, label, vlan.or(proposed))
            })
            .collect();
        let Some(orders) = orders else { return };
        if let Ok(outcome) = self.engine.plan_keys(orders, ForWhom::default()) {
            self.facing.push(Facing::Plan);
            self.present(outcome);
        }
    }

    fn propose_vlans(&self, on_ramps: &[OnRampId]) -> Vec<Option<VlanId>> {
        let maps: Vec<_> = on_ramps.iter().filter_map(|id| self.engine.vlans(id)).collect();
        let (policy, seed) = (&self.settings.vlans, self.engine.now().as_millis().unsigned_abs());
        match maps.as_slice() {
            [one, other] => policy.propose_pair([one.taken(), other.taken()], "", seed).into(),
            maps => maps.iter().map(|map| policy.propose(map.taken(), "", seed)).collect(),
        }
    }

    fn draft_order(&self, id: &OnRampId, label: String, vlan: Option<VlanId>) -> Option<KeyOrder> {
        let preset = self.settings.presets.first()?;
        let on_ramp = self.engine.inventory().on_ramp(id)?;
        let most = on_ramp.max_vxc().unwrap_or(preset.rate);
        let draft = Draft {
            label,
            usage: Choice::Tagged,
            vlan,
            rate: Ok(preset.rate.min(most)),
            lifetime: preset.lifetime.map_or(Lifetime::OpenEnded, Lifetime::For),
            active: preset.active,
            pre_approved: preset.pre_approved,
        };
        draft.check(on_ramp, &self.engine.vlans(id)?, self.engine.server_now()).ok()
    }

    fn best_pair(&self, region: &str) -> Vec<OnRampId> {
        let is_it = |name: &&crate::domain::text::SafeText| {
            name.as_str().to_lowercase().starts_with(&region.to_lowercase())
        };
        let inventory = self.engine.inventory();
        let places = 0..inventory.on_ramps().len();
        let name = places.filter_map(|at| self.geography.region_of(at)).find(is_it);
        let name = name.unwrap_or_else(|| panic!("no region is called {region}")).clone();
        let scope = Scope { region: Some(Some(name)), ..Scope::default() };
        let within = self.geography.within(&scope);
        let candidates =
            within.map(|at| Candidate::new(&inventory.on_ramps()[at], inventory.summary(at)));
        let rate = self.settings.presets[0].rate;
        let ranking = ranking::rank(candidates, Want::for_rate(rate), self.settings.ranking);
        let pairs = diversity::pairs(&ranking, None).unwrap_or_default();
        pairs.first().map(Pair::ids).map(Vec::from).unwrap_or_default()
    }
}

fn is_attempt(open: &Facing, id: IntentId) -> bool {
    matches!(open, Facing::Attempt(of) if *of == id)
}

fn realm() -> Realm {
    let session = session();
    Realm { environment: session.environment.to_string(), host: session.host }
}
