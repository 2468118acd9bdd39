//! Whether an account is in use, and the start of the console.

use std::time::Duration;

use crate::{
    api::{
        RequestId,
        account::{Api, Session, Target},
    },
    domain::{text::SafeText, time::Timestamp},
};

/// The state in which the console starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// This account, which is at these hosts; with how long a program of the user's is
    /// waited for, where one prints its secret.
    Open(Target, Session, Option<Duration>),
    /// None is set up: sign in, at this API where one was named.
    SignIn(Option<Api>),
}

/// Whether an account is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// An account is open.
    Open,
    /// An account is being opened.
    Opening {
        /// The request for it.
        id: RequestId,
        /// Its name.
        name: String,
        /// Since when.
        since: Timestamp,
        /// The timeout of the user's program that prints the secret, if there is one.
        program: Option<Duration>,
    },
    /// None is open, with the reason if something went wrong.
    Closed(Option<SafeText>),
}

impl Access {
    /// Returns why no account is open.
    pub const fn failure(&self) -> Option<&SafeText> {
        match self {
            Self::Closed(why) => why.as_ref(),
            _ => None,
        }
    }
}
