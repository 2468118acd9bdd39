//! Opens accounts in the background for the console: reads profiles, asks secret stores,
//! tries key pairs. At most one account is being opened at a time.

use std::{path::PathBuf, pin::Pin, sync::Arc};

use tokio::task::AbortHandle;

use crate::{
    api::{
        Mode, RequestId,
        account::{Answer, Ask, EnvironmentKind, Listed, Opened, Profile, Secret, Store, Target},
    },
    domain::{preset::Settings, text::SafeText},
    shell::{
        account::{self, config},
        exit::ExitError,
        simulator::SimulatorOptions,
        store::regions::RegionFiles,
    },
};

use super::{
    Account, Choice, KeyPairSource, OpenError, Variables,
    config::{Api, Config},
    credentials::StoreError,
    sign_in,
};

/// The options with which every account is opened.
#[derive(Debug, Clone, Default)]
pub(in crate::shell) struct AccountOptions {
    /// A regions file instead of the one in the configuration directory.
    pub(in crate::shell) regions: Option<PathBuf>,
    /// Whether keys can be created from the start, independent of the profile.
    pub(in crate::shell) read_write: bool,
    /// The world of the embedded simulator.
    pub(in crate::shell) setting: SimulatorOptions,
    /// The API that the variables' key pair is for, where it was named.
    pub(in crate::shell) api: Option<Api>,
}

/// The result of a request about accounts.
#[derive(Debug)]
pub(in crate::shell) enum AccountReport {
    /// The answer.
    Answer(RequestId, Answer),
    /// The account that was asked for is open.
    Opened(RequestId, Box<Account>, Box<Opened>),
}

/// The receiver of reports, called from one task for each request.
type Reporter =
    Arc<dyn Fn(AccountReport) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// The service that opens accounts. At most one is being opened at a time: a new
/// request replaces the one before.
pub(in crate::shell) struct AccountService {
    options: AccountOptions,
    report: Reporter,
    opening: Option<AbortHandle>,
}

impl AccountService {
    /// Creates a service whose tasks call `report`.
    pub(in crate::shell) fn new(
        options: AccountOptions,
        report: impl Fn(AccountReport) -> Pin<Box<dyn Future<Output = ()> + Send>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { options, report: Arc::new(report), opening: None }
    }

    /// Takes a question; the answer is reported.
    pub(in crate::shell) fn answer_later(&mut self, id: RequestId, ask: Ask) {
        let opens = matches!(ask, Ask::Open(_) | Ask::SignIn(..));
        if opens {
            self.cancel_opening();
        }
        let (options, report) = (self.options.clone(), Arc::clone(&self.report));
        let task = tokio::spawn(async move {
            let answer = options.answer_request(id, ask).await;
            report(answer).await;
        });
        if opens {
            self.opening = Some(task.abort_handle());
        }
    }

    /// Stops opening what is being opened.
    pub(in crate::shell) fn cancel_opening(&mut self) {
        if let Some(task) = self.opening.take() {
            task.abort();
        }
    }
}

impl AccountOptions {
    async fn answer_request(&self, id: RequestId, ask: Ask) -> AccountReport {
        let answered = |answer| AccountReport::Answer(id, answer);
        let opened = match ask {
            Ask::Accounts => return answered(answer_or_failure(list_accounts(self.api.as_ref()))),
            Ask::Probe(store) => return answered(probe_store(store).await),
            Ask::Open(target) => self.open(&target).await,
            Ask::SignIn(profile, secret) => self.sign_in(&profile, secret).await,
        };
        match opened {
            Ok((account, opened)) => AccountReport::Opened(id, Box::new(account), Box::new(opened)),
            Err(OpenError::Missing(profile, trouble)) => {
                let name =
                    account::open_vault(&profile.store).map_or("its store", |vault| vault.name());
                let why = SafeText::clean(&format!("{name}: {trouble}"));
                answered(Answer::Missing(profile, why))
            }
            Err(OpenError::Ended(ending)) => answered(failed_answer(&ending)),
        }
    }

    async fn open(&self, target: &Target) -> Result<(Account, Opened), OpenError> {
        let account = match target {
            Target::Demo => account::open_demo(&self.setting).await?,
            Target::Variables => {
                account::open_account(&variables_choice(self.api.as_ref())?).await?
            }
            Target::Profile(name) => {
                let config = Config::load()?;
                let profile = config
                    .find_profile(name)
                    .ok_or_else(|| account::unknown_profile(name, &config))?
                    .clone();
                let choice =
                    Choice { api: profile.api.clone(), keys: KeyPairSource::Profile(profile) };
                account::open_account(&choice).await?
            }
        };
        Ok(self.with_settings(account, None)?)
    }

    async fn sign_in(
        &self,
        profile: &Profile,
        secret: Option<Secret>,
    ) -> Result<(Account, Opened), OpenError> {
        let mut config = Config::load()?;
        let secret = match secret {
            Some(secret) => secret.inside().clone(),
            None => account::read_secret(profile).await.map_err(|trouble| {
                let typed = "type the secret: none is stored for this profile, host and client id";
                match trouble {
                    StoreError::NoEntry if profile.store.keeps() => {
                        ExitError::Credentials(typed.to_owned())
                    }
                    trouble => account::explain_missing_secret(profile, &trouble),
                }
            })?,
        };
        sign_in::sign_in(&mut config, profile, &secret).await?;
        let choice =
            Choice { api: profile.api.clone(), keys: KeyPairSource::Profile(profile.clone()) };
        let account = account::open_account(&choice).await?;
        let place = account::open_vault(&profile.store).map_or("its store", |vault| vault.name());
        let environment = account.session.environment;
        let says =
            format!("Signed in to {environment} as {}; the secret is in {place}.", profile.name);
        Ok(self.with_settings(account, Some(SafeText::clean(&says)))?)
    }

    fn with_settings(
        &self,
        mut account: Account,
        says: Option<SafeText>,
    ) -> Result<(Account, Opened), ExitError> {
        let file = self.regions.as_deref();
        account.regions = match account.session.environment {
            EnvironmentKind::Demo => RegionFiles::demo(file)?,
            _ => RegionFiles::open(file, config::region_files)?,
        };
        let regions = account.regions.map();
        let mode = if self.read_write { Mode::ReadWrite } else { account.mode };
        let settings = match account.session.environment {
            EnvironmentKind::Demo => Settings::default(),
            _ => Config::load()?.settings,
        };
        let session = account.session.clone();
        let opened = Opened { session, mode, regions, settings, says };
        Ok((account, opened))
    }
}

fn answer_or_failure(answer: Result<Answer, ExitError>) -> Answer {
    answer.unwrap_or_else(|ending| failed_answer(&ending))
}

fn failed_answer(ending: &ExitError) -> Answer {
    Answer::Failed(SafeText::clean(&ending.to_string()))
}

/// Returns every account there is: the variables, the profiles, the demo.
fn list_accounts(api: Option<&Api>) -> Result<Answer, ExitError> {
    let config = Config::load()?;
    let mut all = vec![];
    let variables = Variables::read()?;
    if variables.id && variables.secret {
        let place = variables_choice(api)?.api.secret_scope().map_err(account::unusable_api)?;
        all.push(Listed {
            target: Target::Variables,
            environment: place.environment(),
            host: place.host().to_owned(),
            profile: None,
            usual: true,
        });
    }
    let usual = config.default_profile().map(|profile| profile.name.clone());
    for profile in &config.profiles {
        let place = profile.api.secret_scope().map_err(account::unusable_api)?;
        all.push(Listed {
            target: Target::Profile(profile.name.clone()),
            environment: place.environment(),
            host: place.host().to_owned(),
            profile: Some(profile.clone()),
            usual: usual.as_ref() == Some(&profile.name) && !(variables.id && variables.secret),
        });
    }
    let (target, environment) = (Target::Demo, EnvironmentKind::Demo);
    let host = "this program".to_owned();
    all.push(Listed { target, environment, host, profile: None, usual: false });
    Ok(Answer::Accounts(all))
}

/// Returns the account of the variables.
fn variables_choice(api: Option<&Api>) -> Result<Choice, ExitError> {
    let named = Variables::read()?.environment.map(Api::Environment);
    let production = Api::Environment(crate::client::Environment::Production);
    let api = api.cloned().or(named).unwrap_or(production);
    Ok(Choice { api, keys: KeyPairSource::Variables })
}

async fn probe_store(store: Store) -> Answer {
    let tried = match account::open_vault(&store) {
        Ok(vault) => vault.probe().await,
        Err(trouble) => Err(trouble),
    };
    Answer::Probed(store, tried.map_err(|trouble| SafeText::clean(&trouble.to_string())))
}
