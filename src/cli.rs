//! The command line: arguments become options, and options a call of a command.
//!
//! Nothing is decided here but which command is meant. A new command is a variant of
//! `Command`, an arm of `run_command`, and a file in `shell/commands`.

mod account;
mod create;
mod duration;
mod lists;
mod reconcile;
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
/// on-ramp, check its capacity, create a service key.
///
/// Without a command the console opens on Megaport's API, with the API key in
/// `MEGAPORT_ACCESS_KEY` and `MEGAPORT_SECRET_KEY`, else with a profile that
/// `onramp login` created. `onramp demo` needs no account.
#[derive(Debug, Parser)]
#[command(name = "onramp", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// Profile to use.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["environment", "api_url", "token_url"])]
    profile: Option<String>,

    #[command(flatten)]
    api: ApiArgs,

    /// Allow creating keys from the start; otherwise the console is read-only until `:rw`.
    #[arg(long)]
    read_write: bool,

    #[command(flatten)]
    display: DisplayArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the console on the embedded simulator: no account, nothing to set up.
    Demo(WorldArgs),
    /// Serve the simulator for your own programs: prints its URL, client id
    /// and client secret, one per line, then serves until stopped.
    Simulator(SimulatorArgs),
    /// Sign in: test an API key, store its secret and add a profile. The secret
    /// is typed, or read from the first line of standard input.
    Login(LoginArgs),
    /// Remove the stored secret of a profile.
    Logout(ProfileArg),
    /// List profiles.
    Profiles,
    /// Check the environment and print a report for support (no secrets).
    Doctor(AccountArgs),
    /// Verify the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Validate a regions file.
    #[command(subcommand)]
    Regions(RegionsCommand),
    /// List on-ramps.
    #[command(subcommand)]
    OnRamps(lists::OnRampsCommand),
    /// List, create, reconcile and watch service keys.
    #[command(subcommand)]
    Keys(lists::KeysCommand),
    /// Write reports.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Former name of `report shift`.
    #[command(hide = true)]
    Handover(lists::ShiftReportArgs),
    /// Print the key bindings of the console, as Markdown.
    Keymap,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verify the audit log (exit 1 at the first altered line).
    Verify {
        /// Audit file; default: the one in the state directory.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// Write the shift report into a file, as Markdown: keys of the last day
    /// (masked), half pairs, requests in doubt, keys that end soon.
    Shift(lists::ShiftReportArgs),
}

#[derive(Debug, Subcommand)]
enum RegionsCommand {
    /// Validate a regions.toml, for CI: prints mistakes as `file:line:column`
    /// and exits with 1 if there are any.
    Check {
        /// Regions file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct ProfileArg {
    /// Profile; default: the default profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

#[derive(Debug, Args)]
struct LoginArgs {
    #[command(flatten)]
    named: ProfileArg,

    #[command(flatten)]
    api: ApiArgs,

    /// Client id (access key) of an API key from the Megaport Portal.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,

    /// Where to store the secret.
    #[arg(long, value_enum)]
    store: Option<SecretStoreArg>,

    /// With --store command: the absolute path of a program that prints the
    /// secret, and its arguments. No shell is used.
    #[arg(long, value_name = "WORD", num_args = 1.., allow_hyphen_values = true, required_if_eq("store", "command"))]
    command: Vec<String>,

    /// Read the secret from this file descriptor.
    #[arg(long, value_name = "N")]
    secret_fd: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecretStoreArg {
    /// Not stored: the console asks for it at each start.
    Session,
    /// Keyring of the operating system.
    Keyring,
    /// Kernel keyring, until reboot.
    Kernel,
    /// Your own program prints it.
    Command,
    /// Environment variable `MEGAPORT_SECRET_KEY`.
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
    /// Regions file; default: regions.toml in the configuration directory.
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
            Some(Command::Keys(args)) => args.run(above, &options).await,
            Some(Command::Report(ReportCommand::Shift(args)) | Command::Handover(args)) => {
                args.run(above).await
            }
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

    /// Splits a line of a shell into words; quotes keep their text together.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('"').enumerate();
        parts
            .flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            })
            .collect()
    }

    #[test]
    fn commands_of_the_documents_are_legal() {
        let documents = [include_str!("../docs/cli.md"), include_str!("../README.md")];
        let blocks = documents
            .map(|document| crate::shell::examples_for_test::blocks(document, "sh").join("\n"));
        let lines: Vec<_> = blocks
            .iter()
            .flat_map(|all| all.lines())
            .filter(|line| line.starts_with("onramp"))
            .collect();
        assert!(lines.len() > 10, "{lines:?}");
        for line in lines {
            let command = line.split(" #").next().unwrap_or_default();
            let read = Cli::try_parse_from(words(command));
            assert!(
                read.is_ok(),
                "{command}: {}",
                read.err().map_or(String::new(), |e| e.to_string())
            );
        }
    }

    #[test]
    fn an_api_url_alone_is_refused() {
        assert!(Cli::try_parse_from(["onramp", "--api-url", "https://api.example.net"]).is_err());
    }
}
