//! Commands without a screen: `onramp on-ramps`, `onramp keys`, `onramp report shift`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    cli::{account::AccountArgs, duration::parse_duration},
    shell::{
        account::AccountSelection,
        commands::{self, OutputFormat, Until, WatchOptions},
        console::ConsoleOptions,
        exit::ExitError,
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum OnRampsCommand {
    /// List all on-ramps.
    List(ListArgs),
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List all service keys with state and status detail; keys are masked.
    List(KeyListArgs),
    /// Create a service key, so that a customer can order a circuit to an on-ramp.
    Create(Box<super::create::CreateArgs>),
    /// Search for the keys of unfinished requests. Sends nothing without --resend.
    Reconcile(super::reconcile::ReconcileArgs),
    /// Watch keys until the customer has used them and report changes, one per
    /// line: ends with 0 when all are used, with 124 at the timeout.
    Watch(WatchArgs),
}

/// How a list is printed.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Print one JSON array.
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Print comma-separated values, guarded against spreadsheet formulas.
    #[arg(long)]
    csv: bool,
}

impl OutputArgs {
    const fn form(&self) -> OutputFormat {
        match self {
            Self { json: true, .. } => OutputFormat::Json,
            Self { csv: true, .. } => OutputFormat::Csv,
            Self { .. } => OutputFormat::Plain,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    printed: OutputArgs,

    #[command(flatten)]
    whose: AccountArgs,
}

#[derive(Debug, Args)]
pub(super) struct KeyListArgs {
    #[command(flatten)]
    list: ListArgs,

    /// Include the keys themselves: anyone with a key can order. Refused on a terminal.
    #[arg(long)]
    include_keys: bool,
}

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Labels (with or without their tag), tags or fingerprints; default: every
    /// unused key that was created on this host. Never the key itself.
    #[arg(value_name = "LABEL-OR-FINGERPRINT")]
    names: Vec<String>,

    /// State to wait for.
    #[arg(long, value_enum, default_value = "used")]
    until: UntilArg,

    /// Time limit: 90s, 30m, 2h, 7d.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    timeout: Option<Duration>,

    /// Print changes as JSON, one object per line.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    whose: AccountArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UntilArg {
    /// The customer has used the key.
    Used,
    /// The circuit of the key is live.
    Live,
}

#[derive(Debug, Args)]
pub(super) struct ShiftReportArgs {
    /// New file; default: one in the state directory.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    whose: AccountArgs,
}

impl ShiftReportArgs {
    /// Does it.
    pub(super) async fn run(self, above: AccountSelection) -> Result<(), ExitError> {
        commands::write_shift_report(&self.whose.or(above), self.out.as_deref()).await
    }
}

/// Whether a word looks like a service key: five groups of hexadecimal digits.
fn looks_like_key(word: &str) -> bool {
    let groups = word
        .trim()
        .split('-')
        .map(|group| if group.chars().all(|c| c.is_ascii_hexdigit()) { group.len() } else { 0 });
    groups.eq([8, 4, 4, 4, 12])
}

impl OnRampsCommand {
    /// Does it.
    pub(super) async fn run(
        self,
        above: AccountSelection,
        regions: Option<&Path>,
    ) -> Result<(), ExitError> {
        let Self::List(ListArgs { printed, whose }) = self;
        let wanted = whose.or(above);
        commands::list_on_ramps(&wanted, regions, printed.form()).await
    }
}

impl KeysCommand {
    /// Does it.
    pub(super) async fn run(
        self,
        above: AccountSelection,
        shared: &ConsoleOptions,
    ) -> Result<(), ExitError> {
        match self {
            Self::List(KeyListArgs { list: ListArgs { printed, whose }, include_keys }) => {
                commands::list_keys(&whose.or(above), printed.form(), include_keys).await
            }
            Self::Create(args) => args.run(above, shared).await,
            Self::Reconcile(args) => args.run(above, shared).await,
            Self::Watch(WatchArgs { names, until, timeout, json, whose }) => {
                if names.iter().any(|name| looks_like_key(name)) {
                    let says = "a key is a secret, and other users can read a command line: name \
                        the key by its label or fingerprint";
                    return Err(ExitError::Usage(says.to_owned()));
                }
                let until = match until {
                    UntilArg::Used => Until::Used,
                    UntilArg::Live => Until::Live,
                };
                let plan = WatchOptions { until, timeout, json, names };
                commands::watch_keys(&whose.or(above), &plan).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_place_of_a_label_is_known_by_its_shape() {
        assert!(looks_like_key("106e38ae-eb59-415f-ac81-526a5299851d"));
        for label in ["ACME-4471", "1842115f", "106e38ae-eb59-415f-ac81-526a529985zz", "a-b-c-d-e"]
        {
            assert!(!looks_like_key(label), "{label}");
        }
    }
}
