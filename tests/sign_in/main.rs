//! Signing in with the real program: against real keyrings, and without any, with a
//! search for the secret everywhere.
//!
//! Every secret is invented when the test runs. Where a keyring is missing, a
//! test says that it was skipped; in `.ci/run` that is a failure.
#![cfg(target_os = "linux")]

#[path = "../harness/tls.rs"]
mod tls;

#[expect(dead_code, reason = "no tape is played here, and not every key is pressed")]
#[path = "../harness/mod.rs"]
mod harness;
#[path = "../harness/server.rs"]
mod server;

mod arguments;
mod canary;
mod certificate_authority;
mod console;
mod dialog;
mod doctor;
mod home;
mod kernel;
mod keyring;
mod other_stores;
mod proxy;
mod recording_proxy;
mod sealed;
mod typed;
