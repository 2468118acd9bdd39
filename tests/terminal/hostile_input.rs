//! A Megaport whose every text contains terminal sequences: the terminal, the pipes and
//! the files get plain text all the same.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Write as _},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use axum::{Router, body::Bytes, extract::Request, response::Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};
use vte::{Params, Parser, Perform};

use crate::{
    harness::pty::{Pty, command},
    lists::{command as list, run},
    server::Server,
    support::{ONRAMP, demo},
};

/// Texts that clear screens, set titles and clipboards, ask for reports, or
/// show themselves as others.
const EVIL: [&str; 20] = [
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{1b}]52;c;?\u{1b}\\",
    "\u{1b}]8;;http://evil.example\u{1b}\\x",
    "\u{1b}P$q\"p\u{1b}\\",
    "\u{1b}_apc\u{1b}\\",
    "\u{1b}^pm\u{1b}\\",
    "\u{1b}Xsos\u{1b}\\",
    "\u{1b}[21t",
    "\u{1b}[6n",
    "\u{1b}c",
    "\u{9b}31m",
    "\u{9d}52;c;eA==\u{9c}",
    "\u{90}q\u{9c}",
    "\r\u{8}\u{7}\u{b}\u{c}\u{7f}",
    "\u{e}\u{f}",
    "a\u{202e}b\u{2066}c\u{200b}d",
    "line\nbreak\ttab",
    "\u{e0041}\u{115f}\u{3164}\u{fe0f}z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
];

/// Members whose text is an id, a word of a list or a time: without them a record is
/// not read at all, and none of it would be shown.
const STRUCTURE: [&str; 12] = [
    "access_token",
    "token_type",
    "productUid",
    "productType",
    "provisioningStatus",
    "key",
    "companyUid",
    "connectType",
    "type",
    "state",
    "diversityZone",
    "country",
];

/// The texts that are made hostile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Texts written by people.
    Words,
    /// All but the token.
    All,
}

/// A proxy to a server that spoils each of its answers.
struct HostileServer {
    server: Server,
    _runtime: Runtime,
}

impl HostileServer {
    fn new(mut server: Server, what: What) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (behind, turn) = (server.url.clone(), Arc::new(AtomicUsize::new(0)));
        let client = reqwest::Client::new();
        let pass = move |request: Request| {
            pass(client.clone(), behind.clone(), request, what, Arc::clone(&turn))
        };
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        server.url = format!("http://{}", listener.local_addr().expect("bound"));
        runtime.spawn(async move {
            axum::serve(listener, Router::new().fallback(pass)).await.expect("it serves");
        });
        Self { server, _runtime: runtime }
    }
}

async fn pass(
    client: reqwest::Client,
    behind: String,
    request: Request,
    what: What,
    turn: Arc<AtomicUsize>,
) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut headers = parts.headers;
    headers.remove("host");
    headers.remove("accept-encoding");
    let asked = client.request(parts.method, format!("{behind}{path}")).headers(headers);
    let answer = asked.body(body).send().await.expect("an answer");
    let mut back = Response::builder().status(answer.status());
    for name in ["content-type", "date", "retry-after"] {
        if let Some(value) = answer.headers().get(name) {
            back = back.header(name, value);
        }
    }
    // A header cannot contain controls; bytes that look like C1 in it are only bytes.
    let evil = http::HeaderValue::from_bytes(b"\x9b31m\xc2\x9b31m").expect("legal");
    back = back.header("server", evil.clone()).header("trace-id", evil);
    let bytes = answer.bytes().await.expect("whole");
    let turned = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            turn_evil(&mut value, "", what, &turn);
            value.to_string().into_bytes()
        }
        Err(_) => bytes.to_vec(),
    };
    back.body(turned.into()).expect("a response")
}

fn turn_evil(value: &mut Value, member: &str, what: What, turn: &AtomicUsize) {
    match value {
        Value::String(text) => {
            let spared = match what {
                What::Words => STRUCTURE.contains(&member) || member.ends_with("Date"),
                What::All => matches!(member, "access_token" | "token_type"),
            };
            if !spared {
                let nth = turn.fetch_add(1, Ordering::SeqCst);
                let evil = EVIL[nth % EVIL.len()];
                *text = format!("{evil}{text}{evil}");
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| turn_evil(one, member, what, turn)),
        Value::Object(all) => {
            all.iter_mut().for_each(|(name, one)| turn_evil(one, name, what, turn));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The commands that a terminal received.
#[derive(Debug, Default, PartialEq, Eq)]
struct TerminalCommands(BTreeSet<String>);

impl Perform for TerminalCommands {
    fn execute(&mut self, byte: u8) {
        self.0.insert(format!("C0 {byte:02x}"));
    }

    fn csi_dispatch(&mut self, _: &Params, marks: &[u8], _: bool, end: char) {
        self.0.insert(format!("CSI {}{end}", String::from_utf8_lossy(marks)));
    }

    fn esc_dispatch(&mut self, marks: &[u8], _: bool, byte: u8) {
        self.0.insert(format!("ESC {}{}", String::from_utf8_lossy(marks), char::from(byte)));
    }

    fn osc_dispatch(&mut self, texts: &[&[u8]], _: bool) {
        let first = texts.first().map(|text| String::from_utf8_lossy(text).into_owned());
        self.0.insert(format!("OSC {}", first.unwrap_or_default()));
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, end: char) {
        self.0.insert(format!("DCS {end}"));
    }
}

/// Returns every terminal command in `raw`. Sequences that the parser skips silently
/// are searched by hand.
fn commands(raw: &str) -> TerminalCommands {
    let mut commands = TerminalCommands::default();
    Parser::new().advance(&mut commands, raw.as_bytes());
    for start in ["\u{1b}_", "\u{1b}^", "\u{1b}X"] {
        if raw.contains(start) {
            commands.0.insert(format!("{start:?}"));
        }
    }
    let odd = |c: &char| matches!(c, '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}');
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let hidden = |c: &char| matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{115f}' | '\u{3164}');
    let found = raw.chars().filter(|c| odd(c) || turns(c) || hidden(c));
    commands.0.extend(found.map(|c| format!("{c:?}")));
    commands
}

/// Starts a console that reads from there and saves everything it can.
fn console(server: &Server, state: &Path) -> Pty {
    let args = ["--api-url", &server.url, "--token-url", &server.token_url(), "--read-write"];
    let mut command = command(ONRAMP, &args);
    command.env("MEGAPORT_ACCESS_KEY", &server.id);
    command.env("MEGAPORT_SECRET_KEY", &server.secret);
    command.env("ONRAMP_STATE_DIR", state);
    command.env("ONRAMP_LOG", "debug");
    Pty::start(command, (120, 36))
}

/// Keys through every view and most dialogs, each drawn before the next.
fn walk(pty: &mut Pty) {
    const WALK: [&str; 34] = [
        "1", "l", "l", "j", "\r", "j", "j", "\x1b", "V", "\x1b", "w", "\x1b", "n", "\x1b", "!",
        "\x1b", "2", "j", "3", "j", "d", "\x1b", "\r", "\x1b", "e", "\x1b", "4", "j", "\r", "\x1b",
        "?", "\x1b", ":log\r", "\x1b",
    ];
    for keys in WALK {
        pty.send(keys);
        pty.settle();
    }
}

/// Returns whether text in a pipe or a file has nothing but lines of characters in it.
fn is_plain(text: &str) -> bool {
    let bare = text.replace("\r\n", "\n");
    commands(&bare).0.iter().all(|commands| commands == "C0 0a")
}

#[test]
fn f80_hostile_megaport_texts_add_no_terminal_sequences() {
    let mut pty = demo((120, 36));
    walk(&mut pty);
    pty.send("q");
    pty.exit_code();
    let usual = commands(&pty.raw());
    // The title of the window, and nothing else that goes beyond the screen.
    let beyond = |commands: &&String| commands.contains("OSC") || commands.contains("DCS");
    assert_eq!(usual.0.iter().filter(beyond).collect::<Vec<_>>(), ["OSC 2"], "{usual:?}");

    for what in [What::Words, What::All] {
        let hostile = HostileServer::new(Server::start(), what);
        let state = TempDir::new().expect("a directory");
        let home = state.path().join("state");
        let mut pty = console(&hostile.server, &home);
        if what == What::Words {
            pty.wait_for_text("8 on-ramps");
            pty.wait_for_text("^[");
        } else {
            pty.wait_for_text("could not be read");
        }
        walk(&mut pty);
        pty.send("q");
        pty.pause(std::time::Duration::from_millis(50));
        pty.send("y");
        assert_eq!(pty.exit_code(), 0);
        let hostile = commands(&pty.raw());
        let more: Vec<_> = hostile.0.difference(&usual.0).collect();
        assert!(more.is_empty(), "{more:?}");
        for file in fs::read_dir(&home).expect("the state directory") {
            let path = file.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("text");
            assert!(is_plain(&text), "{}: {:?}", path.display(), commands(&text));
        }
    }
}

#[test]
fn f80_lists_and_shift_report_are_plain_with_hostile_texts() {
    let directory = TempDir::new().expect("a directory");
    for what in [What::Words, What::All] {
        let hostile = HostileServer::new(Server::start(), what);
        for args in [
            &["on-ramps", "list"][..],
            &["on-ramps", "list", "--csv"],
            &["on-ramps", "list", "--json"],
            &["keys", "list"],
            &["keys", "list", "--csv", "--include-keys"],
            &["keys", "list", "--json"],
            &["keys", "watch", "--timeout", "1s", "--json", "Echo"],
        ] {
            let mut list = list(&hostile.server, args);
            list.env("ONRAMP_STATE_DIR", directory.path().join("state"));
            let run = run(list);
            assert!(is_plain(&run.out), "{args:?}: {:?}", commands(&run.out));
            assert!(is_plain(&run.errors), "{args:?}: {:?}", commands(&run.errors));
            if what == What::Words && args.contains(&"list") {
                assert!(run.out.contains("^["), "{args:?} shows the texts: {}", run.out);
            }
        }
        let file = directory.path().join(format!("{}.md", what as u8));
        let path = file.display().to_string();
        let run = run(list(&hostile.server, &["handover", "--out", &path]));
        assert!(is_plain(&run.errors), "{:?}", commands(&run.errors));
        assert!(is_plain(&fs::read_to_string(&file).expect("written")), "the hand-over");
    }
}

#[test]
fn f80_the_text_of_an_error_is_plain_too() {
    let evil = EVIL.concat();
    let body = serde_json::json!({"message": evil, "terms": evil, "data": [evil]}).to_string();
    let html = format!("<html><title>{evil}</title><body>{evil}</body></html>");
    thread::scope(|scope| {
        for (kind, text) in [("application/json", &body), ("text/html", &html)] {
            for code in [200, 400, 401, 403, 404, 500, 502] {
                scope.spawn(move || failed_with(code, kind, text));
            }
        }
    });
}

/// Lists keys on a server that fails with this text.
fn failed_with(code: u16, kind: &str, text: &str) {
    let directory = TempDir::new().expect("a directory");
    let faults = directory.path().join("faults.json");
    let raw = serde_json::json!({"code": code, "body": text, "content_type": kind});
    let fault =
        serde_json::json!([{"match": "GET /v2/service/key", "times": 0, "act": {"raw": raw}}]);
    fs::write(&faults, fault.to_string()).expect("written");
    let server = Server::start_with(&["--faults", &faults.display().to_string()]);
    let run = run(list(&server, &["keys", "list"]));
    assert_ne!(run.code, Some(0), "{code} {kind}: {}", run.out);
    assert!(is_plain(&run.errors), "{code} {kind}: {:?}", commands(&run.errors));
}

#[test]
fn f80_a_reason_phrase_and_headers_of_an_error_are_plain_too() {
    let heads = [
        "HTTP/1.1 502 \u{9b}31m\u{9d}52;c;eA==\u{9c}",
        "HTTP/1.1 502 \u{1b}[2J\u{1b}]0;title\u{7}",
        "HTTP/1.1 999 \u{202e}odd",
        "\u{1b}]0;title\u{7} 200 OK",
    ];
    thread::scope(|scope| {
        for head in heads {
            scope.spawn(move || answered_with(head));
        }
    });
}

/// Lists keys on a server that answers with this line and evil headers.
fn answered_with(head: &'static str) {
    let mut server = Server::start();
    let token = server.token_url();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    server.url = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let evil = "\u{9b}31m\u{202e}";
            let reply = format!(
                "{head}\r\nserver: {evil}\r\ntrace-id: {evil}\r\nretry-after: {evil}\r\n\
                     content-type: {evil}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            let mut asked = [0; 4096];
            drop(stream.read(&mut asked).and_then(|_| stream.write_all(reply.as_bytes())));
        }
    });
    let mut command = std::process::Command::new(ONRAMP);
    command.args(["--api-url", &server.url, "--token-url", &token, "keys", "list"]).env_clear();
    command.env("MEGAPORT_ACCESS_KEY", &server.id).env("MEGAPORT_SECRET_KEY", &server.secret);
    command.env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
    let run = run(command);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{head:?}: {}", run.errors);
    assert!(!run.errors.is_empty(), "{head:?}");
    assert!(is_plain(&run.errors), "{head:?}: {:?}", commands(&run.errors));
}
