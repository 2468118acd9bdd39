//! Starts the console on an API, runs it, and says how it ended.

use secrecy::SecretString;

use crate::{
    api::{Cause, Event, Mode},
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
    log::{self, Note},
    look, regions, signals,
    simulator::Setting,
    terminal::Screen,
    way,
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
    let session = Session { environment, host: place.host().to_owned(), way: way::of(&config) };
    run(session, mode, config, regions, wishes).await
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
    let session = Session { environment: "DEMO".to_owned(), host, way: way::of(&config) };
    run(session, Mode::ReadWrite, config, regions, wishes).await
}

async fn run(
    session: Session,
    mode: Mode,
    config: Config,
    regions: RegionMap,
    wishes: &Wishes,
) -> Result<(), Ending> {
    log::note(&Note::started(&session));
    let theme = look::theme(wishes.ascii);
    let screen = Screen::open()?;
    signals::watch_terminal();
    let (letters, mail) = inbox::open();
    tokio::spawn(signals::forward(letters.clone()));
    tokio::spawn(input::forward(letters.clone()));
    let (client, mut events) = client::start(config);
    let told = letters.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            #[cfg(debug_assertions)]
            super::panic_for_test::at("task");
            match &event {
                Event::Called(called) => {
                    log::note(&Note::Called(called.clone()));
                    continue;
                }
                Event::Done { id, result: Err(failure), .. } => {
                    log::note(&Note::failed(*id, failure));
                }
                Event::Done { .. } | Event::Progress { .. } => {}
            }
            if told.send(Mail::Msg(Msg::Api(event))).await.is_err() {
                return;
            }
        }
    });
    let model = Model::new(session, mode, regions, theme, clock::now());
    let model = event_loop::run(model, screen, mail, Executor::new(client, letters)).await?;
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
