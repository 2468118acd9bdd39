//! Secrets on the command line are refused, and never repeated.

use crate::{canary, home::Home};

#[test]
fn a_secret_on_the_command_line_is_refused_without_an_echo() {
    let home = Home::bare();
    let secret = canary::invent();
    let lines: [&[&str]; 9] = [
        &["--client-secret", &secret],
        &[&format!("--client-secret={secret}")],
        &["login", "--secret", &secret],
        &["login", &format!("--secret={secret}")],
        &["login", "--password", &secret],
        &["login", &format!("--token={secret}")],
        &["login", "--secret-fd", &secret],
        &["login", &secret],
        &["login", &format!("--scret={secret}")],
    ];
    for line in lines {
        let ran = home.onramp(line, "");
        ran.says(2, &["--secret-fd"]);
        canary::nowhere(&secret, &home, &[&ran]);
    }
}

#[test]
fn a_relative_command_is_blamed_on_the_command() {
    let home = Home::bare();
    let line = ["login", "--store", "command", "--client-id", "an-id", "--command", "./pass", "x"];
    let ran = home.onramp(&line, "");
    ran.says(2, &["--command: expected an absolute path"]);
    assert!(!ran.errors.contains("keyring"), "{ran:?}");
}

#[test]
fn no_option_takes_a_secret() {
    let home = Home::bare();
    for command in ["", "login", "logout", "profiles", "doctor"] {
        let mut line = vec![command, "--help"];
        line.retain(|word| !word.is_empty());
        let help = home.onramp(&line, "").out.to_lowercase();
        let options = help.split_whitespace().filter(|word| word.starts_with("--"));
        let secret = |word: &&str| ["secret", "password", "token"].iter().any(|s| word.contains(s));
        let left: Vec<_> = options.filter(secret).collect();
        let harmless =
            |word: &&str| word.starts_with("--secret-fd") || word.starts_with("--token-url");
        assert!(left.iter().all(harmless), "{left:?}");
    }
}
