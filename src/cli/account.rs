//! Arguments that name an account: which API, which profile.

use clap::{Args, ValueEnum};

use crate::{
    client::{self, ConfigError, Environment},
    shell::account::{AccountSelection, Api},
};

/// Which API.
#[derive(Debug, Args)]
pub(super) struct ApiArgs {
    /// Megaport environment; an API key works only in the one it was created in [default: production].
    #[arg(long, value_enum, conflicts_with_all = ["api_url", "token_url"])]
    environment: Option<EnvironmentArg>,

    /// Another API, with --token-url: https, or http to this host.
    #[arg(long, value_name = "URL", requires = "token_url", value_parser = parse_address)]
    api_url: Option<String>,

    /// Address where that API issues access tokens.
    #[arg(long, value_name = "URL", requires = "api_url", value_parser = parse_address)]
    token_url: Option<String>,
}

/// An address that may be called. Where it may not, `refuse::hides` tells so
/// without quoting it.
fn parse_address(args: &str) -> Result<String, ConfigError> {
    client::check_address(args).map(|()| args.to_owned())
}

impl From<ApiArgs> for Option<Api> {
    fn from(args: ApiArgs) -> Self {
        match (args.api_url, args.token_url) {
            (Some(api), Some(token)) => Some(Api::Urls(api, token)),
            _ => args.environment.map(|which| Api::Environment(which.into())),
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EnvironmentArg {
    Production,
    Staging,
    Development,
}

impl From<EnvironmentArg> for Environment {
    fn from(which: EnvironmentArg) -> Self {
        match which {
            EnvironmentArg::Production => Self::Production,
            EnvironmentArg::Staging => Self::Staging,
            EnvironmentArg::Development => Self::Development,
        }
    }
}

/// The account of a command, given after its name.
#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    /// Profile; default: the default profile.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["environment", "api_url", "token_url"])]
    pub(super) profile: Option<String>,

    #[command(flatten)]
    pub(super) api: ApiArgs,
}

impl AccountArgs {
    /// This, or where it says nothing, what stands before the command's name.
    pub(super) fn or(self, above: AccountSelection) -> AccountSelection {
        let args = AccountSelection::from(self);
        if args.profile.is_some() || args.api.is_some() { args } else { above }
    }
}

impl From<AccountArgs> for AccountSelection {
    fn from(args: AccountArgs) -> Self {
        Self { profile: args.profile, api: args.api.into() }
    }
}
