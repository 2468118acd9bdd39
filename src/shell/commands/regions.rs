//! `onramp regions check`: errors in a team's file, so that a reviewer need not search
//! for them.

use std::path::Path;

use crate::{
    domain::words::count,
    shell::{
        exit::ExitError,
        stdio,
        store::{permissions::path_text, regions::check::check_file},
    },
};

/// Checks the file; prints what is wrong, a line each as `file:line:column:
/// what`, and ends with 1 where anything is.
pub fn check_regions_file(file: &Path) -> Result<(), ExitError> {
    let name = path_text(file);
    let checked = check_file(file)
        .map_err(|why| ExitError::Usage(format!("{name} could not be read: {why}")))?;
    match checked {
        Ok(says) => stdio::print_stdout(&format!("{name}: {says}\n")),
        Err(all) => {
            let lines: Vec<_> = all
                .iter()
                .map(|(line, column, what)| format!("{name}:{line}:{column}: {what}\n"))
                .collect();
            stdio::print_stdout(&lines.concat())?;
            Err(ExitError::Failed(format!("{name}: {} found", count(all.len(), "mistake"))))
        }
    }
}
