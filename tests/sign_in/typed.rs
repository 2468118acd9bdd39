//! The secret typed at the prompt, while another process reads the terminal.

use std::time::Duration;

use portable_pty::CommandBuilder;

use crate::{
    canary,
    harness::pty::{Pty, kill},
    home::{Desktop, Home, ONRAMP, OPEN},
    server::Server,
};

const PROMPT: &str = "client secret (nothing is shown): ";

/// `onramp login` under a shell that notes how the terminal is set.
fn prompting(home: &Home, server: &Server, store: &str) -> CommandBuilder {
    let line = r#"echo "BEFORE $(stty -g)"
        sh -c 'echo "PID $$"; exec "$0" "$@"' "$0" login --profile lab --client-id "$1" \
            --api-url "$2" --token-url "$3" --store "$4"
        echo "EXIT $?"
        echo "AFTER $(stty -g)""#;
    let mut command = home.pty(&[]);
    let token = server.token_url();
    let words = ["sh", "-c", line, ONRAMP, &server.id, &server.url, &token, store];
    *command.get_argv_mut() = words.iter().map(Into::into).collect();
    command
}

fn noted<'a>(raw: &'a str, name: &str) -> &'a str {
    let from = raw.rfind(name).unwrap_or_else(|| panic!("{name}is not in {raw:?}"));
    raw[from + name.len()..].lines().next().unwrap_or_default().trim_end()
}

#[test]
fn a_typed_secret_is_nowhere_in_what_the_terminal_gets() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let mut pty = Pty::start(prompting(&home, &server, "keyring"), (200, 30));
    pty.wait_for_text(PROMPT);
    let (start, end) = server.secret.split_at(6);
    // A typing error, deleted.
    pty.send(&format!("{start}?\x7f{end}\r"));
    pty.wait_for_text("AFTER ");
    assert_eq!(pty.exit_code(), 0);
    let raw = pty.raw();
    assert_eq!(noted(&raw, "EXIT "), "0", "{raw}");
    assert_eq!(noted(&raw, "BEFORE "), noted(&raw, "AFTER "), "the terminal is as before");
    assert!(raw.contains("Signed in"), "{raw}");
    canary::absent(&server.secret, raw.as_bytes(), "the terminal");
    canary::nowhere(&server.secret, &home, &[]);
}

#[test]
fn terminal_replies_never_become_part_of_a_secret_or_id() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let mut pty = Pty::start(prompting(&home, &server, "keyring"), (200, 30));
    pty.wait_for_text(PROMPT);
    let answers = ["\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b[?62;22c", "\x1bP>|XTerm(380)\x1b\\"];
    let (start, end) = server.secret.split_at(6);
    pty.send(&format!("{}{start}{}{end}{}\r", answers[0], answers[1], answers[2]));
    pty.wait_for_text("AFTER ");
    assert_eq!(noted(&pty.raw(), "EXIT "), "0", "{}", pty.raw());
}

#[test]
fn the_terminal_comes_back_when_the_prompt_is_left() {
    let mut home = Home::bare();
    let Some(_desktop) = Desktop::start(&mut home, OPEN) else { return };
    let server = Server::start();
    let secret = canary::invent();
    for (signal, code) in [(None, "130"), (Some("TERM"), "143"), (Some("INT"), "130")] {
        let mut pty = Pty::start(prompting(&home, &server, "keyring"), (200, 30));
        pty.wait_for_text(PROMPT);
        pty.send(&secret);
        // Keys that arrive later go to the shell, which shows them. Their arrival
        // cannot be observed.
        pty.pause(Duration::from_millis(200));
        match signal {
            Some(signal) => kill(signal, noted(&pty.raw(), "PID ").parse().expect("an id")),
            None => pty.send("\x03"),
        }
        assert_eq!(pty.exit_code(), 0, "the shell itself ends normally");
        let raw = pty.raw();
        assert_eq!(noted(&raw, "EXIT "), code, "{signal:?}: {raw}");
        assert_eq!(noted(&raw, "BEFORE "), noted(&raw, "AFTER "), "{signal:?}");
        canary::absent(&secret, raw.as_bytes(), "the terminal");
    }
    assert!(!home.config().exists(), "nothing was stored");
}
