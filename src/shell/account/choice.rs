//! Chooses an account from flags, variables and profiles, without opening a secret store.

use crate::{
    client::{ConfigError, Environment},
    domain::text::SafeText,
    shell::exit::ExitError,
};

use super::{
    config::{Api, Config, Profile, Store, is_name},
    credentials::{self, CLIENT_ID_VARIABLE, SECRET_VARIABLE},
};

/// The account that the command line names.
#[derive(Debug, Clone, Default)]
pub struct AccountSelection {
    /// A profile by its name.
    pub profile: Option<String>,
    /// An API.
    pub api: Option<Api>,
}

/// The account variables of the environment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Variables {
    /// `MEGAPORT_ENVIRONMENT`.
    pub environment: Option<Environment>,
    /// Whether `MEGAPORT_ACCESS_KEY` is set.
    pub id: bool,
    /// Whether `MEGAPORT_SECRET_KEY` is set.
    pub secret: bool,
}

/// The chosen API, and the place of its key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The API.
    pub api: Api,
    /// The source of the key pair.
    pub keys: KeyPairSource,
}

/// The source of a key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPairSource {
    /// In the two variables.
    Variables,
    /// The store named by a profile.
    Profile(Profile),
}

impl Variables {
    /// Reads the environment.
    #[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
    pub fn read() -> Result<Self, ExitError> {
        let (id, secret) = credentials::read_key_pair();
        let word = std::env::var("MEGAPORT_ENVIRONMENT").unwrap_or_default();
        let environment = match word.trim() {
            "" => None,
            word => Some(Environment::from_label(word).ok_or_else(|| {
                let says = "MEGAPORT_ENVIRONMENT must be production, staging or development";
                ExitError::Usage(says.to_owned())
            })?),
        };
        Ok(Self { environment, id: id.is_some(), secret: secret.is_some() })
    }
}

/// Chooses. A key pair is never sent to another host than the one it was
/// stored for: that of the variables ignores the profile's addresses, and a
/// profile is used only for its own.
pub fn choose_account(
    wanted: &AccountSelection,
    has: &Variables,
    config: &Config,
) -> Result<Choice, ExitError> {
    if let Some(name) = &wanted.profile {
        let found = config.find_profile(name).ok_or_else(|| unknown_profile(name, config))?;
        return Ok(Choice::for_profile(found));
    }
    let api = wanted.api.clone().or(has.environment.map(Api::Environment));
    let usual = config.default_profile();
    if api.is_none()
        && let Some(profile) = usual
        && profile.store == Store::Environment
        && has.secret
        && (has.id || profile.client_id.is_some())
    {
        return Ok(Choice::for_profile(profile));
    }
    match (has.id, has.secret) {
        (true, true) => {
            let api = api.unwrap_or(Api::Environment(Environment::Production));
            Ok(Choice { api, keys: KeyPairSource::Variables })
        }
        (true, false) => Err(unset_variable(SECRET_VARIABLE)),
        (false, true) => Err(unset_variable(CLIENT_ID_VARIABLE)),
        (false, false) => match api {
            Some(api) => choose_for_api(&api, config),
            None => usual.map(Choice::for_profile).ok_or_else(|| no_profile(config)),
        },
    }
}

impl Choice {
    /// Explains the choice of API and key pair: whether flag, variable, profile or
    /// default decided.
    pub(in crate::shell) fn explain_choice(
        &self,
        wanted: &AccountSelection,
        has: Variables,
        config: &Config,
    ) -> String {
        let KeyPairSource::Profile(profile) = &self.keys else {
            let api = match (&wanted.api, has.environment) {
                (Some(_), _) => "named by a flag",
                (None, Some(_)) => "named by MEGAPORT_ENVIRONMENT",
                (None, None) => "production, the default",
            };
            return format!("API key from environment variables, API {api}");
        };
        let why = match () {
            () if wanted.profile.is_some() => "named by --profile",
            () if wanted.api.is_some() => "the one for the API named by a flag",
            () if has.environment.is_some() => "the one for MEGAPORT_ENVIRONMENT",
            () if config.profiles.len() == 1 => "the only one",
            () => "the default",
        };
        format!("API key and API from profile {}, {why}", profile.name)
    }

    /// Returns the profile, if the choice is one.
    pub(in crate::shell) const fn profile(&self) -> Option<&Profile> {
        match &self.keys {
            KeyPairSource::Variables => None,
            KeyPairSource::Profile(profile) => Some(profile),
        }
    }

    /// Names the owner of the key pair.
    pub(in crate::shell) fn whose(&self) -> SafeText {
        SafeText::clean(&match &self.keys {
            KeyPairSource::Variables => {
                format!("the API key in {CLIENT_ID_VARIABLE} and {SECRET_VARIABLE}")
            }
            KeyPairSource::Profile(profile) => {
                format!("profile {}, secret from {}", profile.name, profile.store.word())
            }
        })
    }

    fn for_profile(profile: &Profile) -> Self {
        Self { api: profile.api.clone(), keys: KeyPairSource::Profile(profile.clone()) }
    }
}

/// Returns the profile for an API: the usual one if it fits, else the only one.
fn choose_for_api(api: &Api, config: &Config) -> Result<Choice, ExitError> {
    let place = api.secret_scope().map_err(unusable_api)?;
    let fits = |profile: &&Profile| profile.api.secret_scope().is_ok_and(|its| its == place);
    if let Some(usual) = config.default_profile().filter(fits) {
        return Ok(Choice::for_profile(usual));
    }
    let mut all = config.profiles.iter().filter(fits);
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(Choice::for_profile(only)),
        (Some(_), Some(_)) => Err(several_profiles(config)),
        (None, _) if config.profiles.is_empty() => Err(no_profile(config)),
        (None, _) => Err(ExitError::Credentials(format!(
            "no profile for {} ({}): create one with `onramp login` and the same options",
            place.environment(),
            place.host()
        ))),
    }
}

/// Returns an address that the client will not call.
pub(in crate::shell) fn unusable_api(error: ConfigError) -> ExitError {
    ExitError::Usage(format!("this API cannot be used: {error}"))
}

fn unset_variable(variable: &str) -> ExitError {
    ExitError::Credentials(format!(
        "no credentials: set {variable} to an API key from the Megaport Portal, sign in with \
         `onramp login`, or try `onramp demo`"
    ))
}

fn no_profile(config: &Config) -> ExitError {
    if config.profiles.is_empty() {
        unset_variable(&format!("{CLIENT_ID_VARIABLE} and {SECRET_VARIABLE}"))
    } else {
        several_profiles(config)
    }
}

fn several_profiles(config: &Config) -> ExitError {
    let says = "several profiles match: name one with --profile, or set `default` in config.toml";
    ExitError::Usage(format!("{says} ({})", profile_names(config)))
}

/// Returns a profile that is not there.
pub(in crate::shell) fn unknown_profile(name: &str, config: &Config) -> ExitError {
    // An address that was put in its place is not quoted.
    let says = if is_name(name) {
        format!("no profile is called {name}")
    } else {
        "the value of --profile is not a valid profile name".to_owned()
    };
    let others = match profile_names(config) {
        names if names.is_empty() => "there is no profile yet".to_owned(),
        names => format!("existing profiles: {names}"),
    };
    ExitError::Usage(format!("{says}; {others}; create one with `onramp login`"))
}

fn profile_names(config: &Config) -> String {
    config.profiles.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::account::config::Mode;

    fn profile(name: &str, environment: Environment, store: Store) -> Profile {
        let api = Api::Environment(environment);
        let client_id = Some("an-id".to_owned());
        Profile {
            name: name.to_owned(),
            api,
            client_id,
            store,
            mode: Mode::default(),
            ca_file: None,
        }
    }

    fn config(profiles: &[Profile]) -> Config {
        Config::from_profiles(profiles)
    }

    fn wanted(profile: Option<&str>, environment: Option<Environment>) -> AccountSelection {
        AccountSelection {
            profile: profile.map(str::to_owned),
            api: environment.map(Api::Environment),
        }
    }

    const BOTH: Variables = Variables { environment: None, id: true, secret: true };
    const NEITHER: Variables = Variables { environment: None, id: false, secret: false };

    #[test]
    fn flags_override_variables_and_variables_the_profile() {
        use Environment::{Production, Staging};
        let main = profile("main", Staging, Store::Keyring);
        let config = config(std::slice::from_ref(&main));
        let chosen = |wanted, has| choose_account(&wanted, &has, &config).expect("an account");
        assert_eq!(
            chosen(wanted(Some("main"), None), BOTH).keys,
            KeyPairSource::Profile(main.clone())
        );
        let by_variables = chosen(wanted(None, None), BOTH);
        assert_eq!(by_variables.keys, KeyPairSource::Variables);
        let production = Api::Environment(Production);
        assert_eq!(by_variables.api, production, "and not the profile's host");
        assert_eq!(chosen(wanted(None, None), NEITHER).keys, KeyPairSource::Profile(main));
        let staging = Variables { environment: Some(Staging), ..BOTH };
        assert_eq!(chosen(wanted(None, None), staging).api, Api::Environment(Staging));
        assert_eq!(chosen(wanted(None, Some(Production)), staging).api, production);
    }

    #[test]
    fn a_profile_is_used_for_its_own_host_only() {
        use Environment::{Production, Staging};
        let [a, b] = [("a", Production), ("b", Staging)]
            .map(|(name, environment)| profile(name, environment, Store::Keyring));
        let both = config(&[a, b.clone()]);
        let at = choose_account(&wanted(None, Some(Staging)), &NEITHER, &both).expect("an account");
        assert_eq!(at.keys, KeyPairSource::Profile(b.clone()));
        let staging = Variables { environment: Some(Staging), ..NEITHER };
        let at = choose_account(&wanted(None, None), &staging, &both).expect("an account");
        assert_eq!(at.keys, KeyPairSource::Profile(b.clone()));
        let says = |config: &Config, environment| {
            choose_account(&wanted(None, environment), &NEITHER, config)
                .expect_err("none")
                .to_string()
        };
        assert!(says(&config(&[b]), Some(Production)).contains("no profile for PRODUCTION"));
        assert!(says(&both, None).contains("(a, b)"), "one has to be named");
        assert!(says(&config(&[]), None).contains("`onramp login`"));
    }

    #[test]
    fn environments_profile_keeps_its_host_beside_variables() {
        let main = profile("main", Environment::Staging, Store::Environment);
        let chosen =
            choose_account(&wanted(None, None), &BOTH, &config(&[main])).expect("an account");
        assert_eq!(chosen.api, Api::Environment(Environment::Staging));
    }

    #[test]
    fn what_decided_is_told_in_words() {
        use Environment::{Production, Staging};
        let pair = [("a", Production), ("b", Staging)]
            .map(|(name, environment)| profile(name, environment, Store::Keyring));
        let (two, one) = (config(&pair), config(&pair[..1]));
        let staging = Variables { environment: Some(Staging), ..BOTH };
        let says = |wanted: AccountSelection, has: Variables, config: &Config| {
            let choice = choose_account(&wanted, &has, config).expect("an account");
            choice.explain_choice(&wanted, has, config)
        };
        let nothing = || wanted(None, None);
        assert!(says(nothing(), BOTH, &two).ends_with("variables, API production, the default"));
        assert!(says(nothing(), staging, &two).ends_with("named by MEGAPORT_ENVIRONMENT"));
        assert!(says(wanted(None, Some(Staging)), BOTH, &two).ends_with("API named by a flag"));
        assert!(says(wanted(Some("b"), None), BOTH, &two).ends_with("b, named by --profile"));
        assert!(says(wanted(None, Some(Staging)), NEITHER, &two).ends_with("named by a flag"));
        assert!(says(nothing(), NEITHER, &one).ends_with("profile a, the only one"));
    }

    #[test]
    fn half_a_key_pair_is_an_error_whatever_else_is_there() {
        let config = config(&[profile("main", Environment::Staging, Store::Keyring)]);
        let half = Variables { id: true, ..NEITHER };
        let error = choose_account(&wanted(None, None), &half, &config).expect_err("half");
        assert!(error.to_string().contains("set MEGAPORT_SECRET_KEY"));
    }
}
