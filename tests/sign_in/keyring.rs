//! The desktop's keyring: open, locked, not there, and silent.

use std::os::unix::{fs::PermissionsExt as _, net::UnixListener};

use crate::{
    canary,
    harness::pty::Pty,
    home::{CLOSED, Desktop, Home, OPEN, Ran},
    server::Server,
};

/// Returns the keyring's own view of the simulator's entry.
fn kept(home: &Home, server: &Server) -> Ran {
    let service = format!("onramp CUSTOM {}", server.url.trim_start_matches("http://"));
    let user = format!("lab/{}", server.id);
    home.run("secret-tool", &["lookup", "service", &service, "username", &user], "")
}

#[test]
fn secret_in_the_real_keyring_is_used_and_then_removed() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let login = home.login(&server, &[], &server.secret);
    login.says(0, &["Signed in to CUSTOM", "desktop keyring", "Profile lab is in"]);
    assert_eq!(kept(&home, &server).out.trim(), server.secret);

    let file = home.config().join("config.toml");
    let text = std::fs::read_to_string(&file).expect("written");
    assert!(text.contains("default = \"lab\"") && text.contains("read-only"), "{text}");
    let mode = |path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(home.config())), (0o600, 0o700));

    let mut console = Pty::start(home.pty(&[]), (100, 30));
    console.wait_for_text("8 on-ramps in 4 countries");
    console.send("q");
    assert_eq!(console.exit_code(), 0);
    canary::absent(&server.secret, console.raw().as_bytes(), "the terminal");

    let profiles = home.onramp(&["profiles"], "");
    profiles.says(0, &["* lab", "CUSTOM", "keyring"]);
    assert!(!profiles.out.contains(&server.id), "the client id is masked: {}", profiles.out);
    let again = home.login(&server, &[], &server.secret);
    again.says(0, &["Signed in"]);
    let logout = home.onramp(&["logout"], "");
    logout.says(0, &["Removed \"onramp CUSTOM 127.0.0.1:", "from the desktop keyring"]);
    assert_ne!(kept(&home, &server).code, Some(0), "it no longer exists");
    home.onramp(&["logout"], "").says(0, &["Nothing was removed"]);
    let console = home.onramp(&[], "");
    console.says(3, &["no such entry", "onramp login --profile lab"]);
    canary::nowhere(&server.secret, &home, &[&login, &profiles, &again, &logout, &console]);
}

#[test]
fn wrong_secret_is_reported_before_storing() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let wrong = canary::invent();
    let login = home.login(&server, &[], &wrong);
    login.says(3, &["only in the environment it was created in", "Nothing was stored"]);
    assert_ne!(kept(&home, &server).code, Some(0), "nothing is in the keyring");
    assert!(!home.config().exists(), "and no profile was written");
    canary::nowhere(&wrong, &home, &[&login]);
}

#[test]
fn a_locked_keyring_is_told_and_gets_nothing() {
    let mut home = Home::bare();
    let Some(desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    home.login(&server, &[], &server.secret).says(0, &[]);
    drop(desktop);
    let Some(_desktop) = Desktop::start(&mut home, CLOSED) else { return };
    let login = home.login(&server, &[], &server.secret);
    login.says(3, &["it is locked", "Nothing was stored", "--store kernel"]);
    let console = home.onramp(&[], "");
    console.says(3, &["no secret for profile lab", "it is locked"]);
    canary::nowhere(&server.secret, &home, &[&login, &console]);
}

#[test]
fn without_a_bus_or_without_a_keyring_on_it_a_way_on_is_named() {
    let mut home = Home::bare();
    let server = Server::start();
    let ways = ["it is not available", "Nothing was stored", "--store kernel", "--store command"];
    let without_bus = home.login(&server, &[], &server.secret);
    without_bus.says(3, &ways);
    canary::nowhere(&server.secret, &home, &[&without_bus]);
    let Some(_desktop) = Desktop::start(&mut home, "") else { return };
    // A service file could start one.
    home.set("XDG_DATA_DIRS", "/nonexistent");
    let without_keyring = home.login(&server, &[], &server.secret);
    assert_eq!(without_keyring.code, Some(3), "{without_keyring:?}");
    assert!(!home.config().exists(), "no profile was written");
    canary::nowhere(&server.secret, &home, &[&without_keyring]);
}

#[test]
fn a_bus_that_never_answers_is_given_up() {
    let mut home = Home::bare();
    let socket = home.path("run/silent");
    let _silent = UnixListener::bind(&socket).expect("a socket");
    home.set("DBUS_SESSION_BUS_ADDRESS", &format!("unix:path={}", socket.display()));
    let server = Server::start();
    let login = home.login(&server, &[], &server.secret);
    login.says(3, &["it does not respond", "Nothing was stored"]);
}
