//! The command line: arguments become options, and options a call of a command.
//!
//! Nothing is decided here but which command is meant. A new command is a variant of
//! `Command`, an arm of `run_command`, and a file in `shell/commands`.

mod account;
mod lists;
mod refuse;
mod world;

use std::path::PathBuf;

use account::{AccountArgs, ApiArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};
use world::{SimulatorArgs, WorldArgs};

use crate::{
    shell::{
        account::{
            AccountSelection,
            config::{Config, Store},
        },
        commands::{
            self, doctor,
            login::{self, LoginOptions},
        },
        console::{self, ConsoleOptions},
        exit::ExitError,
        stdio,
        store::log,
    },
    ui::commands::KEYMAP,
};

/// A console for companies that sell connections through Megaport: find an
/// on-ramp, see that it has room, issue a service key.
///
/// Without a command it speaks to Megaport's API: with the key pair in
/// `MEGAPORT_ACCESS_KEY` and `MEGAPORT_SECRET_KEY`, else as the profile that
/// `onramp login` made. `onramp demo` needs nothing.
#[derive(Debug, Parser)]
#[command(name = "onramp", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// The profile to use.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["environment", "api_url", "token_url"])]
    profile: Option<String>,

    #[command(flatten)]
    api: ApiArgs,

    /// Allow making keys from the start; without it the console is read-only until `:rw`.
    #[arg(long)]
    read_write: bool,

    #[command(flatten)]
    display: DisplayArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the console on an embedded simulator: no account, nothing to set up.
    Demo(WorldArgs),
    /// Serve the simulator for your own programs: prints its URL, client id
    /// and client secret, a line each, then serves until it is ended.
    Simulator(SimulatorArgs),
    /// Sign in: try a key pair, keep its secret, and remember the rest as a
    /// profile. The secret is typed, or is the first line of standard input.
    Login(LoginArgs),
    /// Remove a profile's secret from where it is kept.
    Logout(ProfileArg),
    /// List the profiles.
    Profiles,
    /// Say how everything is that the console needs: a block for a ticket,
    /// without secrets.
    Doctor(AccountArgs),
    /// Check the audit.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check a file of regions.
    #[command(subcommand)]
    Regions(RegionsCommand),
    /// The on-ramps, for people and programs.
    #[command(subcommand)]
    OnRamps(lists::OnRampsCommand),
    /// The service keys, for people and programs.
    #[command(subcommand)]
    Keys(lists::KeysCommand),
    /// Write what the next shift has to know into a file, as Markdown: the
    /// last day's keys (masked), half pairs, requests in doubt, keys that end.
    Handover(lists::HandoverArgs),
    /// Print which key does what, as Markdown.
    Keymap,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check that every line of the audit is as it was written, and in its
    /// place; ends with 1 and names the first line that is not.
    Verify {
        /// Another file instead of the audit in the state directory.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum RegionsCommand {
    /// Check a team's regions.toml, for the CI of its repository: prints what
    /// is wrong as `file:line:column`, and ends with 1 where anything is.
    Check {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct ProfileArg {
    /// The profile, instead of the default.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

#[derive(Debug, Args)]
struct LoginArgs {
    #[command(flatten)]
    named: ProfileArg,

    #[command(flatten)]
    api: ApiArgs,

    /// The client id (access key) of an API key made in the Megaport Portal.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,

    /// Where the secret is kept.
    #[arg(long, value_enum)]
    store: Option<SecretStoreArg>,

    /// With --store command: the absolute path of a program that prints the
    /// secret, and its arguments. No shell reads them.
    #[arg(long, value_name = "WORD", num_args = 1.., allow_hyphen_values = true, required_if_eq("store", "command"))]
    command: Vec<String>,

    /// Read the secret from this file descriptor.
    #[arg(long, value_name = "N")]
    secret_fd: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecretStoreArg {
    /// Nowhere: the console asks for it at each start.
    Session,
    /// The keyring of the operating system.
    Keyring,
    /// The kernel's keyring: gone at reboot.
    Kernel,
    /// A program that prints the secret.
    Command,
    /// `MEGAPORT_SECRET_KEY`.
    Environment,
}

impl LoginArgs {
    fn into_options(self) -> Result<LoginOptions, ExitError> {
        if !self.command.is_empty() && self.store != Some(SecretStoreArg::Command) {
            return Err(ExitError::Usage("--command needs --store command".to_owned()));
        }
        let store = self.store.map(|kind| match kind {
            SecretStoreArg::Session => Store::Session,
            SecretStoreArg::Keyring => Store::Keyring,
            SecretStoreArg::Kernel => Store::Kernel,
            SecretStoreArg::Command => Store::Command(self.command),
            SecretStoreArg::Environment => Store::Environment,
        });
        Ok(LoginOptions {
            profile: self.named.profile,
            api: self.api.into(),
            client_id: self.client_id,
            store,
            secret_fd: self.secret_fd,
        })
    }
}

#[derive(Debug, Args)]
struct DisplayArgs {
    /// Your regions, instead of regions.toml in the configuration directory.
    #[arg(long, value_name = "FILE", global = true)]
    regions: Option<PathBuf>,

    /// Draw with ASCII only.
    #[arg(long, global = true)]
    ascii: bool,
}

impl Cli {
    /// Reads the command line. Prints help and complaints and ends the program
    /// where there is nothing to do, as `clap` does.
    pub fn from_arguments() -> Result<Self, ExitError> {
        let arguments: Vec<_> = std::env::args_os().collect();
        if let Some(why) = refuse::refuse_secrets(&arguments) {
            return Err(ExitError::Usage(why));
        }
        Self::try_parse_from(&arguments).or_else(|error| {
            match refuse::replace_complaint(&arguments, &error) {
                Some(why) => Err(ExitError::Usage(why)),
                None => error.exit(),
            }
        })
    }

    /// Does what the command line asks for.
    pub async fn run(self) -> Result<(), ExitError> {
        let ended = Box::pin(self.run_command()).await;
        log::write_ending(&ended);
        ended
    }

    async fn run_command(self) -> Result<(), ExitError> {
        let DisplayArgs { regions, ascii } = self.display;
        let options = ConsoleOptions { regions, ascii, read_write: self.read_write };
        let above = AccountSelection { profile: self.profile, api: self.api.into() };
        // A command that only reads or prints leaves no trace on this host, so it starts
        // no log either.
        let acts = !matches!(
            self.command,
            Some(
                Command::Simulator(_)
                    | Command::Doctor(_)
                    | Command::Profiles
                    | Command::Audit(_)
                    | Command::Regions(_)
                    | Command::Keymap
            )
        );
        if acts {
            log::start(Config::load().map(|config| config.log))?;
        }
        match self.command {
            Some(Command::Demo(world)) => console::run_demo(&world.into(), &options).await,
            Some(Command::Simulator(SimulatorArgs { listen, with_customers, world })) => {
                commands::serve_simulator(&world.into(), listen, with_customers).await
            }
            Some(Command::Login(args)) => {
                let mut args = args.into_options()?;
                args.profile = args.profile.or(above.profile);
                args.api = args.api.or(above.api);
                login::run_login(args).await
            }
            Some(Command::Logout(named)) => {
                login::run_logout(named.profile.or(above.profile).as_deref()).await
            }
            Some(Command::Doctor(args)) => doctor::run_doctor(&args.or(above)).await,
            Some(Command::Profiles) => login::list_profiles(),
            Some(Command::Audit(AuditCommand::Verify { file })) => commands::verify_audit(file),
            Some(Command::Regions(RegionsCommand::Check { file })) => {
                commands::check_regions_file(&file)
            }
            Some(Command::Keymap) => stdio::print_stdout(&KEYMAP.markdown()),
            Some(Command::OnRamps(args)) => args.run(above, options.regions.as_deref()).await,
            Some(Command::Keys(args)) => args.run(above).await,
            Some(Command::Handover(args)) => args.run(above).await,
            None => Box::pin(console::run_with_account(&above, &options)).await,
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
