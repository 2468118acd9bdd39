//! Performs effects: the only place where the console acts on the world.

use std::path::PathBuf;

use crate::{
    api::{Event, RequestId, account::Fence, cache::CachedLists, regions},
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
        ports::{Heard, Ports, Report},
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
    event_queue::{Mail, Sender, ports_reporter, reporter, task_reporter},
    notify,
};

/// Performs what the model asked for.
pub(in crate::shell) struct Executor {
    accounts: AccountService,
    letters: Sender,
    clipboard: ClipboardService,
    /// What performs the engine's effects.
    pub(in crate::shell) ports: Ports,
    /// What is kept of the account's lists; nothing of a demo's.
    cache: Option<Cache>,
    /// Who follows and edits the region map.
    regions: Option<RegionsWatcher>,
    /// How many of them there were.
    keepers: u64,
}

/// What the event loop itself has to do after an effect.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::shell) enum Then {
    /// Nothing.
    Continue,
    /// Draw every cell.
    Redraw,
    /// Tell the model how a request ended.
    Tell(Event),
    /// Tell the model something else.
    Say(Msg),
    /// Write this to the terminal as it is.
    Write(String),
    /// Give the terminal back and stop until a shell lets the program go on.
    Suspend,
    /// Leave.
    Quit,
}

impl Executor {
    /// An executor without an account.
    pub(in crate::shell) fn new(options: AccountOptions, letters: Sender) -> Self {
        let clipboard =
            ClipboardService::start(task_reporter(letters.clone(), about_clipboard), || {
                Config::load().map(|config| config.copy_command)
            });
        let accounts = AccountService::new(options, task_reporter(letters.clone(), about_account));
        let ports = Ports::new(ports_reporter(&letters));
        Self { accounts, letters, clipboard, ports, cache: None, regions: None, keepers: 0 }
    }

    /// Uses `account` from now on, and the one before no more.
    pub(in crate::shell) fn use_account(&mut self, account: Account) {
        let Account { session, config, audit, regions, simulator, .. } = account;
        write_note(&Note::started(&session));
        let (environment, api) = (session.fence.to_string(), config.api_url());
        let id = &config.credentials.client_id;
        let is_kept = session.fence != Fence::Demo;
        self.cache = is_kept.then(|| Cache::of(&environment, api, id));
        self.ports.use_account(&session, config, audit, simulator);
        self.keepers += 1;
        let number = self.keepers;
        let report = reporter(self.letters.clone(), move |event| Mail::Regions(number, event));
        self.regions = Some(RegionsWatcher::start(regions, number, report));
    }

    /// Takes in what the ports report; what of it is for the model.
    pub(in crate::shell) fn take(&mut self, report: Report) -> Option<Msg> {
        Some(match self.ports.take(report)? {
            Heard::Api(event) => Msg::Api(event),
            Heard::Journal(event) => Msg::Journal(event),
            Heard::Audit(event) => Msg::Audit(event),
        })
    }

    /// Whether the region map of this number is the one in use.
    pub(in crate::shell) fn keeps(&self, number: u64) -> bool {
        self.regions.as_ref().is_some_and(|keeper| keeper.number() == number)
    }

    /// Performs one effect.
    pub(in crate::shell) fn perform(&mut self, effect: Effect) -> Result<Then, ExitError> {
        match effect {
            Effect::Engine(effect) => self.perform_engine(effect),
            Effect::ReadAudit(id) => {
                if let Some(audit) = &self.ports.audit {
                    audit.read(id);
                }
                Ok(Then::Continue)
            }
            Effect::Notify(says) => Ok(Then::Write(notify::sequence(&says))),
            Effect::Clipboard(id, what) => Ok(match self.clipboard.ask(id, what) {
                Some(verdict) => Then::Say(Msg::Clipboard(id, verdict)),
                None => Then::Continue,
            }),
            Effect::Rehearse(orders) => Ok(match &self.ports.line {
                Some(line) => {
                    let client = &line.client;
                    let requests = orders.iter().map(|order| client.rehearse(order)).collect();
                    Then::Say(Msg::Rehearsed(requests))
                }
                None => Then::Continue,
            }),
            Effect::Account(id, ask) => {
                self.accounts.ask(id, ask);
                Ok(Then::Continue)
            }
            Effect::AskAttached => Ok(self.ask_attached()),
            Effect::Recall(id) => Ok(self.recall(id)),
            Effect::Save(snapshot) => {
                if let Some(cache) = &self.cache {
                    cache.save(*snapshot);
                }
                Ok(Then::Continue)
            }
            Effect::LeaveOff => {
                self.accounts.leave_off();
                Ok(Then::Continue)
            }
            Effect::Map(id, layer, edit) => Ok(self.map(id, |keeper| keeper.edit(id, layer, edit))),
            Effect::Unmap(id) => Ok(self.map(id, |keeper| keeper.undo(id))),
            Effect::HangUp => {
                (self.regions, self.cache) = (None, None);
                self.ports.hang_up();
                Ok(Then::Continue)
            }
            file @ (Effect::ReadLog | Effect::HandOver(..) | Effect::Export(..)) => {
                Ok(self.with_files(file))
            }
            Effect::Redraw => Ok(Then::Redraw),
            Effect::Suspend => Ok(Then::Suspend),
            Effect::Quit => Ok(Then::Quit),
        }
    }

    /// Performs what the engine wants done.
    fn perform_engine(&mut self, effect: engine::Effect) -> Result<Then, ExitError> {
        let told = self.ports.perform(effect).map_err(|refused: NotTaken| {
            terminal::restore();
            ExitError::Failed(format!("a request could not be handed over: {refused}"))
        })?;
        Ok(told.map_or(Then::Continue, Then::Tell))
    }

    /// Hands something to who keeps the region map.
    fn map(&self, id: RequestId, order: impl FnOnce(&RegionsWatcher)) -> Then {
        let Some(keeper) = &self.regions else {
            let why = "no account is open".into();
            return Then::Say(Msg::Regions(regions::Event::NotSaved(id, why, None)));
        };
        order(keeper);
        Then::Continue
    }

    /// Asks tmux which terminals are attached.
    fn ask_attached(&self) -> Then {
        let letters = self.letters.clone();
        tokio::spawn(async move {
            let clients = clipboard::attached_clients().await;
            // The inbox is closed only when the console is left.
            drop(letters.send(Mail::Msg(Msg::Attached(clients))).await);
        });
        Then::Continue
    }

    /// Asks for what was kept of the account; of a demo that is nothing.
    fn recall(&self, id: RequestId) -> Then {
        let Some(cache) = &self.cache else {
            return Then::Say(Msg::Recalled(id, CachedLists::default()));
        };
        cache
            .load(reporter(self.letters.clone(), move |lists| Mail::Msg(Msg::Recalled(id, lists))));
        Then::Continue
    }

    /// Reads or writes a file that the user asked for.
    fn with_files(&self, effect: Effect) -> Then {
        let told = |written: Result<PathBuf, ExitError>| match written {
            Ok(path) => Ok(path_text(&path)),
            Err(why) => Err(SafeText::clean(&why.to_string())),
        };
        match effect {
            Effect::HandOver(now, text) => {
                self.apart(move || Msg::HandedOver(told(exports::write_text(None, &text, now))))
            }
            Effect::Export(now, name, table, form) => {
                self.apart(move || Msg::Exported(told(exports::export(now, name, &table, form))))
            }
            _ => self.apart(|| Msg::Log(read_tail())),
        }
    }

    /// Does what may block apart from the loop, which hears how it went.
    fn apart(&self, work: impl FnOnce() -> Msg + Send + 'static) -> Then {
        let letters = self.letters.clone();
        // The inbox is closed only when the console is left.
        tokio::task::spawn_blocking(move || {
            drop(letters.blocking_send(Mail::Msg(work())));
        });
        Then::Continue
    }
}

fn about_account(report: service::Report) -> Mail {
    match report {
        service::Report::Answer(id, answer) => Mail::Msg(Msg::Account(id, answer)),
        service::Report::Opened(id, account, opened) => Mail::Opened(id, account, opened),
    }
}

fn about_clipboard(report: clipboard::Report) -> Mail {
    match report {
        clipboard::Report::Done(id, verdict) => Mail::Msg(Msg::Clipboard(id, verdict)),
        clipboard::Report::ForTerminal(id, sequence, verdict) => {
            Mail::ForTerminal(id, sequence, verdict)
        }
    }
}
