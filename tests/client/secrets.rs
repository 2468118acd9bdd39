//! A server that echoes requests: no failure has any of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use onramp::api::{Failure, Request};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::bench::{ClientRig, brisk, credentials, document};

const SECRET: &str = "canary/5+7f31-9d\"e2";
const TOKEN: &str = "eyJhbGciOi.canary-of-a-token.7f319de2";

/// Starts a server whose answers are `token` at the token address and `other`
/// elsewhere, with `{sent}` replaced by the authorization of the request.
async fn echo(token: &'static str, other: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut heard = Vec::new();
                while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
                    let mut piece = [0; 4096];
                    match stream.read(&mut piece).await {
                        Ok(n) if n > 0 => heard.extend_from_slice(&piece[..n]),
                        _ => return,
                    }
                }
                let text = String::from_utf8_lossy(&heard).into_owned();
                let sent = text.lines().find_map(|line| {
                    line.to_ascii_lowercase().starts_with("authorization: ").then(|| &line[15..])
                });
                let said = if text.starts_with("POST /oauth2/token") { token } else { other };
                let said = said.replace("{sent}", sent.unwrap_or_default());
                let said = said.replace("{secret}", &SECRET.replace('"', "\\\""));
                _ = stream.write_all(said.as_bytes()).await;
                _ = stream.shutdown().await;
            });
        }
    });
    format!("http://{address}")
}

const GIVES_A_TOKEN: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\
     {\"access_token\":\"eyJhbGciOi.canary-of-a-token.7f319de2\",\"expires_in\":86400}";

fn shows_nothing(failed: &Failure) {
    let shown = format!("{failed} {failed:?} {}", failed.advice);
    let encoded = STANDARD.encode(format!("an-id:{SECRET}"));
    for secret in [SECRET, TOKEN, encoded.trim_end_matches('='), "canary", "7f31"] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    assert!(shown.contains("[hidden]"), "it was sent back: {shown}");
}

async fn failure_at(token: &'static str, other: &'static str) -> Failure {
    let url = echo(token, other).await;
    let known = credentials("an-id", SECRET);
    let mut rig = ClientRig::for_urls(&url, &format!("{url}/oauth2/token"), known, brisk());
    rig.failure(Request::Products).await
}

#[tokio::test]
async fn an_answer_that_repeats_the_access_token_shows_none_of_it() {
    for answer in [
        "HTTP/1.1 403 {sent}\r\nConnection: close\r\n\r\n{\"message\":\"not for {sent}\",\"terms\":\"\"}",
        "HTTP/1.1 500 Oh\r\nConnection: close\r\nTrace-Id: {sent}\r\n\r\n{\"message\":\"no\",\"terms\":\"\"}",
        "HTTP/1.1 400 Oh\r\nConnection: close\r\n\r\n{\"message\":\"no\",\"data\":[{\"header\":\"{sent}\"}]}",
        "HTTP/1.1 400 Oh\r\nConnection: close\r\n\r\n{\"message\":\"no\",\"data\":\"\",\"trace_id\":\"{sent}\"}",
        "HTTP/1.1 502 Oh\r\nConnection: close\r\n\r\n<html><title>{sent}</title>",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html><title>{sent}</title>",
        "HTTP/1.1 302 Oh\r\nConnection: close\r\nLocation: https://eyJhbGciOi.canary-of-a-token.7f319de2/\r\n\r\n",
    ] {
        shows_nothing(&failure_at(GIVES_A_TOKEN, answer).await);
    }
}

#[tokio::test]
async fn token_host_echoing_secret_or_header_reveals_nothing() {
    for answer in [
        "HTTP/1.1 401 Oh\r\nConnection: close\r\n\r\n{\"error\":\"no\",\"error_description\":\"{sent}\"}",
        "HTTP/1.1 401 Oh\r\nConnection: close\r\n\r\n{\"error\":\"no\",\"error_description\":\"not {secret}\"}",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"error\":\"{secret}\"}",
        "HTTP/1.1 503 Oh\r\nConnection: close\r\nTrace-Id: {sent}\r\n\r\nx",
        "HTTP/1.1 502 Oh\r\nConnection: close\r\n\r\n<title>{sent}</title>",
    ] {
        shows_nothing(&failure_at(answer, answer).await);
    }
}

#[tokio::test]
async fn a_call_in_the_log_has_no_trace_id_that_is_a_secret() {
    let url = echo(
        GIVES_A_TOKEN,
        "HTTP/1.1 400 Oh\r\nConnection: close\r\nTrace-Id: {sent}\r\n\r\n{\"message\":\"no\",\"terms\":\"\"}",
    );
    let url = url.await;
    let known = credentials("an-id", SECRET);
    let mut rig = ClientRig::for_urls(&url, &format!("{url}/oauth2/token"), known, brisk());
    rig.failure(Request::Keys).await;
    let debug = format!("{:?}", rig.calls);
    assert!(debug.contains("[hidden]") && !debug.contains("canary"), "{debug}");
}

#[tokio::test]
async fn list_echoing_the_token_is_read_whole_and_masked() {
    let list = document("products").replacen("Los Angeles 2", "LA {sent}", 1);
    assert!(list.contains("{sent}"), "the document has such a name");
    let other = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{list}");
    let url = echo(GIVES_A_TOKEN, other.leak()).await;
    let known = credentials("an-id", SECRET);
    let mut rig = ClientRig::for_urls(&url, &format!("{url}/oauth2/token"), known, brisk());
    let on_ramps = rig.on_ramps().await;
    let named = on_ramps.iter().find(|one| one.name.as_str().starts_with("LA Bearer"));
    assert_eq!(named.expect("it is listed").name.as_str(), "LA Bearer [hidden]");
}
