//! A console of which only the terminal is not real.

use crate::engine::{effect::Effect as EngineEffect, journal::Readiness};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

use ratatui::{Terminal, backend::TestBackend};
use tokio::time::timeout;

use crate::{
    api::{
        Event, Mode, Permit,
        account::{Fence, Session},
    },
    shell::{
        account::Account,
        account::service::AccountOptions,
        audit,
        executor::{Executor, Then},
        inbox::{self, Mail, Receiver},
        journal::{Journal, Where, tests::FilesIn},
        ports::Report,
        regions::Sheets,
    },
    simulator::Simulator,
    ui::{
        key::{self, Code, Key},
        model::Model,
        msg::{Effect, Msg},
        theme::Theme,
        update::update,
    },
};

use super::{
    disk::Disks,
    frame::Frame,
    order::What,
    script::Way,
    sentences::{self, Checked},
    stage::{JOURNAL, Stage},
};

/// How long something may take that is sure to come. Generous: it only ends
/// tests that fail.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that a screen has said.
#[derive(Default)]
pub(super) struct Said {
    pub(super) frames: Vec<Frame>,
    pub(super) claims: Vec<Checked>,
    pub(super) shown: BTreeSet<String>,
}

/// A console, and everything its screen has said.
pub(super) struct Console {
    user: String,
    pub(super) model: Model,
    executor: Executor,
    mail: Receiver,
    effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
    pub(super) frames: Vec<Frame>,
    /// What it has claimed, held against the server's truth at that moment.
    pub(super) claims: Vec<Checked>,
    simulator: Arc<Simulator>,
    disks: Disks,
    /// Whole keys that it has shown.
    pub(super) shown: BTreeSet<String>,
}

impl Console {
    /// A console of `user` that has read everything.
    pub(super) async fn open(stage: &mut Stage, user: &str) -> Self {
        let (letters, mail) = inbox::open();
        let mut executor = Executor::new(AccountOptions::default(), letters.clone());
        executor.use_account(account(stage, &Way::Well));
        let (directory, disks) = (stage.directory(user), stage.disks.clone());
        let simulator = Arc::clone(&stage.simulator);
        let watched = Arc::clone(&simulator);
        let whose = user.to_owned();
        let watch = move |file| disks.watch(&whose, file, Arc::clone(&watched));
        let files = FilesIn { directory, account: JOURNAL.to_owned(), watch };
        let report = inbox::reporter(letters, |told| Mail::Ports(Report::Journal(9, told)));
        executor.ports.journal = Some((Where::Memory, Journal::on(files, 9, report)));
        let regions = Sheets::demo(None).expect("they are packed").map();
        let (session, theme) = (session(), Theme::default());
        let mut model = Model::new(session, Mode::ReadWrite, regions, theme, stage.now());
        model.size = (80, 24);
        let effects = model.start();
        let terminal = Terminal::new(TestBackend::new(80, 24)).expect("a test screen");
        let (frames, claims, shown) = (vec![], vec![], BTreeSet::new());
        let user = user.to_owned();
        let mut console = Self {
            user,
            model,
            executor,
            mail,
            effects,
            terminal,
            frames,
            claims,
            simulator,
            disks: stage.disks.clone(),
            shown,
        };
        console.settle(stage).await;
        console
    }

    /// The console is gone at once; what its screen has said still counts.
    pub(super) fn killed(self) -> Said {
        let Self { frames, claims, shown, .. } = self;
        Said { frames, claims, shown }
    }

    /// The same user's next console. What the first one's screen has said
    /// still counts.
    pub(super) async fn again(self, stage: &mut Stage) -> Self {
        let Self { user, executor, frames, claims, shown, .. } = self;
        drop(executor);
        let next = Self::open(stage, &user).await;
        let frames = frames.into_iter().chain(next.frames).collect();
        let claims = claims.into_iter().chain(next.claims).collect();
        let shown = shown.into_iter().chain(next.shown).collect();
        Self { frames, claims, shown, ..next }
    }

    /// Its line to the API is so from now on.
    pub(super) fn use_line(&mut self, stage: &mut Stage, way: &Way) {
        self.executor.use_account(account(stage, way));
        if let Some(line) = &mut self.executor.ports.line {
            line.writer = Permit::of(Mode::ReadWrite).map(|permit| line.client.writer(permit));
        }
    }

    pub(super) fn hear(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.effects.extend(effects);
    }

    /// Performs what is to be done and draws, as the event loop does.
    pub(super) fn work(&mut self) {
        while !self.effects.is_empty() {
            for effect in std::mem::take(&mut self.effects) {
                let what = match &effect {
                    Effect::Engine(EngineEffect::Audit(_, act)) => What::of_act(act),
                    Effect::Engine(EngineEffect::Write(_, write, _)) => Some(What::of_write(write)),
                    _ => None,
                };
                if let Some(what) = what {
                    self.disks.note(&self.user, what, &self.simulator);
                }
                match self.executor.perform(effect).expect("performed") {
                    Then::Continue | Then::Redraw | Then::Suspend | Then::Write(_) | Then::Quit => {
                    }
                    Then::Tell(event) => self.hear(Msg::Api(event)),
                    Then::Say(msg) => self.hear(msg),
                }
            }
        }
        let frame = Frame::of(&mut self.terminal, &self.model);
        self.shown.extend(frame.keys().map(ToOwned::to_owned));
        if self.frames.last() != Some(&frame) {
            self.frames.push(frame);
        }
        let frame = self.frames.last().expect("it was drawn");
        let claims = sentences::claimed(frame, &self.model);
        self.claims.extend(claims.into_iter().map(|claim| claim.held_against(&self.simulator)));
        self.hear(Msg::Drawn);
    }

    pub(super) fn press(&mut self, keys: &str) {
        for key in keys.chars().map(key_of) {
            self.hear(Msg::Key(key));
            self.work();
        }
    }

    /// The screen now.
    pub(super) fn frame(&self) -> &Frame {
        self.frames.last().expect("it was drawn")
    }

    /// It is this time.
    pub(super) fn tick(&mut self, stage: &Stage) {
        self.hear(Msg::Tick(stage.now()));
        self.work();
    }

    /// Takes in what has come; waits at most `limit` for the first of it.
    pub(super) async fn receive(&mut self, stage: &Stage, limit: Duration) -> bool {
        let Ok(first) = timeout(limit, self.mail.recv()).await else { return false };
        let mut mail = first;
        while let Some(letter) = mail {
            match letter {
                Mail::Msg(msg) => self.hear(msg),
                Mail::Ports(report) => {
                    if let Some(msg) = self.executor.take(report) {
                        self.hear(by_the_hosts_clock(msg, stage));
                    }
                }
                // No scenario is about the region map.
                Mail::Regions(..) => {}
                other => panic!("an unexpected letter: {other:?}"),
            }
            mail = self.mail.try_recv().ok();
        }
        self.work();
        true
    }

    /// Takes in letters until `done`.
    pub(super) async fn wait(
        &mut self,
        stage: &Stage,
        what: &str,
        mut done: impl FnMut(&Self) -> bool,
    ) {
        self.work();
        while !done(self) {
            let came = self.receive(stage, PATIENCE).await;
            assert!(came, "waited in vain for {what}. The screen:\n{}", self.frame().text);
        }
    }

    /// Waits until nothing is under way.
    pub(super) async fn settle(&mut self, stage: &Stage) {
        let quiet = |console: &Self| {
            let Model { waiting, engine, .. } = &console.model;
            let opening = engine.journal().readiness == Readiness::Opening;
            waiting.is_empty() && !engine.is_waiting() && !opening
        };
        self.wait(stage, "an end of it all", quiet).await;
    }

    /// When something will happen by itself, if ever.
    pub(super) fn acts_in(&self) -> Option<Duration> {
        self.model.engine.due_in()
    }
}

fn account(stage: &mut Stage, way: &Way) -> Account {
    let config = stage.config(way);
    let (mode, audit) = (Mode::ReadWrite, audit::Setting::default());
    let regions = Sheets::default();
    Account { session: session(), config, mode, audit, regions, simulator: None }
}

fn session() -> Session {
    let host = "127.0.0.1:8080".to_owned();
    Session { fence: Fence::Demo, host, ..Session::nowhere() }
}

/// The client reads the real clock; the host's was moved since.
fn by_the_hosts_clock(msg: Msg, stage: &Stage) -> Msg {
    match msg {
        Msg::Api(Event::Done { id, result, clock_offset }) => {
            let clock_offset = clock_offset.map(|offset| offset - stage.ahead_millis());
            Msg::Api(Event::Done { id, result, clock_offset })
        }
        other => other,
    }
}

fn key_of(c: char) -> Key {
    match c {
        '\n' => key::plain(Code::Enter),
        '\t' => key::plain(Code::Tab),
        '\x1b' => key::plain(Code::Esc),
        '\x15' => key::ctrl('u'),
        c => key::char(c),
    }
}
