//! Arguments of `onramp keys create`.

use std::{path::PathBuf, time::Duration};

use clap::{ArgGroup, Args};

use crate::{
    cli::{account::AccountArgs, duration::parse_duration},
    domain::{units::Mbps, vlan::VlanId},
    shell::{
        account::AccountSelection,
        commands::{self, Confirmation, CreateOptions, PlaceOption, VlanOption},
        console::ConsoleOptions,
        exit::ExitError,
    },
};

/// The smallest number that is read as Mbps: a smaller one may be meant as Gbps.
const RATE_MIN: Mbps = Mbps::new(10);

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("place").args(["on_ramp", "region"]).required(true))]
#[command(group = ArgGroup::new("confirm").args(["dry_run", "yes"]).required(true))]
pub(super) struct CreateArgs {
    /// On-ramp, by name or uid.
    #[arg(long, value_name = "NAME")]
    on_ramp: Option<String>,

    /// Instead: the best on-ramp of this region for the rate.
    #[arg(long, value_name = "NAME")]
    region: Option<String>,

    /// Label; customers see it. A tag is added to it.
    #[arg(long, value_name = "TEXT")]
    label: String,

    /// Rate of the largest circuit: 500, 500M, 2.5G.
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    rate: Mbps,

    #[command(flatten)]
    terms: TermsArgs,

    /// Customer, for the VLAN block, the journal and the audit log; not sent.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    customer: String,

    #[command(flatten)]
    sending: SendingArgs,

    /// Write the key into this new file, readable by you only.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Time limit: 90s, 5m.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_duration)]
    timeout: Duration,

    #[command(flatten)]
    whose: AccountArgs,
}

/// The terms of the key.
#[derive(Debug, Args)]
struct TermsArgs {
    /// VLAN: auto, a number, or untagged.
    #[arg(long, value_name = "VLAN", default_value = "auto", value_parser = parse_vlan)]
    vlan: VlanOption,

    /// Create a multi-use key: many circuits, and Megaport assigns the VLANs.
    #[arg(long, conflicts_with = "vlan")]
    multi_use: bool,

    /// How long it is valid: 30d, 2026-12-24 (the end of that day, UTC), never
    /// [default: that of the first preset].
    #[arg(long, value_name = "TIME")]
    valid: Option<String>,

    /// Create it disabled; it can be enabled later.
    #[arg(long)]
    disabled: bool,

    /// Let circuits start without our approval.
    #[arg(long)]
    pre_approved: bool,
}

/// Whether it is sent.
#[derive(Debug, Args)]
struct SendingArgs {
    /// Show the review and the request; send nothing.
    #[arg(long)]
    dry_run: bool,

    /// Create it. A service key cannot be deleted, only disabled.
    #[arg(long)]
    yes: bool,

    /// Allow it though the profile is read-only.
    #[arg(long)]
    read_write: bool,
}

impl CreateArgs {
    /// Does it.
    pub(super) async fn run(
        self,
        above: AccountSelection,
        shared: &ConsoleOptions,
    ) -> Result<(), ExitError> {
        let place = match (self.on_ramp, self.region) {
            (Some(name), _) => PlaceOption::OnRamp(name),
            (None, region) => PlaceOption::Region(region.unwrap_or_default()),
        };
        let TermsArgs { vlan, multi_use, valid, disabled, pre_approved } = self.terms;
        let confirmation = match self.sending {
            SendingArgs { yes: false, .. } => Confirmation::DryRun,
            SendingArgs { read_write, .. } if read_write || shared.read_write => {
                Confirmation::YesReadWrite
            }
            SendingArgs { .. } => Confirmation::Yes,
        };
        let options = CreateOptions {
            place,
            label: self.label,
            rate: self.rate,
            vlan: if multi_use { VlanOption::MultiUse } else { vlan },
            valid,
            active: !disabled,
            pre_approved,
            customer: self.customer,
            confirmation,
            key_file: self.key_file,
            timeout: self.timeout,
        };
        Box::pin(commands::create_key(&self.whose.or(above), shared.regions.as_deref(), &options))
            .await
    }
}

fn parse_vlan(word: &str) -> Result<VlanOption, String> {
    match word {
        "auto" => Ok(VlanOption::Auto),
        "untagged" => Ok(VlanOption::Untagged),
        _ => word
            .parse::<VlanId>()
            .map(VlanOption::Number)
            .map_err(|_| "a number from 2 to 4093, auto or untagged".to_owned()),
    }
}

fn parse_rate(word: &str) -> Result<Mbps, String> {
    let rate = word.parse::<Mbps>().map_err(|fault| fault.to_string())?;
    let is_bare = word.bytes().all(|byte| byte.is_ascii_digit());
    if is_bare && rate < RATE_MIN {
        return Err(format!("{word} Mbps or Gbps? Write {word}M or {word}G"));
    }
    Ok(rate)
}
