//! The console's lists without a screen: standard output, standard error, and the exit
//! code.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{server::Server, support::ONRAMP};

/// The output of the program, and its code.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

/// `onramp` on a simulator, with nothing in its environment but the key pair.
pub(crate) fn command(server: &Server, args: &[&str]) -> Command {
    let mut command = Command::new(ONRAMP);
    command.args(["--api-url", &server.url, "--token-url", &server.token_url()]).args(args);
    command.env_clear().env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
    command.env("ONRAMP_STATE_DIR", "/nonexistent/onramp");
    command.env("MEGAPORT_ACCESS_KEY", &server.id).env("MEGAPORT_SECRET_KEY", &server.secret);
    command.stdin(Stdio::null());
    command
}

pub(crate) fn run(mut command: Command) -> Run {
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code(), out: text(&output.stdout), errors: text(&output.stderr) }
}

fn json(run: &Run) -> Vec<Value> {
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{}", run.out);
    serde_json::from_str(&run.out).expect("an array and nothing else")
}

#[test]
fn on_ramps_are_one_json_array_with_plain_names() {
    let server = Server::start();
    let all = json(&run(command(&server, &["on-ramps", "list", "--json"])));
    assert_eq!(all.len(), 8, "a LAG is one on-ramp");
    for one in &all {
        assert!(one["uid"].is_string() && one["name"].is_string(), "{one}");
        assert!(one["vxcs"].is_u64() && one["unused_keys"].is_u64(), "{one}");
        assert_eq!(one["open"] == true, one["closed_because"] == Value::Array(vec![]), "{one}");
    }
    let first = &all[0];
    assert_eq!(first["kind"], "Port", "{first}");
    assert!(first["speed_mbps"].as_u64() >= Some(1_000), "{first}");
}

#[test]
fn keys_are_listed_masked_unless_asked_in_full() {
    let server = Server::start();
    let masked = run(command(&server, &["keys", "list", "--json"]));
    let all = json(&masked);
    assert!(!all.is_empty());
    let state = tempfile::tempdir().expect("a directory");
    let mut in_clear = command(&server, &["keys", "list", "--json", "--include-keys"]);
    in_clear.env("ONRAMP_STATE_DIR", state.path().join("state"));
    let whole = json(&run(in_clear));
    let audit = std::fs::read_to_string(state.path().join("state/audit.jsonl")).expect("written");
    assert!(audit.contains("key.handed-over") && audit.contains("in clear"), "{audit}");
    assert_eq!(all.len(), whole.len());
    for (one, whole) in all.iter().zip(&whole) {
        let key = whole["key"].as_str().expect("the key");
        assert!(one.get("key").is_none() && !masked.out.contains(key), "{one}");
        assert!(!audit.contains(key), "no key is in the audit");
        assert_eq!(one["fingerprint"], whole["fingerprint"]);
        let tail = &key[key.len() - 4..];
        assert!(one["masked"].as_str().is_some_and(|masked| masked.ends_with(tail)), "{one}");
        assert!(one["evidence"].as_array().is_some_and(|all| !all.is_empty()), "{one}");
    }
    for args in [&["keys", "list"][..], &["keys", "list", "--csv"]] {
        let plain = run(command(&server, args));
        for whole in &whole {
            assert!(!plain.out.contains(whole["key"].as_str().expect("the key")), "{args:?}");
        }
    }
}

#[test]
fn text_table_is_aligned_and_csv_quotes_every_field() {
    let server = Server::start();
    let plain = run(command(&server, &["on-ramps", "list"]));
    let lines: Vec<_> = plain.out.lines().collect();
    assert_eq!((plain.code, lines.len()), (Some(0), 9), "{}", plain.out);
    let zone = lines[0].find("ZONE").expect("a head");
    assert!(lines[1..].iter().all(|line| !line[..zone].ends_with("BLUE")), "{}", plain.out);
    let csv = run(command(&server, &["on-ramps", "list", "--csv"]));
    assert_eq!((csv.code, csv.errors.as_str()), (Some(0), ""));
    assert!(csv.out.starts_with("\"uid\",\"name\",\"kind\""), "{}", csv.out);
    assert_eq!(csv.out.matches("\r\n").count(), 9);
}

#[test]
fn unreadable_entries_are_counted_on_stderr_and_exit_6() {
    let directory = tempfile::tempdir().expect("a directory");
    let faults = directory.path().join("faults.json");
    let cut = r#"[{"match": "GET /v2/service/key", "act": {"raw": {"code": 200,
        "body": "{\"message\": \"ok\", \"data\": [{\"key\": 7}]}"}}}]"#;
    std::fs::write(&faults, cut).expect("written");
    let server = Server::start_with(&["--faults", &faults.display().to_string()]);
    let run = run(command(&server, &["keys", "list", "--json"]));
    assert_eq!((run.code, run.out.as_str()), (Some(6), "[]\n"), "{}", run.errors);
    assert!(run.errors.contains("1 key unreadable"), "{}", run.errors);
}

#[test]
fn refused_credentials_exit_3_and_unreachable_api_1_silently() {
    let server = Server::start();
    let mut refused = command(&server, &["keys", "list", "--json"]);
    refused.env("MEGAPORT_SECRET_KEY", "not-the-secret");
    let refused = run(refused);
    assert_eq!((refused.code, refused.out.as_str()), (Some(3), ""), "{}", refused.errors);
    assert!(!refused.errors.contains("not-the-secret"));
    let mut nowhere = Command::new(ONRAMP);
    nowhere.args(["on-ramps", "list", "--json", "--api-url", "http://127.0.0.1:1"]);
    nowhere.args(["--token-url", "http://127.0.0.1:1/t"]).env_clear();
    nowhere.env("MEGAPORT_ACCESS_KEY", "an-id").env("MEGAPORT_SECRET_KEY", "a-secret");
    nowhere.env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
    let nowhere = run(nowhere);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (Some(1), ""), "{}", nowhere.errors);
}

#[test]
fn no_key_is_printed_where_a_required_audit_can_not_be_written() {
    let server = Server::start();
    let home = tempfile::tempdir().expect("a directory");
    std::fs::write(home.path().join("config.toml"), "[audit]\nrequired = true\n").expect("written");
    std::fs::write(home.path().join("state"), "a file where a directory should be")
        .expect("written");
    let mut listed = command(&server, &["keys", "list", "--json", "--include-keys"]);
    listed.env("ONRAMP_CONFIG_DIR", home.path());
    listed.env("ONRAMP_STATE_DIR", home.path().join("state"));
    let listed = run(listed);
    assert_eq!((listed.code, listed.out.as_str()), (Some(1), ""), "{}", listed.errors);
    assert!(listed.errors.contains("is required"), "{}", listed.errors);
}
