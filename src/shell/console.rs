//! Starts the console on an API, runs it, and says how it ended.

use secrecy::SecretString;

use crate::{
    api::{Cause, Mode},
    client::{self, Config, Credentials},
    domain::region::RegionMap,
    ui::{
        model::{Model, Session},
        msg::Msg,
    },
};

use super::{
    account::{self, Account, Wanted},
    clock, event_loop,
    executor::Executor,
    exit::Ending,
    inbox::{self, Mail},
    input,
    journal::Where,
    look, regions, signals,
    simulator::Setting,
    terminal::{Screen, guard_panics},
};

/// How the console should look and what it should know.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// A regions file instead of the one in the configuration directory.
    pub regions: Option<std::path::PathBuf>,
    /// Only ASCII on the screen.
    pub ascii: bool,
    /// Whether keys can be made from the start.
    pub read_write: bool,
}

/// Runs the console on a real API.
pub async fn real(wanted: &Wanted, wishes: &Wishes) -> Result<(), Ending> {
    let regions = regions::load(wishes.regions.as_deref())?;
    let Account { place, config, mode } = account::open(wanted).await?;
    let mode = if wishes.read_write { Mode::ReadWrite } else { mode };
    let environment = place.environment().to_owned();
    let session = Session { environment, host: place.host().to_owned() };
    let journal = Where::of(&session.environment, &session.host, &config.credentials.client_id);
    run(session, mode, config, journal, regions, wishes).await
}

/// Runs the console on an embedded simulator.
pub async fn demo(setting: &Setting, wishes: &Wishes) -> Result<(), Ending> {
    let regions = match &wishes.regions {
        Some(_) => regions::load(wishes.regions.as_deref())?,
        None => regions::demo()?,
    };
    let simulator = setting.start(None).await?;
    let credentials = Credentials {
        client_id: simulator.client_id().to_owned(),
        client_secret: SecretString::from(simulator.client_secret()),
    };
    let config = Config::loopback(&simulator.base_url(), &simulator.token_url(), credentials);
    let config = config.map_err(|error| Ending::Failed(error.to_string()))?;
    let host = simulator.address().to_string();
    let session = Session { environment: "DEMO".to_owned(), host };
    // Nothing of a demo is worth a file.
    run(session, Mode::ReadWrite, config, Where::Memory, regions, wishes).await
}

async fn run(
    session: Session,
    mode: Mode,
    config: Config,
    journal: Where,
    regions: RegionMap,
    wishes: &Wishes,
) -> Result<(), Ending> {
    let theme = look::theme(wishes.ascii);
    let screen = Screen::open()?;
    guard_panics();
    signals::watch_terminal();
    let (letters, mail) = inbox::open();
    tokio::spawn(signals::forward(letters.clone()));
    tokio::spawn(input::forward(letters.clone()));
    let (client, mut events) = client::start(config);
    let executor = Executor::new(client, journal, letters.clone());
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            #[cfg(debug_assertions)]
            super::panic_for_test::at("task");
            if letters.send(Mail::Msg(Msg::Api(event))).await.is_err() {
                return;
            }
        }
    });
    let model = Model::new(session, mode, regions, theme, clock::now());
    let model = event_loop::run(model, screen, mail, executor).await?;
    verdict(&model)
}

/// Leaving a console that never reached its API is not success.
fn verdict(model: &Model) -> Result<(), Ending> {
    match &model.products.failure {
        Some(failure) if !model.has_inventory() => {
            let says = format!("{}. {}", failure.happened, failure.advice);
            Err(match failure.cause {
                Cause::Credentials => Ending::Credentials(says),
                _ => Ending::Failed(says),
            })
        }
        _ => Ok(()),
    }
}
