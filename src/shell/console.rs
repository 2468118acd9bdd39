//! The console: starts it on an API, runs it, and decides the exit code.
//!
//! `event_queue` carries everything that happens, `event_loop` hands it to `ui` and draws,
//! `executor` performs the effects. `input`, `signals` and `prompt` read the terminal. This
//! is the only folder of the shell that may use `ui`.

pub(in crate::shell) mod capabilities;
mod event_loop;
pub(in crate::shell) mod event_queue;
pub(in crate::shell) mod executor;
pub(in crate::shell) mod input;
mod notify;
pub(in crate::shell) mod prompt;
pub(in crate::shell) mod signals;
mod suspend;

use crate::{
    api::{
        Cause,
        account::{EnvironmentKind, Session, Target},
    },
    engine::background::BackgroundReads,
    shell::{
        account::{
            self, AccountSelection, Choice, KeyPairSource, Variables, choose_account,
            config::{self, Config},
            proxies,
            service::AccountOptions,
        },
        clipboard, clock,
        console::executor::Executor,
        exit::ExitError,
        simulator::SimulatorOptions,
        store::regions::RegionFiles,
        terminal::Screen,
    },
    ui::{
        commands::INTERFACE,
        model::{Model, Start},
    },
};

use super::terminal;

/// The display and data options of the console.
#[derive(Debug, Clone, Default)]
pub struct ConsoleOptions {
    /// A regions file instead of the one in the configuration directory.
    pub regions: Option<std::path::PathBuf>,
    /// Only ASCII on the screen.
    pub ascii: bool,
    /// Whether keys can be created from the start.
    pub read_write: bool,
}

/// Runs the console on a real API. Its secret is fetched once the screen is
/// there; where no account is set up, the screen asks for one.
pub async fn run_with_account(
    wanted: &AccountSelection,
    options: &ConsoleOptions,
) -> Result<(), ExitError> {
    proxies::check_proxy_variables()?;
    RegionFiles::open(options.regions.as_deref(), config::region_files)?;
    let (has, config) = (Variables::read()?, Config::load()?);
    let chosen = choose_account(wanted, &has, &config);
    if !terminal::is_terminal() {
        // No user can be asked: report the error of opening, else this one.
        account::open_account(&chosen?).await?;
        return Err(terminal::no_terminal());
    }
    let start = match chosen {
        Ok(Choice { api, keys }) => {
            let place = api.secret_scope().map_err(account::unusable_api)?;
            let (environment, host) = (place.environment(), place.host().to_owned());
            let (target, profile, program) = match keys {
                KeyPairSource::Variables => (Target::Variables, None, None),
                KeyPairSource::Profile(profile) => {
                    let program = profile.store.program_patience();
                    (Target::Profile(profile.name.clone()), Some(profile.name), program)
                }
            };
            let session = Session { environment, host, profile, ..Session::nowhere() };
            Start::Open(target, session, program)
        }
        Err(ExitError::Credentials(_)) if !has.id && !has.secret && wanted.profile.is_none() => {
            Start::SignIn(wanted.api.clone().or(has.environment.map(account::Api::Environment)))
        }
        Err(ending) => return Err(ending),
    };
    run_console(
        start,
        AccountOptions { api: wanted.api.clone(), ..options.account_options() },
        options,
    )
    .await
}

/// Runs the console on an embedded simulator.
pub async fn run_demo(
    setting: &SimulatorOptions,
    options: &ConsoleOptions,
) -> Result<(), ExitError> {
    setting.check()?;
    RegionFiles::demo(options.regions.as_deref())?;
    let demo = Session { environment: EnvironmentKind::Demo, ..Session::nowhere() };
    let account = AccountOptions { setting: setting.clone(), ..options.account_options() };
    run_console(Start::Open(Target::Demo, demo, None), account, options).await
}

impl ConsoleOptions {
    fn account_options(&self) -> AccountOptions {
        let (regions, read_write) = (self.regions.clone(), self.read_write);
        AccountOptions { regions, read_write, ..AccountOptions::default() }
    }
}

async fn run_console(
    start: Start,
    account: AccountOptions,
    options: &ConsoleOptions,
) -> Result<(), ExitError> {
    let theme = capabilities::theme(options.ascii);
    let screen = Screen::open()?;
    signals::watch_terminal();
    let (events, queue) = event_queue::open();
    signals::forward_signals(&events);
    input::forward_keys(events.clone());
    let mut model = Model::signed_out(theme, clock::now(), &INTERFACE);
    let background = BackgroundReads::lively(fastrand::u64(..), model.now());
    model.engine.read_by_itself(background.in_tmux(clipboard::is_in_tmux()));
    model.local_zone = clock::local_zone();
    let executor = Executor::new(account, events);
    let (model, signal) = event_loop::run(model, start, screen, queue, executor).await?;
    exit_of(&model, signal)
}

/// Returns the exit of the console, and its last words. A key that may exist is
/// reported on the shell's screen; a console that never reached its API does not exit
/// with success.
fn exit_of(model: &Model, signal: Option<u8>) -> Result<(), ExitError> {
    // Keys that the demo's simulator may have created are gone with it.
    let in_doubt = model.engine.in_doubt();
    if !in_doubt.is_empty() && model.session.environment != EnvironmentKind::Demo {
        let says = format!(
            "in doubt: {}. Megaport may have carried this out: do not repeat it. The console \
             checks it at the next start",
            in_doubt.join(", ")
        );
        return Err(ExitError::InDoubt(says));
    }
    if let Some(signal) = signal {
        return Err(ExitError::Signal(signal));
    }
    if let Some(why) = model.access.failure() {
        return Err(ExitError::Credentials(why.to_string()));
    }
    match &model.engine.products().failure {
        Some(failure) if !model.engine.has_inventory() || model.engine.products().saved => {
            let says = failure.in_full();
            Err(match failure.cause {
                Cause::Credentials => ExitError::Credentials(says),
                _ => ExitError::Failed(says),
            })
        }
        _ => Ok(()),
    }
}
