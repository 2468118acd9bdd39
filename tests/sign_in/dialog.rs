//! The sign-in form of the console, in a real terminal: with a real keyring, without a
//! session bus, and the traces of both.

use crate::{
    canary,
    harness::pty::Pty,
    home::{Desktop, Home, OPEN},
    server::Server,
};

/// Opens the form of `onramp` and fills in everything but the store of the secret; the
/// focus is on the secret.
fn filled(home: &Home, server: &Server, keyring: &str) -> Pty {
    let mut pty = Pty::start(home.pty(&[]), (120, 36));
    pty.wait_for_text("Sign in to Megaport");
    // Left of the first choice is the last one: custom URLs.
    pty.send("\x1b[D\t");
    pty.wait_for_text("Token URL");
    pty.wait_for_text(keyring);
    pty.send(&format!("{}\t{}\t", server.url, server.token_url()));
    // The proposed name is deleted.
    pty.send(&format!("\x15lab\t{}\t", server.id));
    pty.wait_for_text("▸ Secret");
    pty
}

#[test]
fn typed_or_pasted_secret_is_stored_only_in_the_keyring() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let mut pty = filled(&home, &server, "by this desktop (works here)");
    let wrong = canary::invent();
    pty.send(&format!("{wrong}\r"));
    pty.wait_for_text("refused these credentials");
    assert!(!home.config().join("config.toml").exists(), "nothing is stored before it is tried");
    let (start, end) = server.secret.split_at(9);
    pty.send(&format!("\x15{start}?\x7f\x1b[200~{end}\n\x1b[201~\r"));
    pty.wait_for_text("On-ramps 8");
    pty.wait_for_text("] RO");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    let mut again = Pty::start(home.pty(&[]), (120, 36));
    again.wait_for_text("On-ramps 8");
    again.send("q");
    assert_eq!(again.exit_code(), 0);
    for secret in [&server.secret, &wrong] {
        canary::absent(secret, pty.raw().as_bytes(), "the terminal");
        canary::absent(secret, again.raw().as_bytes(), "the terminal");
        canary::nowhere(secret, &home, &[]);
    }
}

#[test]
fn secret_without_a_session_bus_lasts_one_session() {
    let home = Home::bare();
    let server = Server::start();
    let mut pty = filled(&home, &server, "it is not available");
    pty.send(&format!("{}\r", server.secret));
    pty.wait_for_text("On-ramps 8");
    pty.send("p");
    pty.wait_for_text("lab * in use");
    pty.send("\x1b");
    pty.wait_for_text("s sort");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    let text = std::fs::read_to_string(home.config().join("config.toml")).expect("written");
    assert!(text.contains("store = \"session\""), "{text}");
    let mut again = Pty::start(home.pty(&[]), (80, 24));
    again.wait_for_text("Sign in as lab");
    again.send(&format!("{}\r", server.secret));
    again.wait_for_text("On-ramps 8");
    again.send("q");
    assert_eq!(again.exit_code(), 0);
    for pty in [&pty, &again] {
        canary::absent(&server.secret, pty.raw().as_bytes(), "the terminal");
    }
    canary::nowhere(&server.secret, &home, &[]);
}

#[test]
fn an_account_is_switched_live() {
    let home = Home::bare();
    let one = Server::start();
    let mut pty = filled(&home, &one, "it is not available");
    pty.send(&format!("{}\r", one.secret));
    pty.wait_for_text("On-ramps 8");
    pty.send("p");
    pty.wait_for_text("(demo)");
    pty.send("j\r");
    pty.wait_for_text("[DEMO] RW");
    pty.wait_for_text("On-ramps 8");
    pty.send("p");
    pty.wait_for_text("(demo) in use");
    pty.send("k\r");
    pty.wait_for_text("] RO");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
}
