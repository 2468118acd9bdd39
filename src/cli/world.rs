//! Arguments of `onramp demo` and `onramp simulator` about their world.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;

use crate::shell::simulator::SimulatorOptions;

#[derive(Debug, Args)]
pub(super) struct WorldArgs {
    /// World to simulate, as JSON.
    #[arg(long = "world", value_name = "FILE", conflicts_with = "on_ramps")]
    file: Option<PathBuf>,

    /// Generate a world with this many on-ramps (same numbers, same world).
    #[arg(long, value_name = "N")]
    on_ramps: Option<usize>,

    /// Circuits on each on-ramp of a generated world.
    #[arg(long, value_name = "M", default_value_t = 20, requires = "on_ramps")]
    vxcs_per_on_ramp: usize,

    /// Faults to inject, as JSON.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// Override assumptions about the API, as JSON: `{"rate_limit": false}`.
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,

    /// Seconds until a customer redeems a new key, or `never`.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = parse_customer)]
    customer_after: CustomerDelay,
}

/// When the scripted customer redeems a new key.
#[derive(Debug, Clone, Copy)]
struct CustomerDelay(Option<Duration>);

fn parse_customer(word: &str) -> Result<CustomerDelay, String> {
    match word.parse() {
        Ok(seconds) => Ok(CustomerDelay(Some(Duration::from_secs(seconds)))),
        Err(_) if word == "never" => Ok(CustomerDelay(None)),
        Err(_) => Err("a number of seconds, or `never`".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(super) struct SimulatorArgs {
    /// Loopback address to listen on; port 0 picks a free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(super) listen: SocketAddr,

    /// Also print client id and secret of every customer, two lines each, for a
    /// second client that acts as a customer.
    #[arg(long)]
    pub(super) with_customers: bool,

    #[command(flatten)]
    pub(super) world: WorldArgs,
}

impl From<WorldArgs> for SimulatorOptions {
    fn from(world: WorldArgs) -> Self {
        let generated = world.on_ramps.map(|on_ramps| (on_ramps, world.vxcs_per_on_ramp));
        Self {
            world: world.file,
            generated,
            faults: world.faults,
            switches: world.switches,
            customer_after: world.customer_after.0,
        }
    }
}
