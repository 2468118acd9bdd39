//! Words on standard output and standard error.

use std::io::{self, Write as _};

use super::exit::Ending;

/// Prints `text` on standard output.
pub fn print(text: &str) -> Result<(), Ending> {
    let mut out = io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Ending::Failed(format!("standard output is closed: {error}")))
}

/// Says something on standard error that is no result.
pub(super) fn tell(text: &str) {
    let mut errors = io::stderr();
    // A closed standard error must not stop what is going on.
    drop(errors.write_all(text.as_bytes()).and_then(|()| errors.flush()));
}
