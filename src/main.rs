//! The `onramp` program: arguments in, exit code out.

use std::{process::ExitCode, time::Duration};

use onramp::{
    cli::Cli,
    shell::{exit::ExitError, panics, process_hardening},
};

fn main() -> ExitCode {
    process_hardening::harden_process();
    panics::install_hook();
    let cli = match Cli::from_arguments() {
        Ok(cli) => cli,
        Err(ending) => return ending.report(),
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            return ExitError::Failed(format!("threads could not be started: {error}")).report();
        }
    };
    let ended = runtime.block_on(cli.run());
    // A thread stuck in a read must not keep the program from ending.
    runtime.shutdown_timeout(Duration::from_millis(100));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => ending.report(),
    }
}
