//! Megaport out of reach: the lists of the last session are there, and say so.

use tempfile::TempDir;

use crate::{
    harness::pty::{Pty, command},
    server::Server,
    support::{ONRAMP, READ},
};

fn console(server: &Server, top: &TempDir) -> Pty {
    let args = ["--api-url", &server.url, "--token-url", &server.token_url(), "--read-write"];
    let mut command = command(ONRAMP, &args);
    command.env("MEGAPORT_ACCESS_KEY", &server.id);
    command.env("MEGAPORT_SECRET_KEY", &server.secret);
    command.env("ONRAMP_STATE_DIR", top.path().join("state"));
    command.env("ONRAMP_CACHE_DIR", top.path().join("cache"));
    Pty::start(command, (120, 36))
}

#[test]
fn killed_simulator_leaves_this_and_the_next_console_browsable() {
    let mut server = Server::start();
    let top = TempDir::new().expect("a directory");
    let mut pty = console(&server, &top);
    pty.wait_for_text(READ);
    server.stop();
    pty.send("r");
    pty.wait_for_text("! Data is");
    pty.wait_for_text("yes?");
    pty.send("/los angeles\r");
    pty.wait_for_text("On-ramps 2 of");
    pty.send("n");
    pty.wait_for_text("No key can be created");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0, "what was read in this session was read");

    let mut pty = console(&server, &top);
    pty.wait_for_text("saved");
    pty.wait_for_text("! Saved data");
    pty.wait_for_text("Los Angeles 1");
    pty.send("2/osaka\r");
    pty.wait_for_text("On-ramps 2 of 8");
    pty.wait_for_text("Next refresh ");
    pty.send("q");
    assert_ne!(pty.exit_code(), 0, "this one has never reached its API");
    for file in std::fs::read_dir(top.path().join("cache")).expect("made") {
        let text = std::fs::read_to_string(file.expect("an entry").path()).expect("text");
        assert!(!text.contains(&server.secret), "no secret is kept");
        let is_key = |word: &str| crate::support::is_uuid(word) && word.starts_with("056c");
        assert!(!text.split('"').any(is_key), "no key is kept");
    }
}
