//! A console of which only the terminal is not real.

use std::{sync::Arc, time::Duration};

use ratatui::{Terminal, backend::TestBackend};
use tokio::time::timeout;

use crate::{
    api::{Mode, Permit},
    engine::{Engine, effect::Effect as EngineEffect},
    shell::{
        account::{Account, service::AccountOptions},
        console::{
            event_queue::{self, LoopEvent, Receiver},
            executor::{Executor, LoopAction},
        },
        ports::PortReport,
        store::{
            audit,
            journal::{Journal, JournalLocation, tests::FilesIn},
            regions::RegionFiles,
        },
    },
    simulator::Simulator,
    ui::{
        commands::INTERFACE,
        model::{
            Model,
            msg::{Effect, Msg},
        },
        state::key::{self, Code, Key},
        update::update,
        widget::theme::Theme,
    },
};

use super::{
    disk::Disks,
    environment::{JOURNAL, TestEnvironment, session},
    frame::Frame,
    front_end::{FrontEnd, Said},
    order::What,
    script::ConnectionState,
    sentences,
};

/// A console of which only the terminal is not real.
pub(super) struct Console {
    user: String,
    model: Model,
    executor: Executor,
    mail: Receiver,
    effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
    said: Said,
    simulator: Arc<Simulator>,
    disks: Disks,
}

impl FrontEnd for Console {
    const HAS_SCREEN: bool = true;

    async fn open(environment: &mut TestEnvironment, user: &str) -> Self {
        let (letters, mail) = event_queue::open();
        let mut executor = Executor::new(AccountOptions::default(), letters.clone());
        executor.use_account(account(environment, &ConnectionState::Well));
        let (directory, disks) = (environment.directory(user), environment.disks.clone());
        let simulator = Arc::clone(&environment.simulator);
        let watched = Arc::clone(&simulator);
        let whose = user.to_owned();
        let watch = move |file| disks.watch(&whose, file, Arc::clone(&watched));
        let files = FilesIn { directory, account: JOURNAL.to_owned(), watch };
        let report = event_queue::reporter(letters, |journal_event| {
            LoopEvent::Ports(PortReport::Journal(9, journal_event))
        });
        executor.ports.journal =
            Some((JournalLocation::Memory, Journal::start_with(files, 9, report)));
        let regions = RegionFiles::demo(None).expect("they are packed").map();
        let (session, theme) = (session(), Theme::default());
        let mut model =
            Model::new(session, Mode::ReadWrite, regions, theme, environment.now(), &INTERFACE);
        model.size = (80, 24);
        let effects = model.start();
        let terminal = Terminal::new(TestBackend::new(80, 24)).expect("a test screen");
        let user = user.to_owned();
        let mut console = Self {
            user,
            model,
            executor,
            mail,
            effects,
            terminal,
            said: Said::default(),
            simulator,
            disks: environment.disks.clone(),
        };
        console.settle(environment).await;
        console
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
        self.executor.use_account(account(environment, connection));
        if let Some(line) = &mut self.executor.ports.account {
            line.writer =
                Permit::for_mode(Mode::ReadWrite).map(|permit| line.client.writer(permit));
        }
    }

    fn work(&mut self) {
        while !self.effects.is_empty() {
            for effect in std::mem::take(&mut self.effects) {
                let what = match &effect {
                    Effect::Engine(EngineEffect::Audit(_, act)) => What::of_act(act),
                    Effect::Engine(EngineEffect::Write(_, write, _)) => Some(What::of_write(write)),
                    _ => None,
                };
                if let Some(what) = what {
                    self.disks.note_act(&self.user, what, &self.simulator);
                }
                match self.executor.perform(effect).expect("performed") {
                    LoopAction::Continue
                    | LoopAction::Redraw
                    | LoopAction::Suspend
                    | LoopAction::Write(_)
                    | LoopAction::Quit => {}
                    LoopAction::Tell(event) => self.handle_msg(Msg::Api(event)),
                    LoopAction::Say(msg) => self.handle_msg(msg),
                }
            }
        }
        let frame = Frame::new(&mut self.terminal, &self.model);
        self.said.shown.extend(frame.keys().map(ToOwned::to_owned));
        if self.said.frames.last() != Some(&frame) {
            self.said.frames.push(frame);
        }
        let frame = self.said.frames.last().expect("it was drawn");
        let claims = sentences::claimed(frame, &self.model);
        self.said
            .claims
            .extend(claims.into_iter().map(|claim| claim.held_against(&self.simulator)));
        self.handle_msg(Msg::Drawn);
    }

    fn press(&mut self, keys: &str) {
        for key in keys.chars().map(key_of) {
            self.handle_msg(Msg::Key(key));
            self.work();
        }
    }

    fn tick(&mut self, environment: &TestEnvironment) {
        self.handle_msg(Msg::Tick(environment.now()));
        self.work();
    }

    async fn receive(&mut self, environment: &TestEnvironment, limit: Duration) -> bool {
        let Ok(first) = timeout(limit, self.mail.recv()).await else { return false };
        let mut mail = first;
        while let Some(letter) = mail {
            match letter {
                LoopEvent::Msg(msg) => self.handle_msg(msg),
                LoopEvent::Ports(report) => {
                    if let Some(msg) = self.executor.take_report(report) {
                        self.handle_msg(match msg {
                            Msg::Api(event) => Msg::Api(environment.by_the_hosts_clock(event)),
                            other => other,
                        });
                    }
                }
                // No scenario is about the region map.
                LoopEvent::Regions(..) => {}
                other => panic!("an unexpected letter: {other:?}"),
            }
            mail = self.mail.try_recv().ok();
        }
        self.work();
        true
    }

    fn order(&mut self, on_ramp: &str, vlan: Option<u16>) {
        let vlan = vlan.map_or_else(String::new, |vlan| format!("\t\t\t\t\t\u{15}{vlan}"));
        self.press(&format!("/{}\nnACME-4471{vlan}\n", on_ramp.to_lowercase()));
    }

    fn order_pair(&mut self, region: &str) {
        self.press(&format!("N{region}\nACME-4471\n"));
    }

    fn paste(&mut self, text: &str) {
        self.handle_msg(Msg::Paste(text.to_owned()));
        self.work();
    }

    fn engine(&self) -> &Engine {
        &self.model.engine
    }

    fn is_idle(&self) -> bool {
        self.model.waiting.is_empty()
    }
}

impl Console {
    fn handle_msg(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.effects.extend(effects);
    }
}

fn account(environment: &mut TestEnvironment, connection: &ConnectionState) -> Account {
    let config = environment.config(connection);
    let (mode, audit) = (Mode::ReadWrite, audit::AuditSetting::default());
    let regions = RegionFiles::default();
    Account { session: session(), config, mode, audit, regions, simulator: None }
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
