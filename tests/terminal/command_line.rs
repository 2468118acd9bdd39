//! Messages of the command line, without a terminal: one sentence, one code.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::support::ONRAMP;

/// A run without a terminal: its exit code, and what it wrote.
struct Run {
    code: Option<i32>,
    out: String,
    errors: String,
}

fn run(args: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(ONRAMP);
    command.args(args).env_clear().env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
    command.env("ONRAMP_STATE_DIR", "/nonexistent/onramp");
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code(), out: text(&output.stdout), errors: text(&output.stderr) }
}

fn file(directory: &TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = directory.path().join(name);
    std::fs::write(&path, text).expect("a file in a fresh directory");
    path.display().to_string()
}

const KEY_PAIR: [(&str, &str); 2] =
    [("MEGAPORT_ACCESS_KEY", "an-id"), ("MEGAPORT_SECRET_KEY", "a-secret")];

#[test]
fn unknown_log_level_is_reported_without_echo() {
    for args in [&["demo"][..], &[], &["login"]] {
        let run = run(args, &[("ONRAMP_LOG", "a-secret-by-mistake")]);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.errors);
        assert!(run.errors.contains("ONRAMP_LOG must be off, error, warn, info or debug"));
        assert!(!run.errors.contains("mistake"), "{}", run.errors);
    }
}

#[test]
fn invalid_command_line_exits_2_and_names_the_error() {
    let directory = TempDir::new().expect("a directory");
    let regions = file(&directory, "regions.toml", "[[region]]\nname = \"A\"\nmetros = \"LA\"\n");
    let world = file(&directory, "world.json", "{\n  \"companies\": oops\n}");
    let faults = file(&directory, "faults.json", "[\n {\"on\": 7}\n]");
    let shapeless = file(&directory, "shapeless.json", "{}");
    let cases: &[(&[&str], &[&str])] = &[
        (&["--frobnicate"], &["--frobnicate"]),
        (&["frobnicate"], &["frobnicate"]),
        (&["--api-url", "https://api.example.net"], &["--token-url"]),
        (&["--token-url", "https://auth.example.net"], &["--api-url"]),
        (&["--environment", "moon"], &["moon", "production, staging, development"]),
        (&["demo"], &["needs a terminal"]),
        (&["demo", "--regions", &regions], &["regions.toml, line 3, column 10"]),
        (&["demo", "--regions", "/nonexistent/r.toml"], &["/nonexistent/r.toml", "read"]),
        (&["demo", "--world", &world], &["world.json:2:16"]),
        (&["demo", "--world", &shapeless], &["shapeless.json:1:2"]),
        (&["demo", "--world", "/nonexistent/w.json"], &["/nonexistent/w.json", "read"]),
        (&["demo", "--faults", &faults], &["faults.json:2:"]),
        (&["simulator", "--listen", "everywhere"], &["everywhere"]),
    ];
    for (args, says) in cases {
        let run = run(args, &[]);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.errors);
        for word in *says {
            assert!(run.errors.contains(word), "{args:?} says {word:?}: {}", run.errors);
        }
        assert!(run.out.is_empty(), "{args:?} prints nothing else: {}", run.out);
        assert!(!run.errors.contains('\x1b'), "{args:?} leaves the terminal alone");
    }
}

#[test]
fn corrupt_regions_file_in_the_config_dir_is_reported_alike() {
    let directory = TempDir::new().expect("a directory");
    file(&directory, "regions.toml", "[[region]]\nname = \"A\"\nmetro = [\"LA\"]\n");
    let at = directory.path().display().to_string();
    let mut variables = KEY_PAIR.to_vec();
    variables.push(("ONRAMP_CONFIG_DIR", &at));
    let run = run(&[], &variables);
    assert_eq!(run.code, Some(2), "{}", run.errors);
    assert!(run.errors.contains("regions.toml, line 3, column 1"), "{}", run.errors);
}

#[test]
fn missing_credentials_exit_3_and_name_the_variables() {
    let [id, secret] = KEY_PAIR;
    let cases = [
        (vec![], "set MEGAPORT_ACCESS_KEY and MEGAPORT_SECRET_KEY"),
        (vec![id], "set MEGAPORT_SECRET_KEY"),
        (vec![secret, (id.0, " ")], "set MEGAPORT_ACCESS_KEY"),
    ];
    for (variables, says) in cases {
        let run = run(&[], &variables);
        assert_eq!(run.code, Some(3), "{}", run.errors);
        assert!(run.errors.contains(says), "says {says:?}: {}", run.errors);
        assert!(!run.errors.contains("a-secret"), "no secret is ever printed");
    }
}

#[test]
fn an_api_in_plain_text_elsewhere_is_refused() {
    let urls = ["--api-url", "http://api.example.net", "--token-url", "http://api.example.net/t"];
    let run = run(&urls, &KEY_PAIR);
    assert_eq!(run.code, Some(2), "{}", run.errors);
    assert!(run.errors.contains("https"), "{}", run.errors);
}

#[test]
fn help_version_and_keymap_are_printed_and_end_with_0() {
    for (args, says) in [
        (["--help"], "onramp demo"),
        (["--version"], env!("CARGO_PKG_VERSION")),
        (["keymap"], "| `Enter`"),
    ] {
        let run = run(&args, &[]);
        assert_eq!(run.code, Some(0), "{args:?}: {}", run.errors);
        assert!(run.out.contains(says), "{args:?}: {}", run.out);
    }
}
