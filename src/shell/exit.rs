//! The ways the program ends without success: an exit code and a sentence on standard error.

use std::process::ExitCode;

use thiserror::Error;

/// An exit without success.
#[derive(Debug, Error)]
pub enum ExitError {
    /// The command line or a file is wrong.
    #[error("{0}")]
    Usage(String),
    /// Credentials are missing or were refused.
    #[error("{0}")]
    Credentials(String),
    /// Something else stopped it.
    #[error("{0}")]
    Failed(String),
    /// A definite no: not found, taken, not suitable, or refused by Megaport.
    #[error("{0}")]
    Refused(String),
    /// Done, but something could not be read and is missing.
    #[error("{0}")]
    Incomplete(String),
    /// A key may exist, or a change may have been carried out.
    #[error("{0}")]
    InDoubt(String),
    /// Two keys exist for one order.
    #[error("{0}")]
    TwoKeys(String),
    /// The awaited event did not happen in time.
    #[error("{0}")]
    TimedOut(String),
    /// A signal ended it, or its terminal went away.
    #[error("ended by a signal")]
    Signal(u8),
}

impl ExitError {
    /// 1 failed, 2 usage, 3 credentials, 4 refused, 6 incomplete, 7 in doubt, 9 two keys,
    /// 124 out of time as `timeout` has it, 128 + n for signal n.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Credentials(_) => 3,
            Self::Refused(_) => 4,
            Self::Incomplete(_) => 6,
            Self::InDoubt(_) => 7,
            Self::TwoKeys(_) => 9,
            Self::TimedOut(_) => 124,
            Self::Signal(number) => 128 + *number,
        }
    }

    /// Prints it on standard error, if it has a text.
    pub fn report(&self) -> ExitCode {
        use std::io::Write as _;
        if !matches!(self, Self::Signal(_)) {
            // A closed standard error must not turn the ending into a panic.
            drop(writeln!(std::io::stderr(), "onramp: {self}"));
        }
        ExitCode::from(self.code())
    }
}
