//! Files of regions: checked for CI, followed and written by the console.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::{
    harness::pty::{Pty, command},
    lists::run,
    server::Server,
    support::ONRAMP,
};

const TEAM: &str = "# The team's.\n[[region]]\nname = \"US-West\"\nmetros = [\"Los Angeles\"]\n";

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file in a fresh directory");
}

/// Takes the place of a file at once, as editors and git do it.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    write(&beside, text);
    fs::rename(beside, path).expect("the same directory");
}

/// Starts a console with a team's file, and a directory for the user's own.
fn console(server: &Server, home: &TempDir) -> Pty {
    let team = home.path().join("team.toml");
    write(&team, TEAM);
    let config = home.path().join("onramp");
    fs::create_dir(&config).expect("a fresh directory");
    let names = format!("[regions]\npath = \"{}\"\n", team.display());
    write(&config.join("config.toml"), &names);
    let api = ["--api-url", &server.url, "--token-url", &server.token_url()];
    let mut command = command(ONRAMP, &api);
    command.env("MEGAPORT_ACCESS_KEY", &server.id);
    command.env("MEGAPORT_SECRET_KEY", &server.secret);
    command.env("ONRAMP_CONFIG_DIR", config);
    command.env("ONRAMP_STATE_DIR", home.path().join("state"));
    Pty::start(command, (120, 36))
}

#[test]
fn a_check_names_file_line_and_column_and_ends_with_1() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("regions.toml");
    let name = file.display().to_string();
    let check = || {
        let mut check = std::process::Command::new(ONRAMP);
        check.env_clear().args(["regions", "check", &name]);
        run(check)
    };
    assert_eq!(check().code, Some(2), "there is no file");
    write(&file, TEAM);
    let good = check();
    assert_eq!((good.code, good.errors.as_str()), (Some(0), ""));
    assert_eq!(good.out, format!("{name}: 1 region, 1 place\n"));
    write(&file, &format!("{TEAM}[[region]]\nname = \"West\"\nmetros = [\"los angeles\"]\n"));
    let tied = check();
    assert_eq!(tied.code, Some(1), "{}", tied.errors);
    let says = "metro los angeles is also claimed by US-West on line 4: neither gets it";
    assert_eq!(tied.out, format!("{name}:7:11: {says}\n"));
    write(&file, "[[region]\n");
    let bad = check();
    assert_eq!(bad.code, Some(1), "{}", bad.errors);
    assert!(bad.out.starts_with(&format!("{name}:1:10: ")), "{}", bad.out);
}

#[test]
fn a_mapping_goes_to_ones_own_file_and_the_teams_is_followed() {
    let (server, home) = (Server::start(), TempDir::new().expect("a directory"));
    let mut pty = console(&server, &home);
    pty.wait_for_text("8 on-ramps in 4 countries");
    // The last of the flat list, by its location.
    pty.send("2Gm");
    pty.wait_for_text("Map to a region");
    pty.send("Down Under");
    pty.wait_for_text("(unmapped) → Down Under");
    pty.send("\r");
    pty.wait_for_text("Down Under has location 3 Global Switch Sydney West (on-ramps moved: 1)");
    let own = home.path().join("onramp/regions.toml");
    let text = fs::read_to_string(&own).expect("it was written");
    assert_eq!(text, "[[region]]\nname = \"Down Under\"\nlocations = [3]\n");
    pty.send(":dun\r");
    pty.wait_for_text("Down Under: 1 on-ramp.");
    // The team pulls a new version, then a bad one.
    let team = home.path().join("team.toml");
    replace(&team, &format!("{TEAM}[[region]]\nname = \"Japan\"\ncountries = [\"Japan\"]\n"));
    pty.wait_for_text("Region 4");
    replace(&team, "[[region]\n");
    pty.send("k");
    pty.wait_for_text("! The region map is unchanged:");
    pty.send(":regions\r");
    pty.wait_for_text("line 1, column 10");
    pty.wait_for_text("country Japan");
    pty.send("\x1b");
    // Both: a frame may be seen before its last line has come in.
    let gone =
        |text: &str| !text.contains("Region map") && !text.contains("region map is unchanged");
    pty.wait_for("dialog and message to go", |screen| gone(&screen.contents()));
    pty.send("u");
    pty.wait_for_text("The last mapping was undone.");
    assert!(!own.exists(), "as it was");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
}
