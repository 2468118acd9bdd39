//! The command line.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    client::Environment,
    shell::{
        console::{self, Target, Wishes},
        exit::Ending,
        simulator::{self, Setting},
    },
    ui::keymap,
};

/// A console for companies that sell connections through Megaport: find an
/// on-ramp, see that it has room, issue a service key.
///
/// Without a command it speaks to Megaport's API with the key pair in
/// `MEGAPORT_ACCESS_KEY` and `MEGAPORT_SECRET_KEY`. `onramp demo` needs nothing.
#[derive(Debug, Parser)]
#[command(name = "onramp", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// Megaport's environment; a key pair works only in the one it was made in.
    #[arg(long, value_enum, default_value = "production", conflicts_with_all = ["api_url", "token_url"])]
    environment: Which,

    /// Another API, with --token-url: https, or http to this machine.
    #[arg(long, value_name = "URL", requires = "token_url")]
    api_url: Option<String>,

    /// Where that API makes its access tokens.
    #[arg(long, value_name = "URL", requires = "api_url")]
    token_url: Option<String>,

    /// Allow making keys from the start; without it the console is read-only until `:rw`.
    #[arg(long)]
    read_write: bool,

    #[command(flatten)]
    wishes: Looks,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    Production,
    Staging,
    Development,
}

impl From<Which> for Environment {
    fn from(which: Which) -> Self {
        match which {
            Which::Production => Self::Production,
            Which::Staging => Self::Staging,
            Which::Development => Self::Development,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the console on an embedded simulator: no account, nothing to set up.
    Demo(World),
    /// Serve the simulator for your own programs: prints its URL, client id
    /// and client secret, a line each, then serves until it is ended.
    Simulator(Serve),
    /// Print the key table as Markdown.
    Keys,
}

#[derive(Debug, Args)]
struct Looks {
    /// Your regions, instead of regions.toml in the configuration directory.
    #[arg(long, value_name = "FILE", global = true)]
    regions: Option<PathBuf>,

    /// Draw with ASCII only.
    #[arg(long, global = true)]
    ascii: bool,
}

#[derive(Debug, Args)]
struct World {
    /// A world to simulate, as JSON.
    #[arg(long = "world", value_name = "FILE", conflicts_with = "on_ramps")]
    file: Option<PathBuf>,

    /// A generated world of so many on-ramps; the same figures give the same world.
    #[arg(long, value_name = "N")]
    on_ramps: Option<usize>,

    /// How many VXCs each on-ramp of a generated world has.
    #[arg(long, value_name = "M", default_value_t = 20, requires = "on_ramps")]
    vxcs_per_on_ramp: usize,

    /// Mishaps to play, as JSON.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// What nobody knows of the vendor, decided otherwise, as JSON: `{"rate_limit": false}`.
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,

    /// Seconds until a customer redeems a new single-use key; `never` leaves them alone.
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = customer)]
    customer_after: Customer,
}

/// When the scripted customer redeems a new key.
#[derive(Debug, Clone, Copy)]
struct Customer(Option<Duration>);

fn customer(word: &str) -> Result<Customer, String> {
    match word.parse() {
        Ok(seconds) => Ok(Customer(Some(Duration::from_secs(seconds)))),
        Err(_) if word == "never" => Ok(Customer(None)),
        Err(_) => Err("a number of seconds, or `never`".to_owned()),
    }
}

#[derive(Debug, Args)]
struct Serve {
    /// A loopback address; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    #[command(flatten)]
    world: World,
}

impl From<World> for Setting {
    fn from(world: World) -> Self {
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

impl Cli {
    /// Does what the command line asks for.
    pub async fn run(self) -> Result<(), Ending> {
        let Looks { regions, ascii } = self.wishes;
        let wishes = Wishes { regions, ascii, read_write: self.read_write };
        match self.command {
            Some(Command::Demo(world)) => console::demo(&world.into(), &wishes).await,
            Some(Command::Simulator(Serve { listen, world })) => {
                simulator::serve(&world.into(), listen).await
            }
            Some(Command::Keys) => simulator::print(&keymap::markdown()),
            None => {
                let target = match (self.api_url, self.token_url) {
                    (Some(api), Some(token)) => Target::Urls(api, token),
                    _ => Target::Environment(self.environment.into()),
                };
                console::real(target, &wishes).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_api_url_alone_is_refused() {
        assert!(Cli::try_parse_from(["onramp", "--api-url", "https://api.example.net"]).is_err());
    }
}
