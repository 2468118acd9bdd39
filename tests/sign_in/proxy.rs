//! The password of a proxy, and that of any other address: nowhere.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use crate::{
    canary,
    harness::pty::Pty,
    home::{Home, Ran},
    server::Server,
};

const FAR: [&str; 4] =
    ["--api-url", "https://api.invalid", "--token-url", "https://auth.invalid/t"];

const VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/// Returns a password that is written as it is, each time with another character that
/// ends a host, or does not belong into an address.
fn raw(secret: &str) -> Vec<String> {
    let (start, end) = secret.split_at(secret.len() / 2);
    let with = |c: &str| format!("http://somebody:{start}{c}{end}@127.0.0.1:1");
    let mut all: Vec<_> = ["#", "/", "?", "@", " ", "ä", "\\"].map(with).to_vec();
    all.push(format!(" http://somebody:{secret}@127.0.0.1:1"));
    all.push(format!("http://somebody:{secret}@127.0.0.1:1 "));
    all.push(format!("http://somebody:{secret}"));
    all.push(format!("http://{secret}/@127.0.0.1:1"));
    all.push(format!("{secret}://127.0.0.1:1"));
    all.push(format!("somebody:{start}#{end}@127.0.0.1:1"));
    all.push(format!("socks5://somebody:{start}#{end}@127.0.0.1:1"));
    all
}

/// Searches for both halves, with any separator between them.
fn nowhere(secret: &str, home: &Home, ran: &[&Ran]) {
    let (start, end) = secret.split_at(secret.len() / 2);
    for part in [secret, start, end] {
        canary::nowhere(part, home, ran);
    }
}

fn absent(secret: &str, raw: &str) {
    let (start, end) = secret.split_at(secret.len() / 2);
    for part in [secret, start, end] {
        canary::absent(part, raw.as_bytes(), "the terminal");
    }
}

fn with_a_pair() -> Home {
    let mut home = Home::bare();
    home.set("MEGAPORT_ACCESS_KEY", "an-id-of-a-key");
    home.set("MEGAPORT_SECRET_KEY", "a-secret-of-a-key");
    home.set("ONRAMP_LOG", "debug");
    home
}

#[test]
fn proxy_with_unencoded_password_is_refused_by_variable_name() {
    let secret = canary::invent();
    // One for each reading of the address; the console's start has them all.
    for value in raw(&secret).into_iter().take(5) {
        let mut home = with_a_pair();
        home.set("HTTPS_PROXY", &value);
        let doctor = home.onramp(&[&["doctor"], &FAR[..]].concat(), "");
        doctor.says(1, &["problems: proxy", "HTTPS_PROXY is not the address of a proxy"]);
        let console = home.onramp(&FAR, "");
        console.says(2, &["HTTPS_PROXY is not the address", "# as %23"]);
        let login = [&["login", "--client-id", "an-id"], &FAR[..]].concat();
        let login = home.onramp(&login, "typed\n");
        login.says(2, &["HTTPS_PROXY is not the address"]);
        let list = home.onramp(&[&["on-ramps", "list"], &FAR[..]].concat(), "");
        list.says(2, &["HTTPS_PROXY is not the address"]);
        nowhere(&secret, &home, &[&doctor, &console, &login, &list]);
    }
}

#[test]
fn every_variable_of_a_proxy_is_checked() {
    let secret = canary::invent();
    for name in VARIABLES {
        let mut home = with_a_pair();
        home.set(name, &format!("http://somebody:a#{secret}@127.0.0.1:1"));
        let ran = home.onramp(&FAR, "");
        ran.says(2, &[&format!("{name} is not the address of a proxy")]);
        nowhere(&secret, &home, &[&ran]);
    }
}

#[test]
fn console_refuses_such_a_proxy_and_shows_nothing_of_it() {
    let secret = canary::invent();
    for value in raw(&secret) {
        let mut home = with_a_pair();
        home.set("https_proxy", &value);
        let console = Pty::start(home.pty(&FAR), (120, 36));
        assert_eq!(console.exit_code(), 2);
        console.wait_for_text("https_proxy is not the address of a proxy");
        absent(&secret, &console.raw());
        nowhere(&secret, &home, &[]);
    }
}

/// Returns a proxy that answers every connection with this text and closes it.
fn saying(words: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            // What it is asked for is of no interest.
            let _asked = stream.read(&mut request);
            drop(stream.write_all(words.as_bytes()));
        }
    });
    address
}

#[test]
fn a_proxy_that_is_dead_or_refuses_is_blamed_and_not_megaport() {
    let refusing = saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let silent = saying("");
    for (proxy, says) in [
        ("127.0.0.1:1".to_owned(), "the proxy 127.0.0.1:1 cannot be reached (Connection refused)"),
        ("no-such.invalid:8080".to_owned(), "cannot resolve the proxy no-such.invalid:8080"),
        (refusing, "refuses the connection to api.invalid"),
        (silent, "refuses the connection to api.invalid"),
    ] {
        let mut home = Home::bare();
        home.set("HTTPS_PROXY", &format!("http://{proxy}"));
        let doctor = home.onramp(&[&["doctor"], &FAR[..]].concat(), "");
        doctor.says(1, &[says, "Check the proxy that https_proxy"]);
        let api = doctor.out.lines().find(|line| line.contains(says)).expect("it is said");
        assert!(!api.contains("os error") && !api.contains("name server"), "{api}");
    }
}

#[test]
fn socks_proxy_gets_host_names_and_exceptions_bypass_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let (tell, heard) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut piece = [0; 600];
            let mut said = vec![];
            // Which ways to sign in; a user and a password; where to.
            for answer in [&[5, 2][..], &[1, 0], &[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]] {
                let Ok(n) = stream.read(&mut piece) else { break };
                said.extend_from_slice(&piece[..n]);
                drop(stream.write_all(answer));
            }
            drop(tell.send(String::from_utf8_lossy(&said).into_owned()));
        }
    });
    let secret = canary::invent();
    let mut home = Home::bare();
    home.set("ALL_PROXY", &format!("socks5h://somebody:{secret}@{address}"));
    let doctor = [&["doctor"], &FAR[..]].concat();
    let through = home.onramp(&doctor, "");
    through.says(1, &[&format!("the proxy {address} refuses the connection to api.invalid")]);
    let said = heard.recv().expect("it was asked");
    assert!(said.contains("somebody") && said.contains(&secret), "it was signed in at");
    assert!(said.contains("api.invalid"), "and looks the name up itself");
    nowhere(&secret, &home, &[&through]);
    for exception in ["*.invalid", "api.invalid:443"] {
        home.set("NO_PROXY", exception);
        home.onramp(&doctor, "").says(1, &["DNS: cannot resolve api.invalid"]);
    }
    home.set("NO_PROXY", "api.invalid:8443");
    home.onramp(&doctor, "").says(1, &["refuses the connection"]);
}

#[test]
fn encoded_proxy_password_is_used_and_shown_nowhere() {
    // A proxy that repeats what it was sent.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let (tell, heard) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = vec![];
            let mut piece = [0; 4096];
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(n) if n > 0 => request.extend_from_slice(&piece[..n]),
                    _ => break,
                }
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let sent =
                text.lines().find(|line| line.to_ascii_lowercase().starts_with("proxy-auth"));
            let sent = sent.unwrap_or_default().to_owned();
            let body = format!("<title>{sent}</title>");
            let answer =
                format!("HTTP/1.1 407 {sent}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            drop(stream.write_all(answer.as_bytes()));
            drop(tell.send(sent));
        }
    });
    let secret = canary::invent();
    let mut home = with_a_pair();
    home.set("HTTPS_PROXY", &format!("http://somebody:{secret}%23%2F%3F%40@{address}"));
    let doctor = home.onramp(&[&["doctor"], &FAR[..]].concat(), "");
    doctor.says(1, &[&format!("{address}, by HTTPS_PROXY")]);
    let pair = STANDARD_NO_PAD.encode(format!("somebody:{secret}#/?@"));
    assert!(heard.recv().expect("it was asked").contains(&pair), "the proxy was signed in at");
    let list = home.onramp(&[&["on-ramps", "list"], &FAR[..]].concat(), "");
    assert_ne!(list.code, Some(0));
    let mut console = Pty::start(home.pty(&FAR), (160, 40));
    console.wait_for_text(&format!("via proxy {address}"));
    console.wait_for_text("requires a (different) user and password");
    console.send("!");
    console.wait_for_text("proxy");
    console.settle();
    console.send("q:log\r");
    console.wait_for_text("by ONRAMP_LOG");
    console.settle();
    console.send("\x03");
    console.exit_code();
    absent(&secret, &console.raw());
    nowhere(&secret, &home, &[&doctor, &list]);
}

#[test]
fn an_address_on_the_command_line_or_in_a_file_is_never_quoted() {
    let secret = canary::invent();
    let home = with_a_pair();
    let mut ran = vec![];
    for value in [
        format!("https://somebody:{secret}@api.invalid"),
        format!("https://somebody:{secret}"),
        format!("https://api.invalid/?{secret}"),
        format!("https://api.invalid#{secret}"),
        format!("{secret}@api.invalid"),
        format!(" {secret}"),
    ] {
        for words in [
            vec!["--api-url", &value, "--token-url", "https://auth.invalid"],
            vec!["--api-url", "https://api.invalid", "--token-url", &value],
            vec!["doctor", "--api-url", &value, "--token-url", "https://auth.invalid"],
            vec!["login", "--api-url", &value, "--token-url", "https://auth.invalid"],
            vec!["--api-url", &value],
        ] {
            let one = home.onramp(&words, "");
            assert_eq!(one.code, Some(2), "{one:?}");
            ran.push(one);
        }
        if value.contains('@') {
            for words in [
                vec!["--environment", &value],
                vec![value.as_str()],
                vec!["simulator", "--listen", &value],
                vec!["--profile", &value],
                vec!["demo", &value],
            ] {
                let one = home.onramp(&words, "");
                assert_eq!(one.code, Some(2), "{one:?}");
                ran.push(one);
            }
        }
    }
    nowhere(&secret, &home, &ran.iter().collect::<Vec<_>>());
    let says = "--api-url cannot be used: a URL must not carry a user name or a password";
    assert!(ran[0].errors.contains(says), "{:?}", ran[0]);
}

#[test]
fn form_hides_a_password_in_an_address_and_errors_omit_it() {
    let secret = canary::invent();
    let home = Home::bare();
    let server = Server::start();
    let mut console = Pty::start(home.pty(&[]), (120, 36));
    console.wait_for_text("Sign in to Megaport");
    console.send("\x1b[D\t");
    console.wait_for_text("Token URL");
    // Pasted: typed characters are shown before their meaning is known.
    let pasted = format!("https://somebody:{secret}@api.invalid");
    console.send(&format!("\x1b[200~{pasted}\x1b[201~"));
    console.wait_for_text("@api.invalid");
    console.send(&format!("\t{}\t", server.token_url()));
    console.wait_for_text("not an address");
    console.send(&format!("\x15lab\t{}\tsome-secret\r", server.id));
    console.wait_for_text("must not carry a user name or a password");
    console.send("\x03");
    console.exit_code();
    absent(&secret, &console.raw());
    nowhere(&secret, &home, &[]);
}
