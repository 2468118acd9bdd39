//! Checks which credentials are used, and where they are.

use crate::{
    client::{Credentials, Environment},
    shell::{
        account::{
            self, AccountSelection, Api, KeyPairSource, Variables, choose_account,
            config::{Config, Profile},
            credentials,
        },
        commands::login::mask_client_id,
        exit::ExitError,
    },
};

use super::{
    host::describe_error,
    report::{Mark, Report},
};

/// The account that would be used.
pub(super) struct AccountFinding {
    /// The API.
    pub(super) api: Api,
    /// The profile, if there is one.
    pub(super) profile: Option<Profile>,
    /// The key pair, where there is one.
    pub(super) pair: Option<Credentials>,
}

/// Finds the API and, where there is one, the key pair for it.
pub(super) async fn check_account(
    report: &mut Report,
    wanted: &AccountSelection,
    config: &Config,
) -> AccountFinding {
    let variables = match Variables::read() {
        Ok(variables) => variables,
        Err(error) => {
            report.add(Mark::Bad, "account", error.to_string());
            Variables::default()
        }
    };
    match choose_account(wanted, &variables, config) {
        Ok(choice) => {
            report.add(Mark::Note, "chosen", choice.explain_choice(wanted, variables, config));
            let pair = match &choice.keys {
                KeyPairSource::Variables => check_variables(report, config),
                KeyPairSource::Profile(profile) => check_profile(report, profile).await,
            };
            check_role(report, choice.profile());
            AccountFinding { profile: choice.profile().cloned(), api: choice.api, pair }
        }
        Err(error) => {
            let mark = match error {
                ExitError::Credentials(_) => Mark::Keys,
                _ => Mark::Bad,
            };
            report.add(mark, "account", error.to_string());
            let environment = variables.environment.unwrap_or(Environment::Production);
            let api = wanted.api.clone().unwrap_or(Api::Environment(environment));
            AccountFinding { api, profile: None, pair: None }
        }
    }
}

/// Reports the role of the account. The vendor has no call that returns an API key's
/// role.
fn check_role(report: &mut Report, profile: Option<&Profile>) {
    let mode = profile.map_or_else(Default::default, |profile| profile.mode);
    let says = format!(
        "starts {}; creating keys requires the role Company Admin; the role of this API key is \
         unknown until the first write",
        mode.word()
    );
    report.add(Mark::Note, "role", says);
}

fn check_variables(report: &mut Report, config: &Config) -> Option<Credentials> {
    let (Some(client_id), Some(client_secret)) = credentials::read_key_pair() else { return None };
    let mut says = format!(
        "{} in {} and {}",
        mask_client_id(&client_id),
        credentials::CLIENT_ID_VARIABLE,
        credentials::SECRET_VARIABLE
    );
    if let Some(usual) = config.default_profile() {
        says = format!("{says}, which override profile {}", usual.name);
    }
    report.add(Mark::Well, "account", says);
    Some(Credentials { client_id, client_secret })
}

async fn check_profile(report: &mut Report, profile: &Profile) -> Option<Credentials> {
    let id =
        profile.client_id.clone().or_else(|| credentials::read_key_pair().0).unwrap_or_default();
    let whose = format!("{}, profile {}", mask_client_id(&id), profile.name);
    let from = profile.store.word();
    match account::read_secret(profile).await {
        Ok(client_secret) => {
            report.add(Mark::Well, "account", format!("{whose}, secret from {from}"));
            Some(Credentials { client_id: id, client_secret })
        }
        Err(trouble) => {
            let says = format!("{whose}, no secret from {from}: {}", describe_error(&trouble));
            report.add(Mark::Keys, "account", says);
            None
        }
    }
}
