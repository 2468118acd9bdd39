//! An account whose keys a command changes: the engine and its ports, without a screen.
//!
//! The engine decides as it does behind the console; this only performs its effects,
//! hands it what comes back, and waits.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep_until},
};

use crate::{
    api::{Mode, account::Session, audit::Event as AuditEvent},
    client::Client,
    domain::{intent::Realm, preset::Settings, region::RegionMap},
    engine::{
        Engine, Input,
        effect::{Outcome, Output},
        journal::Readiness,
    },
    shell::{
        account::Account,
        clock,
        console::signals,
        exit::ExitError,
        ports::{FrontEndEvent, PortReport, Ports, Reporter, Sending},
        store::{
            audit,
            log::{Note, write_note},
        },
    },
};

use super::session::exit_error;

/// The longest time without a look at the clock.
const TICK_MAX: Duration = Duration::from_secs(1);

/// An account that is changed by a command.
pub(in crate::shell) struct EngineSession {
    /// The engine.
    pub(in crate::shell) engine: Engine,
    /// The defaults for new keys, and the rules for VLANs and ranking.
    pub(in crate::shell) settings: Settings,
    /// The region map.
    pub(in crate::shell) regions: RegionMap,
    /// Whose account it is, for the review.
    pub(in crate::shell) session: Session,
    ports: Ports,
    reports: UnboundedReceiver<PortReport>,
}

impl EngineSession {
    /// Opens an account in a mode: its journal, and its lists, which are read whole.
    pub(in crate::shell) async fn open(
        account: Account,
        settings: Settings,
        regions: RegionMap,
        mode: Mode,
    ) -> Result<Self, ExitError> {
        write_note(&Note::started(&account.session));
        let Account { session, config, audit, simulator, .. } = account;
        let (sender, reports) = unbounded_channel();
        let for_task = sender.clone();
        let from_task = Arc::new(move |report| -> Sending {
            drop(for_task.send(report));
            Box::pin(std::future::ready(()))
        });
        let from_thread = Arc::new(move |report| drop(sender.send(report)));
        let mut ports = Ports::new(Reporter { from_thread, from_task });
        ports.use_account(&session, config, audit, simulator);
        let realm =
            Realm { environment: session.environment.to_string(), host: session.host.clone() };
        let engine = Engine::new(realm, mode, clock::now());
        let mut opened = Self { engine, settings, regions, session, ports, reports };
        let started = opened.engine.start();
        opened.perform(started);
        let refreshed = opened.engine.refresh();
        opened.perform(refreshed);
        opened
            .wait_until(|engine| {
                !engine.is_waiting() && engine.journal().readiness != Readiness::Opening
            })
            .await;
        let failure = [opened.engine.products(), opened.engine.keys()]
            .into_iter()
            .find_map(|load| load.failure.clone());
        match failure {
            Some(failure) => Err(exit_error(&failure)),
            None => Ok(opened),
        }
    }

    /// Sets the unfinished requests of earlier sessions aside: they reserve their VLANs,
    /// and are no reason not to create another key.
    pub(in crate::shell) fn set_aside_earlier(&mut self) {
        let earlier: Vec<_> =
            self.engine.attempts().iter().map(|one| one.standing.intent.id).collect();
        for id in earlier {
            self.engine.set_aside(id);
        }
    }

    /// Performs what a step of the engine asks for.
    pub(in crate::shell) fn perform(&mut self, outcome: Outcome) {
        for output in outcome.0 {
            if let Output::Effect(effect) = output {
                match self.ports.perform(effect) {
                    Ok(Some(event)) => {
                        let next = self.engine.handle(Input::Api(event));
                        self.perform(next);
                    }
                    Ok(None) => {}
                    // The client has ended: every request waits for ever, and the
                    // command's time limit ends it.
                    Err(_) => return,
                }
            }
        }
    }

    /// Lets time pass and takes what comes until `done`.
    pub(in crate::shell) async fn wait_until(&mut self, done: impl Fn(&Engine) -> bool) {
        while !done(&self.engine) {
            self.step().await;
        }
    }

    /// Takes the next report, or lets some time pass.
    async fn step(&mut self) {
        let wait = self.engine.due_in().map_or(TICK_MAX, |due| due.min(TICK_MAX));
        let report = tokio::time::timeout(wait, self.reports.recv()).await;
        let ticked = self.engine.handle(Input::Tick(clock::now()));
        self.perform(ticked);
        let Ok(Some(report)) = report else { return };
        let input = match self.ports.take_report(report) {
            Some(FrontEndEvent::Api(event)) => Input::Api(event),
            Some(FrontEndEvent::Journal(event)) => Input::Journal(event),
            Some(FrontEndEvent::Audit(AuditEvent::State(state))) => Input::Audit(state),
            Some(FrontEndEvent::Audit(_)) | None => return,
        };
        let outcome = self.engine.handle(input);
        self.perform(outcome);
    }

    /// Returns the client, to show a request without sending it.
    pub(in crate::shell) fn client(&self) -> Option<&Client> {
        self.ports.account.as_ref().map(|account| &account.client)
    }
}

/// Whatever ends it, the audit has an end, and the journal is waited for.
impl Drop for EngineSession {
    fn drop(&mut self) {
        audit::end_all("left");
    }
}

/// Ends what takes too long, or what a signal ends.
pub(super) async fn limited<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, ExitError>>,
) -> Result<T, ExitError> {
    tokio::select! {
        done = work => done,
        () = sleep_until(deadline) => {
            Err(ExitError::TimedOut("the time limit is over; nothing was sent".to_owned()))
        }
        number = signals::first_signal() => Err(ExitError::Signal(number)),
    }
}
