//! Builds failures: what happened, and what to do about it.
//!
//! Only text that was made fit for a screen gets in. An error of the HTTP library is
//! never shown unchanged: it quotes the URL, which may hold a key.

use std::{error::Error, fmt::Write as _, io};

use crate::{
    api::{Cause, Failure, account::Environment},
    client::{
        answer::{Answer, End},
        mask::Mask,
        outcome,
        proxy::Route,
        tls_errors,
    },
    domain::{issuance::Doubt, text::SafeText},
    wire::{
        WireError,
        error_body::{self, ErrorBody},
    },
};

/// Advice for most failures on the network.
const TRY_LATER: &str = "Try again in a moment.";

/// The same where Megaport itself is at fault: its support asks for the trace id,
/// where the answer has one.
const IF_IT_STAYS: &str = "Try again in a moment; if it persists, give Megaport support the time.";
const IF_IT_STAYS_TRACED: &str =
    "Try again in a moment; if it persists, give Megaport support the trace id.";

/// Returns a failure in two sentences.
pub(super) fn failure(cause: Cause, happened: &str, advice: &str) -> Failure {
    Failure {
        cause,
        happened: SafeText::clean(happened),
        advice: SafeText::clean(advice),
        trace: None,
        doubt: Doubt::Unknown,
    }
}

/// Returns the causes of `error` in one line, without its own text.
pub(super) fn error_causes(error: &reqwest::Error) -> String {
    let mut line = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let gap = if line.is_empty() { "" } else { ": " };
        let _infallible = write!(line, "{gap}{cause}");
        next = cause.source();
    }
    line
}

/// Returns whether the TLS library failed: it reports malformed data, which a plain
/// connection never does. Its error is wrapped in one that only `get_ref` can inspect.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let of_io = |io: &io::Error| {
        io.kind() == io::ErrorKind::InvalidData || io.get_ref().is_some_and(|inner| is_tls(inner))
    };
    error.downcast_ref::<io::Error>().is_some_and(of_io) || error.source().is_some_and(is_tls)
}

/// Advice about a proxy.
const CHECK_PROXY: &str =
    "Check the proxy that https_proxy or the system settings name for this host.";

/// Builds the failure of a call without an answer. `mask` hides secrets in the text of
/// a proxy or a certificate.
pub(super) fn failure_of_error(error: &reqwest::Error, route: &Route<'_>, mask: &Mask) -> Failure {
    let host = route.host;
    let causes = error_causes(error);
    let tls = is_tls(error) || ["certificate", "tls handshake"].iter().any(|w| causes.contains(w));
    let mut failed = if error.is_connect() && tls {
        let (why, advice) = tls_errors::explain_tls_error(error);
        failure(Cause::Tls, &format!("no trusted connection to {host}: {why}"), advice)
    } else if error.is_connect() {
        unreachable_failure(error, &causes, route)
    } else if error.is_timeout() {
        failure(Cause::ConnectionLost, &format!("no reply from {host} in time"), TRY_LATER)
    } else {
        failure(Cause::ConnectionLost, &format!("the connection to {host} was lost"), TRY_LATER)
    };
    failed.happened = mask.text(failed.happened.as_str().as_bytes());
    failed.doubt = outcome::of_error(error);
    failed
}

/// Builds the failure of no connection: to the proxy if there is one, since only it is
/// called.
fn unreachable_failure(error: &reqwest::Error, causes: &str, route: &Route<'_>) -> Failure {
    let host = route.host;
    let why = if error.is_timeout() { Some("no reply".to_owned()) } else { os_error_text(error) };
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    let (says, advice) = match &route.proxy {
        Some(proxy) if error.is_dns() => {
            (format!("DNS: cannot resolve the proxy {}", proxy.host), CHECK_PROXY)
        }
        Some(proxy) if causes.contains("proxy authorization required") => (
            format!("the proxy {} requires a (different) user and password", proxy.host),
            CHECK_PROXY,
        ),
        // A proxy of SOCKS that is given addresses only.
        Some(_) if causes.contains("error resolving for socks proxy") => (
            format!("DNS: cannot resolve {host}"),
            "Check the name server of this host, or let the proxy resolve names: socks5h.",
        ),
        // It was reached, and did not go on.
        Some(proxy)
            if ["tunnel error", "SOCKS error"].iter().any(|of| causes.contains(of))
                && !causes.contains("failed to create underlying connection") =>
        {
            (format!("the proxy {} refuses the connection to {host}{why}", proxy.host), CHECK_PROXY)
        }
        Some(proxy) => (format!("the proxy {} cannot be reached{why}", proxy.host), CHECK_PROXY),
        None if error.is_dns() => (
            format!("DNS: cannot resolve {host}"),
            "Check the network and the name server of this host.",
        ),
        None => (
            format!("{host} cannot be reached{why}"),
            "Check the network and the firewall of this host, and whether it needs a proxy.",
        ),
    };
    failure(Cause::Unreachable, &says, advice)
}

/// Returns the system's text for a connection error, without its number. The texts of
/// libraries are not for a screen.
fn os_error_text(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(io) = error.downcast_ref::<io::Error>() {
        if io.raw_os_error().is_some() {
            let says = io.to_string();
            return Some(says.split(" (os error").next().unwrap_or_default().to_owned());
        }
        if let Some(inner) = io.get_ref() {
            return os_error_text(inner);
        }
    }
    os_error_text(error.source()?)
}

/// Builds the failure of no answer from `host`, and returns whether it may pass. A
/// whole timeout is a long enough wait, and a certificate does not change.
pub(super) fn failure_of_lost(
    error: &reqwest::Error,
    route: &Route<'_>,
    mask: &Mask,
) -> (Failure, bool) {
    let failed = failure_of_error(error, route, mask);
    let over = error.is_timeout() && !error.is_connect();
    let may_pass = !over && failed.cause != Cause::Tls && !error.is_builder();
    (failed, may_pass)
}

/// Returns an answer that is no success, or did not arrive as a whole. `what` is what
/// was asked for: "on-ramp", "key".
pub(super) fn failure_of_answer(answer: &Answer, what: &str, host: &str) -> Failure {
    let body = error_body::read_error_body(&answer.body);
    let mut failed = if answer.status.is_success() {
        incomplete_answer(answer, host)
    } else if let Some(to) = &answer.leads_to {
        failure(
            Cause::Intermediary,
            &format!("the reply redirects to {to}; redirects are not followed"),
            "Check the proxy of this network and the API address.",
        )
    } else if let Some(title) = error_body::read_page(&answer.body) {
        page_failure(&title, answer)
    } else {
        failure_of_status(answer, &body, what)
    };
    if let (Cause::RateLimited, Some(pause)) = (failed.cause, seconds_to_wait(answer)) {
        failed.advice = SafeText::clean(&format!("Megaport asks to wait {pause} s."));
    }
    failed.trace = answer.trace.clone().or(body.trace);
    if failed.cause == Cause::Server && failed.trace.is_some() {
        failed.advice = IF_IT_STAYS_TRACED.into();
    }
    failed.doubt = if answer.status.is_success() {
        Doubt::Unknown
    } else {
        outcome::of_answer(answer.status, body.is_the_apis)
    };
    failed
}

/// Returns the number of seconds for which the server wants no request, if that number
/// is plausible.
fn seconds_to_wait(answer: &Answer) -> Option<u64> {
    let asked = answer.retry_after?;
    let pause = asked.as_secs() + u64::from(asked.subsec_nanos() > 0);
    (1..=3600).contains(&pause).then_some(pause)
}

fn incomplete_answer(answer: &Answer, host: &str) -> Failure {
    match answer.end {
        End::Over(cap) => failure(
            Cause::Unreadable,
            &format!("the reply is larger than {} KiB and was not read", cap >> 10),
            "Please report this as a defect in onramp: no reply should be that large.",
        ),
        End::Late => failure(
            Cause::ConnectionLost,
            &format!("the reply of {host} did not arrive in time"),
            TRY_LATER,
        ),
        End::Whole | End::Cut => failure(
            Cause::ConnectionLost,
            &format!("the connection to {host} was lost during the reply"),
            TRY_LATER,
        ),
    }
}

fn page_failure(title: &SafeText, answer: &Answer) -> Failure {
    let title = if title.is_empty() { "a page without a title" } else { title.as_str() };
    failure(
        Cause::Intermediary,
        &format!(
            "a proxy or gateway replied instead of Megaport: {title} ({})",
            answer.status.as_u16()
        ),
        "Check for a proxy, a login page or a maintenance notice in this network.",
    )
}

fn failure_of_status(answer: &Answer, body: &ErrorBody, what: &str) -> Failure {
    let status = answer.status.as_u16();
    let words =
        if body.words.is_empty() { format!("status {status}") } else { body.words.to_string() };
    match status {
        408 | 425 => failure(
            Cause::Server,
            &format!("Megaport did not receive the whole request ({status}): {words}"),
            TRY_LATER,
        ),
        400..=499 if !body.is_the_apis && !matches!(status, 401 | 429) => failure(
            Cause::Intermediary,
            &format!("the reply has status {status} and is not in Megaport's format"),
            "Check for a proxy or a login page in this network, and the API address.",
        ),
        _ if status == 404 || (status == 400 && body.says_not_found) => failure(
            Cause::NotFound,
            &format!("Megaport has no such {what}"),
            "Refresh: it may have ended, or it belongs to another account or environment.",
        ),
        401 => failure(
            Cause::Credentials,
            &format!("Megaport did not accept our access token: {words}"),
            "Try again with a new token. If it persists, check the API key and its environment.",
        ),
        403 => failure(
            Cause::Forbidden,
            &format!("not allowed for this account: {words}"),
            "Creating and changing keys requires an API key with the role Company Admin.",
        ),
        429 => failure(
            Cause::RateLimited,
            "too many requests from this address",
            "Wait a few minutes: Megaport allows 500 requests in 5 minutes per address.",
        ),
        500..=599 => failure(
            Cause::Server,
            &format!("Megaport reports an internal error ({status}): {words}"),
            IF_IT_STAYS,
        ),
        _ => failure(
            Cause::Refused,
            &format!("Megaport refused the request: {words}"),
            "Correct the request as described and try again.",
        ),
    }
}

/// Returns a success that arrived as a whole and is a page, not JSON.
pub(super) fn failure_of_page(answer: &Answer) -> Option<Failure> {
    let mut failed = page_failure(&error_body::read_page(&answer.body)?, answer);
    failed.trace.clone_from(&answer.trace);
    Some(failed)
}

/// Builds the failure of a success with an unreadable body.
pub(super) fn unreadable_failure(error: WireError, trace: Option<SafeText>) -> Failure {
    let mut failed = match error {
        WireError::Syntax { .. } => failure(
            Cause::Unreadable,
            &format!("the reply could not be read: {error}"),
            "Try again; if it persists, check for a proxy that alters replies.",
        ),
        WireError::Shape(why) => failure(
            Cause::Unreadable,
            &format!("the reply is not in the form of this API: {why}"),
            "Check the API address and the proxy; if they are right, the API has changed and \
             onramp needs an update.",
        ),
    };
    failed.trace = trace;
    failed
}

/// Builds the failure of a success that reports a missing object.
pub(super) fn not_found_failure(what: &str, trace: Option<SafeText>) -> Failure {
    let mut failed = failure(
        Cause::NotFound,
        &format!("Megaport has no such {what}"),
        "Refresh: it may have ended, or it belongs to another account or environment.",
    );
    failed.trace = trace;
    failed.doubt = Doubt::Refused;
    failed
}

/// Credentials that get no token.
pub(super) fn refused_credentials(why: &str, host: &str) -> Failure {
    let is = |environment: Environment| environment.urls().1.split('/').nth(2) == Some(host);
    let other = match (is(Environment::Production), is(Environment::Staging)) {
        (true, _) => "; try staging.",
        (_, true) => "; try production.",
        _ => ".",
    };
    let mut failed = failure(
        Cause::Credentials,
        &format!("{host} refused these credentials ({why})"),
        &format!(
            "Check id and secret; an API key works only in the environment it was created \
            in{other}"
        ),
    );
    failed.doubt = Doubt::NotSent;
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_key_pair_hints_at_the_environment_it_may_be_of() {
        let advice = |host| refused_credentials("401", host).advice.to_string();
        assert!(advice("auth-m2m.megaport.com").ends_with("try staging."));
        assert!(advice("auth-m2m-staging.megaport.com").ends_with("try production."));
        assert!(advice("127.0.0.1").ends_with("created in."));
    }
}
