//! Arguments of `onramp keys reconcile`.

use std::time::Duration;

use clap::Args;

use crate::{
    cli::{account::AccountArgs, duration::parse_duration},
    shell::{
        account::AccountSelection,
        commands::{self, Decision, ReconcileOptions},
        console::ConsoleOptions,
        exit::ExitError,
    },
};

#[derive(Debug, Args)]
pub(super) struct ReconcileArgs {
    /// Labels (with or without their tag) or tags; default: every unfinished request.
    #[arg(value_name = "LABEL-OR-TAG")]
    names: Vec<String>,

    /// Send the one named request again, if the search allows it; needs --yes.
    #[arg(long, requires = "yes", conflicts_with_all = ["adopt", "close"])]
    resend: bool,

    /// With --resend: send it.
    #[arg(long, requires = "resend")]
    yes: bool,

    /// Take the candidate with this fingerprint as the key of the named request.
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "close")]
    adopt: Option<String>,

    /// Close the named request for good, for this reason.
    #[arg(long, value_name = "REASON")]
    close: Option<String>,

    /// Record outcomes, and allow --resend, though the profile is read-only.
    #[arg(long)]
    read_write: bool,

    /// Time limit: 90s, 5m.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_duration)]
    timeout: Duration,

    #[command(flatten)]
    whose: AccountArgs,
}

impl ReconcileArgs {
    /// Does it.
    pub(super) async fn run(
        self,
        above: AccountSelection,
        shared: &ConsoleOptions,
    ) -> Result<(), ExitError> {
        let decision = match (self.resend, self.adopt, self.close) {
            (true, _, _) => Decision::Resend,
            (_, Some(print), _) => Decision::Adopt(print),
            (_, _, Some(reason)) => Decision::Close(reason),
            (false, None, None) => Decision::Search,
        };
        let read_write = self.read_write || shared.read_write;
        let options =
            ReconcileOptions { names: self.names, decision, read_write, timeout: self.timeout };
        Box::pin(commands::reconcile_keys(&self.whose.or(above), &options)).await
    }
}
