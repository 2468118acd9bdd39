//! Starts the console on an API, runs it, and says how it ended.

use secrecy::SecretString;

use crate::{
    api::{Cause, Mode},
    client::{self, Config, Credentials, Environment},
    domain::region::RegionMap,
    ui::{
        model::{Model, Session},
        msg::Msg,
    },
};

use super::{
    clock, event_loop,
    executor::Executor,
    exit::Ending,
    inbox::{self, Mail},
    input, look, regions, signals,
    simulator::Setting,
    terminal::{Screen, guard_panics},
};

/// Which API the console speaks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of the vendor's environments.
    Environment(Environment),
    /// Two addresses of one's own: the API and its token URL.
    Urls(String, String),
}

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

/// Runs the console on a real API, with the credentials of the environment.
pub async fn real(target: Target, wishes: &Wishes) -> Result<(), Ending> {
    let regions = regions::load(wishes.regions.as_deref())?;
    let credentials = credentials()?;
    let config = match &target {
        Target::Environment(environment) => Config::for_environment(*environment, credentials),
        Target::Urls(api, token) => Config::for_urls(api, token, credentials),
    };
    let config =
        config.map_err(|error| Ending::Usage(format!("this API can not be used: {error}")))?;
    let host = config.api_url.host_str().unwrap_or_default();
    let port = config.api_url.port().map_or_else(String::new, |port| format!(":{port}"));
    let session = Session { environment: environment_of(host), host: format!("{host}{port}") };
    let mode = if wishes.read_write { Mode::ReadWrite } else { Mode::ReadOnly };
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
    let session = Session { environment: "DEMO".to_owned(), host };
    run(session, Mode::ReadWrite, config, regions, wishes).await
}

/// The environment a host belongs to, as every frame will show it.
fn environment_of(host: &str) -> String {
    let all = [Environment::Production, Environment::Staging, Environment::Development];
    let has_host = |e: &Environment| e.urls().0.trim_start_matches("https://") == host;
    all.into_iter().find(has_host).map_or("CUSTOM", Environment::label).to_uppercase()
}

/// The key pair that the vendor's own command line reads too.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn credentials() -> Result<Credentials, Ending> {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    match (var("MEGAPORT_ACCESS_KEY"), var("MEGAPORT_SECRET_KEY")) {
        (Some(id), Some(secret)) => Ok(Credentials {
            client_id: id.trim().to_owned(),
            client_secret: SecretString::from(secret.trim()),
        }),
        (id, secret) => {
            let missing: Vec<_> = [("MEGAPORT_ACCESS_KEY", id), ("MEGAPORT_SECRET_KEY", secret)]
                .into_iter()
                .filter_map(|(name, value)| value.is_none().then_some(name))
                .collect();
            Err(Ending::Credentials(format!(
                "no credentials: set {} to an API key made in the Megaport Portal, or try `onramp demo`",
                missing.join(" and ")
            )))
        }
    }
}

async fn run(
    session: Session,
    mode: Mode,
    config: Config,
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
    let model = event_loop::run(model, screen, mail, Executor::new(client)).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_vendors_own_hosts_are_shown_as_its_environments() {
        assert_eq!(environment_of("api.megaport.com"), "PRODUCTION");
        assert_eq!(environment_of("api-staging.megaport.com"), "STAGING");
        assert_eq!(environment_of("api.megaport.com.example.net"), "CUSTOM");
        assert_eq!(environment_of("127.0.0.1"), "CUSTOM");
    }
}
