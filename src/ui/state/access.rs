//! Whether an account is in use, and what the console begins with.

use std::time::Duration;

use crate::{
    api::{
        RequestId,
        account::{Api, Session, Target},
    },
    domain::{text::SafeText, time::Timestamp},
};

/// What the console begins with.
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
    /// One is.
    Open,
    /// One is being opened.
    Opening {
        /// The request for it.
        id: RequestId,
        /// Which one.
        name: String,
        /// Since when.
        since: Timestamp,
        /// How long a program of the user's is waited for, where one prints the secret.
        program: Option<Duration>,
    },
    /// None is, and why, if something went wrong.
    Closed(Option<SafeText>),
}

impl Access {
    /// Why no account is open.
    pub const fn failure(&self) -> Option<&SafeText> {
        match self {
            Self::Closed(why) => why.as_ref(),
            _ => None,
        }
    }
}
