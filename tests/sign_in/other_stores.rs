//! A command, the environment, and the ways a script has.

use std::os::unix::fs::PermissionsExt as _;

use onramp::simulator::{self, Options};

use crate::{
    canary,
    harness::pty::Pty,
    home::{Home, skipped},
    server::Server,
};

fn script(home: &Home, text: &str) -> String {
    let path = home.path("helper");
    std::fs::write(&path, text).expect("written");
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&path, mode).expect("executable");
    path.display().to_string()
}

#[test]
fn a_command_prints_the_secret_and_inherits_no_credentials() {
    let mut home = Home::bare();
    let server = Server::start();
    // The file it reads lies elsewhere: the home is searched for the secret.
    let vault = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(vault.path(), format!("{}\nnot this\n", server.secret)).expect("written");
    let lines = "#!/bin/sh\nenv | grep -c ^MEGAPORT_ >\"$1\"\nexec cat \"$2\"\n";
    let helper = script(&home, lines);
    let (count, secret) = (home.path("count"), vault.path().display().to_string());
    let count = count.display().to_string();
    home.set("MEGAPORT_SECRET_KEY", &canary::invent());
    let words = ["--store", "command", "--command", &helper, &count, &secret];
    let login = home.login(&server, &words, "");
    login.says(0, &["comes from a command", "onramp stores nothing"]);
    assert_eq!(std::fs::read_to_string(&count).expect("counted").trim(), "0");
    home.unset("MEGAPORT_SECRET_KEY");
    let console = Pty::start(home.pty(&["--profile", "lab"]), (100, 30));
    console.wait_for_text("8 on-ramps in 4 countries");
    let logout = home.onramp(&["logout"], "");
    logout.says(0, &["Nothing was removed", "a command"]);
    canary::nowhere(&server.secret, &home, &[&login, &logout]);
}

#[test]
fn the_variables_serve_a_profile_and_come_before_another_one() {
    let mut home = Home::bare();
    let server = Server::start();
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    let login = home.login(&server, &["--store", "environment"], "");
    login.says(0, &["comes from the environment"]);
    let console = Pty::start(home.pty(&[]), (100, 30));
    console.wait_for_text("8 on-ramps in 4 countries");
    home.unset("MEGAPORT_SECRET_KEY");
    home.unset("MEGAPORT_ACCESS_KEY");
    let without = home.onramp(&[], "");
    without.says(3, &["set MEGAPORT_SECRET_KEY"]);
    canary::nowhere(&server.secret, &home, &[&login, &without]);
}

#[test]
fn a_secret_comes_from_a_file_descriptor() {
    let home = Home::bare();
    let server = Server::start();
    let token = server.token_url();
    // To the sixth word is the program; its own secret goes through a pipe.
    let line = r#"cat | { "$0" login --profile lab --client-id "$1" --api-url "$2" --token-url "$3" \
        --store kernel --secret-fd 7 7<&0 </dev/null; }"#;
    let args = ["-c", line, crate::home::ONRAMP, &server.id, &server.url, &token];
    let ran = home.run("sh", &args, &format!("{}\n", server.secret));
    if ran.errors.contains("the kernel keyring cannot keep") {
        skipped(&ran.errors);
        return;
    }
    ran.says(0, &["Signed in"]);
    home.onramp(&["logout"], "").says(0, &["Removed"]);
    canary::nowhere(&server.secret, &home, &[&ran]);
}

#[test]
fn a_configuration_that_others_can_write_is_not_read() {
    let home = Home::bare();
    let directory = home.config();
    std::fs::create_dir_all(&directory).expect("made");
    std::fs::write(directory.join("config.toml"), "").expect("written");
    let mode = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(&directory, mode).expect("opened");
    let console = home.onramp(&["profiles"], "");
    console.says(2, &["is not used", "onramp is writable by everybody (o+w)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_was_rotated_is_read_again_from_its_store() {
    let home = Home::bare();
    let world = Options { customer_after: None, ..Options::default() };
    let simulator = simulator::start(world).await.expect("a simulator");
    let vault = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(vault.path(), simulator.client_secret()).expect("written");
    let (url, token) = (simulator.base_url(), simulator.token_url());
    let path = vault.path().display().to_string();
    let mut args = vec!["login", "--profile", "lab", "--client-id", simulator.client_id()];
    args.extend(["--api-url", &url, "--token-url", &token, "--store", "command"]);
    args.extend(["--command", "/bin/cat", &path]);
    home.onramp(&args, "").says(0, &["Signed in"]);
    let mut console = Pty::start(home.pty(&[]), (100, 30));
    console.wait_for_text("8 on-ramps in 4 countries");
    let rotated = canary::invent();
    simulator.rotate_secret(&rotated);
    std::fs::write(vault.path(), &rotated).expect("written");
    let before = simulator.count("GET", "/v2/products");
    console.send("r");
    console.wait_for("the list read with the new secret", |_| {
        let seen = simulator.requests();
        let read =
            |one: &&simulator::LoggedRequest| one.path == "/v2/products" && one.status == Some(200);
        seen.iter().filter(read).count() > before
    });
    console.wait_for_text("8 on-ramps in 4 countries");
    console.send("q");
    assert_eq!(console.exit_code(), 0);
    canary::absent(&rotated, console.raw().as_bytes(), "the terminal");
}
