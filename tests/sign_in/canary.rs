//! Searches for a secret in all output.

use crate::home::{Home, Ran};

pub(crate) use crate::harness::canary::{absent, invent};

/// Fails if `secret` was printed, or is in a file of the home.
pub(crate) fn nowhere(secret: &str, home: &Home, ran: &[&Ran]) {
    for one in ran {
        absent(secret, one.out.as_bytes(), "standard output");
        absent(secret, one.errors.as_bytes(), "standard error");
    }
    for (path, bytes) in home.files() {
        absent(secret, &bytes, &path.display().to_string());
    }
}
