//! `onramp on-ramps` and `onramp keys`.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::shell::{
    account::Wanted,
    exit::Ending,
    headless::{self, Form},
};

use super::Whose;

#[derive(Debug, Subcommand)]
pub(super) enum OnRamps {
    /// List every on-ramp.
    List(List),
}

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// List every service key with its state and what that rests on; masked.
    List(KeyList),
}

/// How a list is printed.
#[derive(Debug, Args)]
pub(super) struct Printed {
    /// One JSON array, and nothing else, on standard output.
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Comma-separated values, guarded against formulas.
    #[arg(long)]
    csv: bool,
}

impl Printed {
    const fn form(&self) -> Form {
        match self {
            Self { json: true, .. } => Form::Json,
            Self { csv: true, .. } => Form::Csv,
            Self { .. } => Form::Plain,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    printed: Printed,

    #[command(flatten)]
    whose: Whose,
}

#[derive(Debug, Args)]
pub(super) struct KeyList {
    #[command(flatten)]
    list: List,

    /// Include the keys themselves: whoever has one can order. Not on a terminal.
    #[arg(long)]
    include_keys: bool,
}

impl OnRamps {
    /// Does it.
    pub(super) async fn run(self, above: Wanted, regions: Option<&Path>) -> Result<(), Ending> {
        let Self::List(List { printed, whose }) = self;
        let wanted = whose.or(above);
        headless::on_ramps(&wanted, regions, printed.form()).await
    }
}

impl Keys {
    /// Does it.
    pub(super) async fn run(self, above: Wanted) -> Result<(), Ending> {
        match self {
            Self::List(KeyList { list: List { printed, whose }, include_keys }) => {
                headless::keys(&whose.or(above), printed.form(), include_keys).await
            }
        }
    }
}
