//! Text on standard output and standard error, and the text of system errors.

use std::io::{self, Write as _};

use crate::shell::exit::ExitError;

/// Prints `text` on standard output.
pub fn print_stdout(text: &str) -> Result<(), ExitError> {
    let mut out = io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| {
        ExitError::Failed(format!("standard output could not be written: {}", error_text(&error)))
    })
}

/// Prints a message that is no result on standard error.
pub(in crate::shell) fn print_stderr(text: &str) {
    let mut errors = io::stderr();
    // A closed standard error must not stop what is going on.
    drop(errors.write_all(text.as_bytes()).and_then(|()| errors.flush()));
}

/// Returns the text of an error, without the system's number, which adds nothing.
pub(in crate::shell) fn error_text(error: &impl std::fmt::Display) -> String {
    let says = error.to_string();
    let Some((before, after)) = says.split_once(" (os error ") else { return says };
    let after = after.split_once(')').map_or("", |(_, after)| after);
    format!("{before}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_system_error_is_left_out() {
        let error = io::Error::from_raw_os_error(2);
        assert_eq!(error_text(&error), "No such file or directory");
        assert_eq!(error_text(&format!("a: {error}: b")), "a: No such file or directory: b");
        assert_eq!(error_text(&"a text"), "a text");
    }
}
