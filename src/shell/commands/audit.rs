//! `onramp audit verify`: whether every line is as it was written, and in its place.

use std::path::PathBuf;

use crate::shell::{
    exit::ExitError,
    stdio,
    store::{
        audit::{self, verify},
        permissions::path_text,
    },
};

/// Checks the chain of the audit, or of another file, and reports the result.
pub fn verify_audit(file: Option<PathBuf>) -> Result<(), ExitError> {
    let nowhere = || ExitError::Failed("no directory for it: set ONRAMP_STATE_DIR".to_owned());
    let path = file.or_else(audit::path).ok_or_else(nowhere)?;
    let name = path_text(&path);
    let found = verify::check_chain(&path).map_err(ExitError::Failed)?;
    let Some(found) = found else {
        return Err(ExitError::Failed(format!("{name} does not exist")));
    };
    match &found.broken {
        Some((line, why)) => Err(ExitError::Failed(format!("{name}, line {line}: {why}"))),
        None => stdio::print_stdout(&format!("{name}: {}\n", verify::describe_chain(&found))),
    }
}
