//! Which credentials count, and where they are.

use crate::{
    client::{Credentials, Environment},
    shell::{
        account::{self, Api, Keys, Variables, Wanted, choose},
        config::{Config, Profile},
        credentials,
        exit::Ending,
        login::masked,
    },
};

use super::{Mark, Report, here::outcome};

/// Finds the API and, where there is one, the key pair for it.
pub(super) async fn look(
    report: &mut Report,
    wanted: &Wanted,
    config: &Config,
) -> (Api, Option<Credentials>) {
    let variables = match Variables::read() {
        Ok(variables) => variables,
        Err(error) => {
            report.add(Mark::Bad, "account", error.to_string());
            Variables::default()
        }
    };
    match choose(wanted, &variables, config) {
        Ok(choice) => {
            let pair = match &choice.keys {
                Keys::Variables => by_variables(report, config),
                Keys::Profile(profile) => by_profile(report, wanted, config, profile).await,
            };
            (choice.api, pair)
        }
        Err(error) => {
            let mark = match error {
                Ending::Credentials(_) => Mark::Keys,
                _ => Mark::Bad,
            };
            report.add(mark, "account", error.to_string());
            let environment = variables.environment.unwrap_or(Environment::Production);
            (wanted.api.clone().unwrap_or(Api::Environment(environment)), None)
        }
    }
}

fn by_variables(report: &mut Report, config: &Config) -> Option<Credentials> {
    let (Some(client_id), Some(client_secret)) = credentials::pair() else { return None };
    let mut says =
        format!("{} in {} and {}", masked(&client_id), credentials::ID, credentials::SECRET);
    if let Some(usual) = config.usual() {
        says = format!("{says}, which come before profile {}", usual.name);
    }
    report.add(Mark::Well, "account", says);
    Some(Credentials { client_id, client_secret })
}

async fn by_profile(
    report: &mut Report,
    wanted: &Wanted,
    config: &Config,
    profile: &Profile,
) -> Option<Credentials> {
    let because = if wanted.profile.is_some() {
        "named by --profile"
    } else if config.usual() == Some(profile) {
        "the default"
    } else {
        "the one for this API"
    };
    let id = profile.client_id.clone().or_else(|| credentials::pair().0).unwrap_or_default();
    let whose = format!("{}, profile {} ({because})", masked(&id), profile.name);
    let from = profile.store.word();
    match account::secret(profile).await {
        Ok(client_secret) => {
            report.add(Mark::Well, "account", format!("{whose}, secret from {from}"));
            Some(Credentials { client_id: id, client_secret })
        }
        Err(trouble) => {
            let says = format!("{whose}, no secret from {from}: {}", outcome(&trouble));
            report.add(Mark::Keys, "account", says);
            None
        }
    }
}
