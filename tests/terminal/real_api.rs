//! The console on a custom API: the simulator as a program, and none at all.

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::pty::{Pty, command},
    server::Server,
    support::ONRAMP,
};

/// Creates the directory that consoles write to.
fn state() -> TempDir {
    TempDir::new().expect("a directory")
}

fn console(api: &str, token: &str, (id, secret): (&str, &str), state: &TempDir) -> Pty {
    let mut command = command(ONRAMP, &["--api-url", api, "--token-url", token]);
    command.env("MEGAPORT_ACCESS_KEY", id);
    command.env("MEGAPORT_SECRET_KEY", secret);
    command.env("ONRAMP_STATE_DIR", state.path().join("onramp"));
    Pty::start(command, (100, 30))
}

#[tokio::test]
async fn simulator_prints_address_and_key_pair_and_serves_any_client() {
    let server = Server::start();
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let ask = client.post(server.token_url()).basic_auth(&server.id, Some(&server.secret));
    let answer = ask.form(&[("grant_type", "client_credentials")]).send().await.expect("a token");
    let token: Value = answer.json().await.expect("JSON");
    let token = token["access_token"].as_str().expect("a token").to_owned();
    let products = format!("{}/v2/products", server.url);
    let answer = client.get(&products).bearer_auth(token).send().await.expect("products");
    let products: Value = answer.json().await.expect("JSON");
    assert_eq!(products["message"], "Found 9 Products");
}

#[test]
fn the_console_reads_an_api_of_ones_own() {
    let server = Server::start();
    let state = state();
    let pair = (server.id.as_str(), server.secret.as_str());
    let mut pty = console(&server.url, &server.token_url(), pair, &state);
    pty.wait_for_text("8 on-ramps in 4 countries");
    pty.wait_for_text("[CUSTOM key …");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(!pty.raw().contains(&server.secret), "the secret is never shown");
}

#[test]
fn refused_key_pair_is_shown_in_the_frame_and_exits_3() {
    let server = Server::start();
    let state = state();
    let pair = (server.id.as_str(), "not-the-secret");
    let mut pty = console(&server.url, &server.token_url(), pair, &state);
    pty.wait_for_text("r tries again");
    assert!(pty.text().contains("refused these credentials"), "{}", pty.text());
    pty.send("q");
    assert_eq!(pty.exit_code(), 3);
    assert!(!pty.raw().contains("not-the-secret"), "the secret is never shown");
}

#[test]
fn unreachable_api_is_shown_in_the_frame_and_exits_1() {
    let nowhere = "http://127.0.0.1:1";
    let (state, token) = (state(), "http://127.0.0.1:1/oauth2/token");
    let mut pty = console(nowhere, token, ("an-id", "a-secret"), &state);
    pty.wait_for_text("r tries again");
    assert!(pty.text().contains("127.0.0.1 cannot be reached"), "{}", pty.text());
    pty.send("r");
    pty.wait_for_text("Reading on-ramps from 127.0.0.1");
    pty.wait_for("the second answer", |screen| !screen.contents().contains("Reading"));
    pty.send("q");
    assert_eq!(pty.exit_code(), 1);
    assert!(!pty.screen().alternate_screen(), "the terminal is given back");
    assert!(pty.text().contains("onramp: "), "and the reason is said once more:\n{}", pty.text());
}
