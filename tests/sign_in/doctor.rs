//! `onramp doctor` reports the truth: with a keyring, without one, and with variables.

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
fn doctor_with_a_real_keyring_is_healthy_and_shows_no_secret() {
    let mut home = Home::bare();
    let Some(desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    home.login(&server, &[], &server.secret).says(0, &[]);
    let well = doctor(&home, &server);
    well.says(0, &[]);
    has(&well, "ok", "process", "no core dumps");
    has(&well, "ok", "config", "config.toml (0600 in 0700), 1 profile");
    has(&well, "ok", "keyring", "can store secrets");
    has(&well, "--", "state", "does not exist yet");
    has(&well, "--", "log", "off, the default");
    has(&well, "--", "clipboard", "none: not copied: TERM is not set");
    has(&well, "--", "chosen", "profile lab, the one for the API named by a flag");
    has(&well, "--", "role", "starts read-only");
    has(&well, "ok", "account", "profile lab, secret from keyring");
    has(&well, "--", "tls", "plain http to this host");
    has(&well, "ok", "api", "127.0.0.1 replies");
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
fn doctor_without_a_desktop_uses_variables_and_lacks_a_keyring() {
    let mut home = Home::bare();
    let server = Server::start();
    let nothing = doctor(&home, &server);
    nothing.says(3, &[]);
    has(&nothing, "BAD", "account", "onramp login");
    has(&nothing, "ok", "api", "replies");
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    let well = doctor(&home, &server);
    well.says(0, &[]);
    has(&well, "--", "keyring", "absent: ");
    has(&well, "ok", "account", "in MEGAPORT_ACCESS_KEY and MEGAPORT_SECRET_KEY");
    has(&well, "--", "config", "does not exist yet");
    let wrong = canary::invent();
    home.set("MEGAPORT_SECRET_KEY", &wrong);
    let refused = doctor(&home, &server);
    refused.says(3, &["problems: token"]);
    has(&refused, "BAD", "token", "only in the environment it was created in");
    canary::nowhere(&server.secret, &home, &[&nothing, &well]);
    canary::nowhere(&wrong, &home, &[&refused]);
}

#[test]
fn unreachable_api_exits_1_and_hides_the_proxy_password() {
    let mut home = Home::bare();
    let secret = canary::invent();
    home.set("HTTPS_PROXY", &format!("http://somebody:{secret}@127.0.0.1:1"));
    let near = ["doctor", "--api-url", "http://127.0.0.1:1", "--token-url", "http://127.0.0.1:1/t"];
    let near = home.onramp(&near, "");
    near.says(1, &["problems: account, api"]);
    has(&near, "--", "proxy", "127.0.0.1:1 in HTTPS_PROXY, not used for this host");
    home.set("NO_PROXY", "example.com, .invalid");
    let except = home.onramp(&FAR, "");
    has(
        &except,
        "--",
        "proxy",
        "127.0.0.1:1 in HTTPS_PROXY, not used: NO_PROXY excludes this host",
    );
    home.set("NO_PROXY", "auth.invalid");
    let far = home.onramp(&FAR, "");
    far.says(1, &[]);
    has(&far, "--", "proxy", "127.0.0.1:1, by HTTPS_PROXY");
    has(&far, "BAD", "api", "cannot be reached");
    home.set("HTTPS_PROXY", &format!("socks5://a:{secret}@127.0.0.1:1"));
    let socks = home.onramp(&FAR, "");
    has(&socks, "--", "proxy", "127.0.0.1:1, by HTTPS_PROXY");
    home.set("HTTPS_PROXY", &format!("ftp://a:{secret}@127.0.0.1:1"));
    let broken = home.onramp(&FAR, "");
    has(&broken, "BAD", "proxy", "HTTPS_PROXY is not the address of a proxy");
    canary::nowhere(&secret, &home, &[&near, &far, &except, &socks, &broken]);
}

const FAR: [&str; 5] =
    ["doctor", "--api-url", "https://api.invalid", "--token-url", "https://auth.invalid/t"];

#[test]
fn doctor_reports_state_and_log_modes_and_creates_nothing() {
    let mut home = Home::bare();
    let server = Server::start();
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    home.set("ONRAMP_LOG", "warn");
    let before = doctor(&home, &server);
    before.says(0, &[]);
    has(&before, "--", "log", "warn, by ONRAMP_LOG");
    has(&before, "--", "chosen", "API key from environment variables, API named by a flag");
    assert!(!home.path("state").exists(), "the doctor only looks");
    let state = home.path("state/onramp");
    std::fs::create_dir_all(&state).expect("made");
    std::fs::write(state.join("onramp.log"), "").expect("written");
    set(&state, 0o700);
    set(&state.join("onramp.log"), 0o600);
    let there = doctor(&home, &server);
    there.says(0, &[]);
    has(&there, "ok", "state", "state/onramp (0700 in");
    has(&there, "ok", "state", "writable");
    has(&there, "ok", "log", "onramp.log (0600 in 0700)");
    let kept = std::fs::read_dir(&state).expect("listed").count();
    assert_eq!(kept, 1, "what was tried is gone");
    let journal = state.join("journal-v2-account");
    std::fs::write(&journal, "").expect("written");
    set(&journal, 0o600);
    has(&doctor(&home, &server), "ok", "journal", "1 file, lockable and writable");
    set(&journal, 0o644);
    let open = doctor(&home, &server);
    open.says(1, &["problems: journal"]);
    has(&open, "BAD", "journal", "is accessible to other users (044): chmod 600 it: no key");
    std::fs::remove_file(&journal).expect("removed");
    set(&state, 0o777);
    let open = doctor(&home, &server);
    open.says(1, &["problems: state"]);
    has(&open, "BAD", "state", "is writable by everybody (o+w)");
    set(&state, 0o700);
    std::fs::remove_file(state.join("onramp.log")).expect("removed");
    std::os::unix::fs::symlink("/dev/null", state.join("onramp.log")).expect("a link");
    let planted = doctor(&home, &server);
    planted.says(1, &["problems: log"]);
    has(&planted, "BAD", "log", "it is a link, and is not followed");
    home.set("ONRAMP_LOG", "loud");
    doctor(&home, &server).says(1, &["ONRAMP_LOG must be off"]);
}

fn set(path: &std::path::Path, mode: u32) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(path, mode).expect("ours");
}

#[test]
fn ca_variable_is_used_or_its_file_is_named_with_the_reason() {
    let mut home = Home::bare();
    let top = tempfile::tempdir().expect("a directory");
    let file = |name: &str, bytes: &[u8]| {
        let path = top.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    let pem = include_bytes!("../certificates/ca.pem");
    let marked = [b"\xef\xbb\xbf", &pem[..]].concat();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(pem.iter().flat_map(|b| [*b, 0])).collect();
    for (path, wrong) in [
        (file("marked.pem", &marked), None),
        ("/no/such.pem".to_owned(), Some("cannot be used: No such file or directory")),
        (file("empty.pem", b""), Some("it contains no certificate in PEM or DER form")),
        (file("wide.pem", &wide), Some("it is UTF-16 text")),
        ("/".to_owned(), Some("it is not a file")),
    ] {
        home.set("SSL_CERT_FILE", &path);
        let ran = home.onramp(&FAR, "");
        match wrong {
            None => ran.says(1, &["DNS: cannot resolve api.invalid"]),
            Some(why) => ran.says(1, &[why, &format!("SSL_CERT_FILE {path}")]),
        }
        assert!(!ran.out.contains("os error"), "{ran:?}");
    }
}
