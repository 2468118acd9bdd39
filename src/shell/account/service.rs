//! Opens accounts in the background: reads profiles, asks secret stores and
//! tries key pairs.

use std::{path::PathBuf, pin::Pin, sync::Arc};

use tokio::task::AbortHandle;

use crate::{
    api::{
        Mode, RequestId,
        account::{Answer, Ask, Fence, Listed, Opened, Profile, Secret, Store, Target},
    },
    domain::{preset::Settings, text::SafeText},
    shell::{
        account::{self, config},
        exit::ExitError,
        simulator::Setting,
        store::regions::RegionFiles,
    },
};

use super::{
    Account, Choice, Keys, Shut, Variables,
    config::{Api, Config},
    credentials::Trouble,
    sign_in,
};

/// What an account is opened with, whichever it is.
#[derive(Debug, Clone, Default)]
pub(in crate::shell) struct AccountOptions {
    /// A regions file instead of the one in the configuration directory.
    pub(in crate::shell) regions: Option<PathBuf>,
    /// Whether keys can be made from the start, whatever a profile says.
    pub(in crate::shell) read_write: bool,
    /// The world of the embedded simulator.
    pub(in crate::shell) setting: Setting,
    /// The API that the variables' key pair is for, where it was named.
    pub(in crate::shell) api: Option<Api>,
}

/// What became of a question about accounts.
#[derive(Debug)]
pub(in crate::shell) enum Report {
    /// The answer.
    Answer(RequestId, Answer),
    /// The account that was asked for is open.
    Opened(RequestId, Box<Account>, Box<Opened>),
}

/// What takes reports, from a task of its own for each question.
type Reporter = Arc<dyn Fn(Report) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What opens accounts. At most one is being opened at a time: another wish for
/// one takes the place of the one before.
pub(in crate::shell) struct AccountService {
    options: AccountOptions,
    report: Reporter,
    opening: Option<AbortHandle>,
}

impl AccountService {
    /// A service whose tasks call `report`.
    pub(in crate::shell) fn new(
        options: AccountOptions,
        report: impl Fn(Report) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self { options, report: Arc::new(report), opening: None }
    }

    /// Takes a question; the answer is reported.
    pub(in crate::shell) fn ask(&mut self, id: RequestId, ask: Ask) {
        let opens = matches!(ask, Ask::Open(_) | Ask::SignIn(..));
        if opens {
            self.leave_off();
        }
        let (options, report) = (self.options.clone(), Arc::clone(&self.report));
        let task = tokio::spawn(async move {
            let answer = options.answer(id, ask).await;
            report(answer).await;
        });
        if opens {
            self.opening = Some(task.abort_handle());
        }
    }

    /// Stops opening what is being opened.
    pub(in crate::shell) fn leave_off(&mut self) {
        if let Some(task) = self.opening.take() {
            task.abort();
        }
    }
}

impl AccountOptions {
    async fn answer(&self, id: RequestId, ask: Ask) -> Report {
        let told = |answer| Report::Answer(id, answer);
        let opened = match ask {
            Ask::Accounts => return told(or_failed(accounts(self.api.as_ref()))),
            Ask::Probe(store) => return told(probe(store).await),
            Ask::Open(target) => self.open(&target).await,
            Ask::SignIn(profile, secret) => self.sign_in(&profile, secret).await,
        };
        match opened {
            Ok((account, opened)) => Report::Opened(id, Box::new(account), Box::new(opened)),
            Err(Shut::Missing(profile, trouble)) => {
                let name = account::vault(&profile.store).map_or("its store", |vault| vault.name());
                let why = SafeText::clean(&format!("{name}: {trouble}"));
                told(Answer::Missing(profile, why))
            }
            Err(Shut::Ended(ending)) => told(failed(&ending)),
        }
    }

    async fn open(&self, target: &Target) -> Result<(Account, Opened), Shut> {
        let account = match target {
            Target::Demo => account::demo(&self.setting).await?,
            Target::Variables => account::open(&of_variables(self.api.as_ref())?).await?,
            Target::Profile(name) => {
                let config = Config::load()?;
                let profile =
                    config.get(name).ok_or_else(|| account::unknown(name, &config))?.clone();
                let choice = Choice { api: profile.api.clone(), keys: Keys::Profile(profile) };
                account::open(&choice).await?
            }
        };
        Ok(self.opened(account, None)?)
    }

    async fn sign_in(
        &self,
        profile: &Profile,
        secret: Option<Secret>,
    ) -> Result<(Account, Opened), Shut> {
        let mut config = Config::load()?;
        let secret = match secret {
            Some(secret) => secret.inside().clone(),
            None => account::secret(profile).await.map_err(|trouble| {
                let typed = "type the secret: none is kept for this profile, host and client id";
                match trouble {
                    Trouble::NoEntry if profile.store.keeps() => {
                        ExitError::Credentials(typed.to_owned())
                    }
                    trouble => account::explain(profile, &trouble),
                }
            })?,
        };
        sign_in::sign_in(&mut config, profile, &secret).await?;
        let choice = Choice { api: profile.api.clone(), keys: Keys::Profile(profile.clone()) };
        let account = account::open(&choice).await?;
        let place = account::vault(&profile.store).map_or("its store", |vault| vault.name());
        let fence = account.session.fence;
        let says = format!("Signed in to {fence} as {}; the secret is in {place}.", profile.name);
        Ok(self.opened(account, Some(SafeText::clean(&says)))?)
    }

    fn opened(
        &self,
        mut account: Account,
        says: Option<SafeText>,
    ) -> Result<(Account, Opened), ExitError> {
        let file = self.regions.as_deref();
        account.regions = match account.session.fence {
            Fence::Demo => RegionFiles::demo(file)?,
            _ => RegionFiles::open(file, config::region_files)?,
        };
        let regions = account.regions.map();
        let mode = if self.read_write { Mode::ReadWrite } else { account.mode };
        let settings = match account.session.fence {
            Fence::Demo => Settings::default(),
            _ => Config::load()?.settings,
        };
        let session = account.session.clone();
        let opened = Opened { session, mode, regions, settings, says };
        Ok((account, opened))
    }
}

fn or_failed(answer: Result<Answer, ExitError>) -> Answer {
    answer.unwrap_or_else(|ending| failed(&ending))
}

fn failed(ending: &ExitError) -> Answer {
    Answer::Failed(SafeText::clean(&ending.to_string()))
}

/// Every account there is: the variables, the profiles, the demo.
fn accounts(api: Option<&Api>) -> Result<Answer, ExitError> {
    let config = Config::load()?;
    let mut all = vec![];
    let variables = Variables::read()?;
    if variables.id && variables.secret {
        let place = of_variables(api)?.api.place().map_err(account::unusable)?;
        all.push(Listed {
            target: Target::Variables,
            fence: place.fence(),
            host: place.host().to_owned(),
            profile: None,
            usual: true,
        });
    }
    let usual = config.usual().map(|profile| profile.name.clone());
    for profile in &config.profiles {
        let place = profile.api.place().map_err(account::unusable)?;
        all.push(Listed {
            target: Target::Profile(profile.name.clone()),
            fence: place.fence(),
            host: place.host().to_owned(),
            profile: Some(profile.clone()),
            usual: usual.as_ref() == Some(&profile.name) && !(variables.id && variables.secret),
        });
    }
    let (target, fence) = (Target::Demo, Fence::Demo);
    let host = "this program".to_owned();
    all.push(Listed { target, fence, host, profile: None, usual: false });
    Ok(Answer::Accounts(all))
}

/// The account of the variables.
fn of_variables(api: Option<&Api>) -> Result<Choice, ExitError> {
    let named = Variables::read()?.environment.map(Api::Environment);
    let production = Api::Environment(crate::client::Environment::Production);
    let api = api.cloned().or(named).unwrap_or(production);
    Ok(Choice { api, keys: Keys::Variables })
}

async fn probe(store: Store) -> Answer {
    let tried = match account::vault(&store) {
        Ok(vault) => vault.probe().await,
        Err(trouble) => Err(trouble),
    };
    Answer::Probed(store, tried.map_err(|trouble| SafeText::clean(&trouble.to_string())))
}
