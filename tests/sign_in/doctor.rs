//! `onramp doctor` tells the truth: with a keyring, without one, and with
//! variables.

use crate::{
    canary,
    home::{CLOSED, Desktop, Home, OPEN, Ran},
    server::Server,
};

fn doctor(home: &Home, server: &Server) -> Ran {
    let token = server.token_url();
    home.onramp(&["doctor", "--api-url", &server.url, "--token-url", &token], "")
}

/// Whether the block has a line with this mark, this label and these words.
fn has(ran: &Ran, mark: &str, label: &str, words: &str) {
    let is =
        |line: &&str| line.starts_with(&format!("{mark:<4} {label:<9} ")) && line.contains(words);
    assert!(ran.out.lines().any(|line| is(&line)), "no {mark} {label} {words}:\n{}", ran.out);
}

#[test]
fn with_a_real_keyring_the_doctor_finds_all_well_and_shows_nothing_secret() {
    let mut home = Home::bare();
    let Some(desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    home.login(&server, &[], &server.secret).says(0, &[]);
    let well = doctor(&home, &server);
    well.says(0, &[]);
    has(&well, "ok", "process", "no core dumps");
    has(&well, "ok", "config", "config.toml (0600 in 0700), 1 profile");
    has(&well, "ok", "keyring", "keeps secrets");
    has(&well, "ok", "account", "profile lab (the default), secret from keyring");
    has(&well, "--", "tls", "plain http to this machine");
    has(&well, "ok", "api", "127.0.0.1 answers");
    has(&well, "ok", "clock", "0 s");
    has(&well, "ok", "token", "not shown");
    assert!(!well.out.contains(&server.id), "the client id is masked:\n{}", well.out);

    home.onramp(&["logout"], "").says(0, &[]);
    let without = doctor(&home, &server);
    without.says(3, &[]);
    has(&without, "BAD", "account", "no secret from keyring: no entry");
    home.login(&server, &[], &server.secret).says(0, &[]);
    drop(desktop);
    let Some(_desktop) = Desktop::start(&mut home, CLOSED) else { return };
    let locked = doctor(&home, &server);
    locked.says(3, &[]);
    has(&locked, "--", "keyring", "locked");
    has(&locked, "BAD", "account", "no secret from keyring: locked");
    canary::nowhere(&server.secret, &home, &[&well, &without, &locked]);
}

#[test]
fn without_a_desktop_the_variables_count_and_the_keyring_is_told_absent() {
    let mut home = Home::bare();
    let server = Server::start();
    let nothing = doctor(&home, &server);
    nothing.says(3, &[]);
    has(&nothing, "BAD", "account", "onramp login");
    has(&nothing, "ok", "api", "answers");
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    let well = doctor(&home, &server);
    well.says(0, &[]);
    has(&well, "--", "keyring", "absent: ");
    has(&well, "ok", "account", "in MEGAPORT_ACCESS_KEY and MEGAPORT_SECRET_KEY");
    has(&well, "--", "config", "is not there yet");
    let wrong = canary::invent();
    home.set("MEGAPORT_SECRET_KEY", &wrong);
    let refused = doctor(&home, &server);
    refused.says(3, &["not well: token"]);
    has(&refused, "BAD", "token", "only in the environment it was made in");
    canary::nowhere(&server.secret, &home, &[&nothing, &well]);
    canary::nowhere(&wrong, &home, &[&refused]);
}

#[test]
fn an_api_out_of_reach_ends_with_1_and_a_proxys_password_is_not_shown() {
    let mut home = Home::bare();
    let secret = canary::invent();
    home.set("HTTPS_PROXY", &format!("http://somebody:{secret}@127.0.0.1:1"));
    let near = ["doctor", "--api-url", "http://127.0.0.1:1", "--token-url", "http://127.0.0.1:1/t"];
    let near = home.onramp(&near, "");
    near.says(1, &["not well: api"]);
    has(&near, "--", "proxy", "127.0.0.1:1 in HTTPS_PROXY, not used for this machine");
    let far =
        ["doctor", "--api-url", "https://api.invalid", "--token-url", "https://api.invalid/t"];
    let far = home.onramp(&far, "");
    far.says(1, &[]);
    has(&far, "BAD", "api", "can not be reached");
    canary::nowhere(&secret, &home, &[&near, &far]);
}
