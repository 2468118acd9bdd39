//! The console under random input, with a disk and a Megaport that answer late, out of
//! order, or not at all; and the invariants of every step.

use std::{collections::BTreeMap, time::Duration};

use onramp::{
    api::{
        Event, Failure, Mode, Reply, Request, RequestId, Write,
        account::EnvironmentKind,
        journal::{self, Opened, Others},
    },
    domain::{
        alteration::ChangeStep,
        intent::{Intent, Part},
        issuance::Doubt,
        ledger::{JournalStep, Ledger, Record, State},
    },
    engine::{Input, attempt::AttemptStage, effect::Effect as EngineEffect},
    ui::{
        commands::INTERFACE,
        issue::review::Review,
        model::{
            Model, Session,
            msg::{Effect, Msg},
        },
        state::key::{Key, char},
        update::update,
        view,
        widget::theme::Theme,
    },
};
use ratatui::{Terminal, backend::TestBackend};

use crate::support::{NOW, regions};

use super::{megaport::Megaport, stable};

/// The number of occurrences of the interesting events.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) sent: usize,
    pub(super) second_halves: usize,
    pub(super) sent_again: usize,
    pub(super) found: usize,
    pub(super) restarts_with_some_open: usize,
    pub(super) changes: usize,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            sent: self.sent + more.sent,
            second_halves: self.second_halves + more.second_halves,
            sent_again: self.sent_again + more.sent_again,
            found: self.found + more.found,
            restarts_with_some_open: self.restarts_with_some_open + more.restarts_with_some_open,
            changes: self.changes + more.changes,
        }
    }
}

/// The effects and frames of the console since the last query, in the stable form.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) effects: Vec<String>,
    pub(super) frames: Vec<Vec<String>>,
}

/// A console, its disk, and the work in progress.
pub(super) struct Machine {
    model: Model,
    megaport: Megaport,
    /// The contents of the disk.
    ledger: Ledger,
    /// The writes being recorded.
    writing: Vec<(RequestId, Write)>,
    /// The recorded writes that wait for the model.
    begun: BTreeMap<RequestId, Write>,
    /// Whether the journal is being opened.
    opening: bool,
    damaged: usize,
    seed: u64,
    asked: Vec<(RequestId, Request)>,
    /// Requests to create a key that are in flight.
    out: Vec<(RequestId, Intent)>,
    /// Changes that are.
    changes: Vec<(RequestId, Write)>,
    /// Replies that were delivered before.
    delivered: Vec<(RequestId, Result<Reply, Failure>)>,
    /// The screen, reused while it keeps its size.
    terminal: Terminal<TestBackend>,
    /// The last frame that was drawn.
    shown: String,
    /// The recording of it all, on request.
    record: Option<Recorded>,
    /// Whether what happens now is a `y` that may send something.
    confirms: bool,
    pub(super) counts: Counts,
    wrong: Vec<String>,
}

impl Machine {
    pub(super) fn new(enforces: bool, size: (u16, u16)) -> Self {
        Self::begun(enforces, size, None)
    }

    /// Returns a machine of which everything is recorded.
    pub(super) fn recorded(enforces: bool, size: (u16, u16)) -> Self {
        Self::begun(enforces, size, Some(Recorded::default()))
    }

    /// Returns the recording since the last call.
    pub(super) fn take_record(&mut self) -> Recorded {
        self.record.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn begun(enforces: bool, size: (u16, u16), record: Option<Recorded>) -> Self {
        let mut machine = Self {
            model: model(size),
            megaport: Megaport::new(enforces),
            ledger: Ledger::default(),
            writing: vec![],
            begun: BTreeMap::new(),
            opening: false,
            damaged: 0,
            seed: 7,
            asked: vec![],
            out: vec![],
            changes: vec![],
            delivered: vec![],
            terminal: terminal(size),
            shown: String::new(),
            record,
            confirms: false,
            counts: Counts::default(),
            wrong: vec![],
        };
        let effects = machine.model.start();
        machine.perform(effects);
        machine.settle();
        machine
    }

    /// Returns every violation in this step.
    pub(super) fn wrong(&mut self) -> Option<String> {
        self.hold_on();
        (!self.wrong.is_empty()).then(|| self.wrong.join("; "))
    }

    fn claim(&mut self, holds: bool, says: &str, about: &Intent) {
        if !holds {
            let (label, part) = (about.order.label(), about.part);
            self.wrong.push(format!("{says}: {label} {part:?}"));
        }
    }

    /// Checks the invariants between any two steps.
    fn hold_on(&mut self) {
        let standings: Vec<_> = self.ledger.all().cloned().collect();
        for standing in standings {
            let intent = &standing.intent;
            let made = self.megaport.made_of(intent.id);
            self.claim(made <= 1, "two keys for one intent", intent);
            let out = self.out.iter().filter(|(_, out)| out.id == intent.id).count();
            self.claim(out <= 1, "two requests for one intent are out", intent);
            let open = self.model.engine.attempt(intent.id);
            let not_made = open.is_some_and(|one| matches!(one.stage, AttemptStage::NotMade(_)));
            let seen = matches!(standing.state, State::Acknowledged(_) | State::Closed(_));
            let known = open.is_some() || seen || self.opening;
            self.claim(made == 0 || known, "a key is lost", intent);
            self.claim(!(not_made && made > 0), "a key is called not made", intent);
        }
        let (journal, altering) = (self.model.engine.journal(), &self.model.engine.altering());
        for open in self.ledger.changes() {
            let id = open.alteration.id;
            let shown = journal.changes.iter().any(|one| one.change.alteration.id == id);
            let under_way = altering.as_ref().is_some_and(|one| one.id() == id);
            let written = self.writing.iter().any(|(_, write)| write.named() == id);
            if !shown && !under_way && !written && !self.opening {
                self.wrong.push(format!("a change is lost: {}", open.alteration.what));
            }
        }
        let unknown = self.megaport.made().find(|id| self.ledger.get(*id).is_none());
        if let Some(id) = unknown {
            self.wrong.push(format!("a key of an intent that was not written down: {}", id.tag()));
        }
    }

    fn handle_msg(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Some(record) = &mut self.record {
                record.effects.push(stable::effect(&effect));
            }
            match effect {
                Effect::Engine(EngineEffect::Ask(id, request)) => self.asked.push((id, request)),
                Effect::Engine(EngineEffect::Write(id, write, _)) => self.write_down(id, write),
                Effect::Engine(EngineEffect::Send(id)) => self.let_out(id),
                Effect::Engine(EngineEffect::Withdraw(id)) => {
                    if let Some(write) = self.begun.remove(&id) {
                        let intent = write.named();
                        let at = self.model.now();
                        let withdrawn = self.ledger.get(intent).map_or_else(
                            || Record::new(intent, at, JournalStep::Change(ChangeStep::NotDone)),
                            |one| one.record(one.end(Doubt::NotSent), at),
                        );
                        drop(self.ledger.apply_record(&withdrawn));
                    }
                }
                Effect::Engine(EngineEffect::Record(record)) => {
                    drop(self.ledger.apply_record(&record));
                }
                Effect::Engine(EngineEffect::AcceptDamage) => {
                    (self.damaged, self.opening) = (0, true);
                }
                Effect::Engine(EngineEffect::SetMode(_)) => self.opening = true,
                _ => {}
            }
        }
    }

    /// Returns the state of the first of an intent's pair on the disk.
    fn first_of(&self, part: Part) -> Option<&State> {
        let is_first = |its: Part| its.order == part.order && its.number == 1;
        let mut all = self.ledger.all();
        all.find(|one| one.intent.part.is_some_and(is_first)).map(|one| &one.state)
    }

    fn write_down(&mut self, id: RequestId, write: Write) {
        let writes = self.model.engine.mode() == Mode::ReadWrite;
        let Write::CreateKey { intent, .. } = &write else {
            if !writes {
                self.wrong.push("something was to be changed, read-only".to_owned());
            }
            self.writing.push((id, write));
            return;
        };
        self.claim(writes, "to be sent, read-only", intent);
        let follows = intent.part.filter(|part| part.number == 2).is_some_and(|part| {
            matches!(self.first_of(part), Some(State::Created(_) | State::Acknowledged(_)))
        });
        let asked = self.confirms || follows;
        self.claim(asked, "to be sent, and nobody has confirmed it on a screen", intent);
        self.writing.push((id, write));
    }

    fn let_out(&mut self, id: RequestId) {
        let writes = self.model.engine.mode() == Mode::ReadWrite;
        let intent = match self.begun.remove(&id) {
            None => {
                self.wrong.push(format!("{id} was sent, and is not on the disk"));
                return;
            }
            Some(Write::CreateKey { intent, .. }) => *intent,
            Some(change) => {
                if !writes || !self.changes.is_empty() || !self.ledger.is_changing(change.named()) {
                    self.wrong.push("a change was sent that may not be".to_owned());
                }
                self.counts.changes += 1;
                self.changes.push((id, change));
                return;
            }
        };
        self.claim(writes, "sent, read-only", &intent);
        if let Some(part) = intent.part.filter(|part| part.number == 2) {
            let open = [Some(&State::Prepared), Some(&State::Sending), Some(&State::Unknown)];
            let early = open.contains(&self.first_of(part));
            self.claim(!early, "the second of a pair was sent before the first is known", &intent);
            self.counts.second_halves += 1;
        }
        self.counts.sent += 1;
        let attempts = self.ledger.get(intent.id).map_or(0, |standing| standing.attempts);
        self.counts.sent_again += usize::from(attempts > 1);
        self.out.push((id, intent));
    }

    /// Presses a key; a `y` counts on a review that was drawn whole.
    pub(super) fn press(&mut self, key: Key) {
        let armed =
            self.model.modals.on_top::<Review>().is_some_and(|review| review.question.is_armed());
        let asks = ["y = create key", "y = create both keys", "y = send, with the same tag"];
        let asked = asks.iter().any(|question| self.shown.contains(question));
        self.confirms = key == char('y') && armed && asked;
        // The next key is not an answer to this frame.
        self.shown.clear();
        self.handle_msg(Msg::Key(key));
        self.confirms = false;
    }

    pub(super) fn paste(&mut self, text: String) {
        self.handle_msg(Msg::Paste(text));
    }

    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.handle_msg(Msg::Resize(size.0, size.1));
        self.draw();
    }

    /// Time passes.
    pub(super) fn stall(&mut self, span: Duration) {
        let now = self.model.now() + span;
        self.handle_msg(Msg::Tick(now));
    }

    /// Time passes, and a frame is drawn.
    pub(super) fn wait(&mut self, span: Duration) {
        self.stall(span);
        self.draw();
    }

    fn draw(&mut self) {
        let (columns, rows) = self.model.size;
        let area = self.terminal.backend().buffer().area;
        if (area.width, area.height) != (columns, rows) {
            self.terminal = terminal((columns, rows));
        }
        self.terminal.draw(|frame| view::draw(&self.model, frame)).expect("a frame");
        let backend = self.terminal.backend();
        let cells = backend.buffer().content.iter();
        self.shown = cells.map(ratatui::buffer::Cell::symbol).collect();
        if let Some(record) = &mut self.record {
            let at = backend.cursor_position();
            let cursor = backend.cursor_visible().then_some((at.x, at.y));
            record.frames.push(stable::frame(backend.buffer(), cursor));
        }
        self.handle_msg(Msg::Drawn);
    }

    /// Answers one of the requests.
    pub(super) fn answer(&mut self, at: usize, how: u8) {
        if self.asked.is_empty() {
            return;
        }
        let (id, request) = self.asked.remove(at % self.asked.len());
        let result = self.megaport.answer(&request, how);
        self.tell(id, result);
    }

    /// Ends one of the requests to create or change a key.
    pub(super) fn end(&mut self, at: usize, how: u8) {
        if self.out.is_empty() {
            if let Some((id, write)) = self.changes.pop() {
                let result = self.megaport.change(&write, how);
                self.tell(id, result);
            }
            return;
        }
        let (id, intent) = self.out.remove(at % self.out.len());
        let result = self.megaport.receive(intent, how, self.model.now());
        self.tell(id, result);
    }

    fn tell(&mut self, id: RequestId, result: Result<Reply, Failure>) {
        self.delivered.push((id, result.clone()));
        let open = self.in_doubt();
        self.handle_msg(Msg::Api(Event::Done { id, result, clock_offset: None }));
        self.counts.found += open.saturating_sub(self.in_doubt());
    }

    fn in_doubt(&self) -> usize {
        let doubtful = |stage: &AttemptStage| {
            matches!(stage, AttemptStage::Looking { .. } | AttemptStage::Maybe(_))
        };
        self.model.engine.attempts().iter().filter(|one| doubtful(&one.stage)).count()
    }

    /// A reply that was delivered before comes once more.
    pub(super) fn again(&mut self, at: usize) {
        if self.delivered.is_empty() {
            return;
        }
        let (id, result) = self.delivered[at % self.delivered.len()].clone();
        self.handle_msg(Msg::Api(Event::Done { id, result, clock_offset: Some(-90_000) }));
    }

    /// Replies to no request.
    pub(super) fn stray(&mut self, number: u64) {
        let (id, result) = (RequestId(1_000_000 + number), Ok(Reply::KeyIsValid(false)));
        self.handle_msg(Msg::Api(Event::Done { id, result, clock_offset: Some(-90_000) }));
    }

    /// Delivers a request that was delayed on its way to Megaport.
    pub(super) fn land(&mut self) {
        self.megaport.land(self.model.now());
    }

    /// Answers one of the disk's operations, with or without an error.
    pub(super) fn disk(&mut self, at: usize, fails: bool) {
        if self.opening {
            self.opening = false;
            self.open();
            return;
        }
        if self.writing.is_empty() {
            return;
        }
        let (id, write) = self.writing.remove(at % self.writing.len());
        if fails || !self.write(&write) {
            self.handle_msg(Msg::Journal(journal::Event::NotBegun(
                id,
                "the disk is full".into(),
                None,
            )));
            return;
        }
        self.begun.insert(id, write);
        self.handle_msg(Msg::Journal(journal::Event::Begun(id)));
    }

    /// Puts a write on the disk as leaving; whether that could follow.
    fn write(&mut self, write: &Write) -> bool {
        let (id, at) = (write.named(), self.model.now());
        let (intent, attempt) = match write {
            Write::CreateKey { intent, attempt } => (intent, *attempt),
            Write::UpdateKey(_, change) | Write::Decide { change, .. } => {
                let step = JournalStep::Change(ChangeStep::Begun(change.clone()));
                return self.ledger.apply_record(&Record::new(id, at, step)).is_ok();
            }
        };
        if self.ledger.get(id).is_none() {
            let step = JournalStep::Prepared(intent.clone());
            let record = Record::new(id, at, step);
            if self.ledger.allows(&record).is_err() || self.ledger.apply_record(&record).is_err() {
                return false;
            }
        }
        self.ledger.apply_record(&Record::new(id, at, JournalStep::Sending).about(attempt)).is_ok()
    }

    fn open(&mut self) {
        self.seed += 1;
        let (ledger, seed, damaged) = (self.ledger.clone(), self.seed, self.damaged);
        let (others, is_read, unusable, note) = (Others::new(), true, None, None);
        let opened = Opened { ledger, others, seed, damaged, is_read, unusable, note };
        self.handle_msg(Msg::Journal(journal::Event::Opened(Box::new(opened))));
    }

    /// Lines of the journal turn out to be unreadable.
    pub(super) fn damage(&mut self, lines: usize) {
        self.damaged = lines;
        self.open();
    }

    /// Answers everything but requests to create a key, successfully.
    pub(super) fn settle(&mut self) {
        for _ in 0..100 {
            if self.opening || !self.writing.is_empty() {
                self.disk(0, false);
            } else if !self.asked.is_empty() {
                self.answer(0, 9);
            } else {
                return;
            }
        }
    }

    /// Kills the console, and starts the next one. A request in flight may arrive.
    pub(super) fn restart(&mut self, arrives: bool) {
        for (_, intent) in std::mem::take(&mut self.out) {
            if arrives {
                self.megaport.make(&intent, self.model.now());
            }
        }
        for (_, write) in std::mem::take(&mut self.writing) {
            if arrives {
                self.write(&write);
            }
        }
        (self.begun, self.asked) = (BTreeMap::new(), vec![]);
        (self.changes, self.delivered) = (vec![], vec![]);
        self.counts.restarts_with_some_open += usize::from(self.ledger.open().next().is_some());
        let (size, now) = (self.model.size, self.model.now());
        self.model = model(size);
        drop(self.model.engine.handle(Input::Tick(now)));
        let effects = self.model.start();
        self.perform(effects);
    }
}

fn terminal((columns, rows): (u16, u16)) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(columns, rows)).expect("a test screen")
}

fn model(size: (u16, u16)) -> Model {
    let host = "127.0.0.1:8080".to_owned();
    let session = Session { environment: EnvironmentKind::Demo, host, ..Session::nowhere() };
    let mut model =
        Model::new(session, Mode::ReadWrite, regions(), Theme::default(), NOW, &INTERFACE);
    model.size = size;
    model
}
