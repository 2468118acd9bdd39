//! A whole session of the console, with the log at its loudest: neither the
//! secret nor the access token is in anything that it wrote.

use crate::{
    canary,
    harness::pty::Pty,
    home::{Desktop, Home, OPEN},
    recording_proxy::RecordingProxy,
    server::Server,
};

/// Browses, reads the log, changes the mode, refreshes and quits; returns all output to
/// the terminal.
fn browse(home: &Home, args: &[&str]) -> String {
    let mut console = Pty::start(home.pty(args), (120, 36));
    console.wait_for_text("8 on-ramps in 4 countries");
    console.send("G\r\r\r\r");
    console.wait_for_text("Circuits");
    console.send("\t:rw\r");
    console.wait_for_text("Allow creating keys?");
    console.send("y");
    console.wait_for_text("] RW");
    console.send("r:log\r");
    console.wait_for_text("by ONRAMP_LOG");
    console.wait_for_text("mode    read-write");
    console.send("g");
    console.wait_for_text("POST (token): 200");
    console.send("q:ro\r");
    console.wait_for_text("] RO");
    console.send("\x03");
    assert_eq!(console.exit_code(), 0);
    console.raw()
}

fn nothing_is_left(home: &Home, server: &Server, tap: &RecordingProxy, raw: &str) {
    let tokens = tap.tokens();
    assert!(!tokens.is_empty(), "the tap heard a token");
    let mut secrets = vec![server.secret.clone()];
    // The whole token, and its parts: a line could be wrapped or cut.
    for token in &tokens {
        secrets.push(token.clone());
        secrets.extend(token.split('.').map(|part| part[..40.min(part.len())].to_owned()));
    }
    let log = std::fs::read_to_string(home.path("state/onramp/onramp.log")).expect("a log");
    assert!(log.contains("DEBUG call") && log.contains("ends normally"), "{log}");
    assert!(!log.contains(&server.id), "and not even the client id is in it");
    for secret in secrets {
        canary::absent(&secret, raw.as_bytes(), "the terminal");
        canary::nowhere(&secret, home, &[]);
    }
}

#[test]
fn session_with_secret_in_variables_leaves_no_trace_of_it() {
    let mut home = Home::bare();
    let server = Server::start();
    let tap = RecordingProxy::open(&server.url);
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    home.set("ONRAMP_LOG", "debug");
    let token = format!("{}/oauth2/token", tap.url);
    let raw = browse(&home, &["--api-url", &tap.url, "--token-url", &token]);
    nothing_is_left(&home, &server, &tap, &raw);
}

#[test]
fn session_with_secret_in_keyring_leaves_none_in_our_files() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let tap = RecordingProxy::open(&server.url);
    home.set("ONRAMP_LOG", "debug");
    let token = format!("{}/oauth2/token", tap.url);
    let mut args = vec!["login", "--profile", "lab", "--client-id", &server.id];
    args.extend(["--api-url", &tap.url, "--token-url", &token]);
    let login = home.onramp(&args, &format!("{}\n", server.secret));
    login.says(0, &["Signed in"]);
    let raw = browse(&home, &[]);
    let log = std::fs::read_to_string(home.path("state/onramp/onramp.log")).expect("a log");
    for words in ["INFO  secrets set in the desktop keyring", "INFO  account profile lab"] {
        assert!(log.contains(words), "{words} is not in\n{log}");
    }
    nothing_is_left(&home, &server, &tap, &raw);
    canary::nowhere(&server.secret, &home, &[&login]);
}
