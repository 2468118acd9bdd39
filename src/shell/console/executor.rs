//! Performs effects: the only place where the console acts on the outside. Effects of
//! the engine go to `shell::ports`, which commands could use just as well.

use std::path::PathBuf;

use crate::{
    api::{Event, RequestId, account::EnvironmentKind, cache::CachedLists, regions},
    client::NotTaken,
    domain::text::SafeText,
    engine::effect as engine,
    shell::{
        account::{
            Account,
            config::Config,
            service::{self, AccountOptions, AccountService},
        },
        clipboard::{self, ClipboardService},
        exit::ExitError,
        ports::{FrontEndEvent, PortReport, Ports},
        store::{
            cache::Cache,
            exports,
            log::{Note, read_tail, write_note},
            permissions::path_text,
            regions::RegionsWatcher,
        },
        terminal,
    },
    ui::model::msg::{Effect, Msg},
};

use super::{
    event_queue::{LoopEvent, Sender, ports_reporter, reporter, task_reporter},
    notify,
};

/// Performs what the model asked for.
pub(in crate::shell) struct Executor {
    accounts: AccountService,
    events: Sender,
    clipboard: ClipboardService,
    /// The executor of the engine's effects.
    pub(in crate::shell) ports: Ports,
    /// The cache of the account's lists; none for a demo.
    cache: Option<Cache>,
    /// The watcher that follows and edits the region map.
    regions: Option<RegionsWatcher>,
    /// The number of watchers so far.
    regions_number: u64,
}

/// The work left to the event loop after an effect.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::shell) enum LoopAction {
    /// Nothing.
    Continue,
    /// Draw every cell.
    Redraw,
    /// Tell the model the result of a request.
    Tell(Event),
    /// Send the model another message.
    Say(Msg),
    /// Write this to the terminal as it is.
    Write(String),
    /// Give the terminal back and stop until a shell lets the program go on.
    Suspend,
    /// Quit.
    Quit,
}

impl Executor {
    /// Returns an executor without an account.
    pub(in crate::shell) fn new(options: AccountOptions, events: Sender) -> Self {
        let clipboard =
            ClipboardService::start(task_reporter(events.clone(), clipboard_event), || {
                Config::load().map(|config| config.copy_command)
            });
        let accounts = AccountService::new(options, task_reporter(events.clone(), account_event));
        let ports = Ports::new(ports_reporter(&events));
        Self { accounts, events, clipboard, ports, cache: None, regions: None, regions_number: 0 }
    }

    /// Uses `account` from now on, in place of the one before.
    pub(in crate::shell) fn use_account(&mut self, account: Account) {
        let Account { session, config, audit, regions, simulator, .. } = account;
        write_note(&Note::started(&session));
        let (environment, api) = (session.environment.to_string(), config.api_url());
        let id = &config.credentials.client_id;
        let is_kept = session.environment != EnvironmentKind::Demo;
        self.cache = is_kept.then(|| Cache::for_account(&environment, api, id));
        self.ports.use_account(&session, config, audit, simulator);
        self.regions_number += 1;
        let number = self.regions_number;
        let report = reporter(self.events.clone(), move |event| LoopEvent::Regions(number, event));
        self.regions = Some(RegionsWatcher::start(regions, number, report));
    }

    /// Takes a report of the ports; returns the part for the model.
    pub(in crate::shell) fn take_report(&mut self, report: PortReport) -> Option<Msg> {
        Some(match self.ports.take_report(report)? {
            FrontEndEvent::Api(event) => Msg::Api(event),
            FrontEndEvent::Journal(event) => Msg::Journal(event),
            FrontEndEvent::Audit(event) => Msg::Audit(event),
        })
    }

    /// Returns whether the region map of this number is the one in use.
    pub(in crate::shell) fn uses_regions(&self, number: u64) -> bool {
        self.regions.as_ref().is_some_and(|watcher| watcher.number() == number)
    }

    /// Performs one effect.
    pub(in crate::shell) fn perform(&mut self, effect: Effect) -> Result<LoopAction, ExitError> {
        match effect {
            Effect::Engine(effect) => self.perform_engine(effect),
            Effect::ReadAudit(id) => {
                if let Some(audit) = &self.ports.audit {
                    audit.read(id);
                }
                Ok(LoopAction::Continue)
            }
            Effect::Notify(says) => Ok(LoopAction::Write(notify::sequence(&says))),
            Effect::Clipboard(id, what) => Ok(match self.clipboard.start_act(id, what) {
                Some(verdict) => LoopAction::Say(Msg::Clipboard(id, verdict)),
                None => LoopAction::Continue,
            }),
            Effect::Rehearse(orders) => Ok(match &self.ports.account {
                Some(account) => {
                    let client = &account.client;
                    let requests = orders.iter().map(|order| client.dry_run(order)).collect();
                    LoopAction::Say(Msg::Rehearsed(requests))
                }
                None => LoopAction::Continue,
            }),
            Effect::Account(id, ask) => {
                self.accounts.answer_later(id, ask);
                Ok(LoopAction::Continue)
            }
            Effect::AskAttached => Ok(self.ask_attached()),
            Effect::Recall(id) => Ok(self.load_cached_lists(id)),
            Effect::Save(snapshot) => {
                if let Some(cache) = &self.cache {
                    cache.save(*snapshot);
                }
                Ok(LoopAction::Continue)
            }
            Effect::CancelOpening => {
                self.accounts.cancel_opening();
                Ok(LoopAction::Continue)
            }
            Effect::Map(id, layer, edit) => {
                Ok(self.edit_regions(id, |watcher| watcher.edit(id, layer, edit)))
            }
            Effect::Unmap(id) => Ok(self.edit_regions(id, |watcher| watcher.undo(id))),
            Effect::CloseAccount => {
                (self.regions, self.cache) = (None, None);
                self.ports.leave_account();
                Ok(LoopAction::Continue)
            }
            file @ (Effect::ReadLog | Effect::HandOver(..) | Effect::Export(..)) => {
                Ok(self.perform_file_effect(file))
            }
            Effect::Redraw => Ok(LoopAction::Redraw),
            Effect::Suspend => Ok(LoopAction::Suspend),
            Effect::Quit => Ok(LoopAction::Quit),
        }
    }

    /// Performs an effect of the engine.
    fn perform_engine(&mut self, effect: engine::Effect) -> Result<LoopAction, ExitError> {
        let answered = self.ports.perform(effect).map_err(|refused: NotTaken| {
            terminal::restore();
            ExitError::Failed(format!("a request could not be submitted: {refused}"))
        })?;
        Ok(answered.map_or(LoopAction::Continue, LoopAction::Tell))
    }

    /// Sends an order to the regions watcher.
    fn edit_regions(&self, id: RequestId, order: impl FnOnce(&RegionsWatcher)) -> LoopAction {
        let Some(watcher) = &self.regions else {
            let why = "no account is open".into();
            return LoopAction::Say(Msg::Regions(regions::Event::NotSaved(id, why, None)));
        };
        order(watcher);
        LoopAction::Continue
    }

    /// Asks tmux which terminals are attached.
    fn ask_attached(&self) -> LoopAction {
        let events = self.events.clone();
        tokio::spawn(async move {
            let clients = clipboard::attached_clients().await;
            // The queue is closed only when the console quits.
            drop(events.send(LoopEvent::Msg(Msg::Attached(clients))).await);
        });
        LoopAction::Continue
    }

    /// Asks for the saved lists of the account; a demo has none.
    fn load_cached_lists(&self, id: RequestId) -> LoopAction {
        let Some(cache) = &self.cache else {
            return LoopAction::Say(Msg::SavedListsRead(id, CachedLists::default()));
        };
        cache.load(reporter(self.events.clone(), move |lists| {
            LoopEvent::Msg(Msg::SavedListsRead(id, lists))
        }));
        LoopAction::Continue
    }

    /// Reads or writes a file that the user asked for.
    fn perform_file_effect(&self, effect: Effect) -> LoopAction {
        let answered = |written: Result<PathBuf, ExitError>| match written {
            Ok(path) => Ok(path_text(&path)),
            Err(why) => Err(SafeText::clean(&why.to_string())),
        };
        match effect {
            Effect::HandOver(now, text) => self.spawn_blocking_reply(move || {
                Msg::HandedOver(answered(exports::write_text(None, &text, now)))
            }),
            Effect::Export(now, name, table, form) => self.spawn_blocking_reply(move || {
                Msg::Exported(answered(exports::export(now, name, &table, form)))
            }),
            _ => self.spawn_blocking_reply(|| Msg::Log(read_tail())),
        }
    }

    /// Runs blocking `work` outside of the loop, which receives its reply.
    fn spawn_blocking_reply(&self, work: impl FnOnce() -> Msg + Send + 'static) -> LoopAction {
        let events = self.events.clone();
        // The queue is closed only when the console quits.
        tokio::task::spawn_blocking(move || {
            drop(events.blocking_send(LoopEvent::Msg(work())));
        });
        LoopAction::Continue
    }
}

fn account_event(report: service::AccountReport) -> LoopEvent {
    match report {
        service::AccountReport::Answer(id, answer) => LoopEvent::Msg(Msg::Account(id, answer)),
        service::AccountReport::Opened(id, account, opened) => {
            LoopEvent::Opened(id, account, opened)
        }
    }
}

fn clipboard_event(report: clipboard::ClipboardReport) -> LoopEvent {
    match report {
        clipboard::ClipboardReport::Done(id, verdict) => {
            LoopEvent::Msg(Msg::Clipboard(id, verdict))
        }
        clipboard::ClipboardReport::ForTerminal(id, sequence, verdict) => {
            LoopEvent::ForTerminal(id, sequence, verdict)
        }
    }
}
