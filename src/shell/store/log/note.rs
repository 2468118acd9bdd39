//! Log entries: facts by their type, and no free text.

use std::fmt::{self, Display};

use crate::{
    api::{CallEnd, Called, Cause, Failure, Mode, Request, RequestId, Write, account::Session},
    domain::{cells::pad, issuance::Doubt, text::SafeText, time::Timestamp},
};

use super::Level;

/// A log entry. None of it can hold a key, a header or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) enum Note {
    /// The console was started.
    Started {
        /// The environment's name.
        environment: SafeText,
        /// The API's host, and the network path to it.
        host: SafeText,
    },
    /// The account in use, and the reason for its choice.
    Account(SafeText),
    /// The program has ended, with this exit code.
    Ended(u8),
    /// Something was asked for.
    Asked(RequestId, &'static str),
    /// A call took place.
    Called(Called),
    /// A request has failed.
    Failed {
        /// Its id.
        request: RequestId,
        /// The kind.
        cause: Cause,
        /// The possible effect at the server.
        doubt: Doubt,
        /// The vendor's trace id.
        trace: Option<SafeText>,
    },
    /// The mode has changed.
    Mode(Mode),
    /// A store of secrets was asked.
    Store {
        /// Its name.
        name: &'static str,
        /// For what: get, set, delete, probe.
        asked: &'static str,
        /// The outcome in a word.
        outcome: &'static str,
    },
    /// Something is wrong with the configuration.
    Config(SafeText),
    /// A defect stopped the program, here in its source.
    Panic(SafeText),
}

impl Note {
    /// Returns the console on this API.
    pub(in crate::shell) fn started(session: &Session) -> Self {
        Self::Started {
            environment: SafeText::clean(session.environment.word()),
            host: SafeText::clean(&session.reached()),
        }
    }

    /// Builds the entry of a configuration error.
    pub(in crate::shell) fn config(what: &str) -> Self {
        Self::Config(SafeText::clean(what))
    }

    /// Builds the entry of a failed request: its class, not its text.
    pub(in crate::shell) fn failed(request: RequestId, failure: &Failure) -> Self {
        let Failure { cause, doubt, .. } = *failure;
        Self::Failed { request, cause, doubt, trace: failure.trace.clone() }
    }

    /// Builds the entry of a request, without naming its subject.
    pub(in crate::shell) const fn asked(id: RequestId, request: &Request) -> Self {
        let what = match request {
            Request::Products => "on-ramps",
            Request::OnRamp(_) => "an on-ramp",
            Request::Keys => "keys",
            Request::KeysOf(_) => "the keys of an on-ramp",
            Request::Key(_) => "a key",
            Request::ValidateKey(_) => "whether a key is valid",
            Request::CheckVlan(..) => "whether a VLAN is free",
            Request::Traffic(..) => "the traffic of an on-ramp",
            Request::Events => "maintenance and outages",
            Request::Locations => "locations",
            Request::Company => "company",
            Request::RoundTrips(..) => "round-trip times",
            Request::PortHealth(_) => "the link of a Port",
        };
        Self::Asked(id, what)
    }

    /// Builds the entry of a change.
    pub(in crate::shell) const fn changed(id: RequestId, write: &Write) -> Self {
        let what = match write {
            Write::CreateKey { .. } => "a new key",
            Write::UpdateKey(..) => "a change of a key",
            Write::Decide { .. } => "an answer about a circuit",
        };
        Self::Asked(id, what)
    }

    /// Returns the level from which it is written.
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Panic(_) => Level::Error,
            Self::Failed { .. } | Self::Config(_) => Level::Warn,
            Self::Called(called) => match called.end {
                CallEnd::Cut(_) | CallEnd::Unanswered(_) => Level::Warn,
                CallEnd::Whole(status) if status >= 300 => Level::Warn,
                // Tokens and changes: few, and the first to search for.
                CallEnd::Whole(_) if called.verb != "GET" => Level::Info,
                CallEnd::Whole(_) => Level::Debug,
            },
            Self::Store { outcome, .. } if *outcome != "ok" => Level::Warn,
            Self::Asked(..) => Level::Debug,
            Self::Started { .. }
            | Self::Account(_)
            | Self::Ended(_)
            | Self::Mode(_)
            | Self::Store { .. } => Level::Info,
        }
    }

    /// Returns the part of the program it is about.
    const fn module(&self) -> &'static str {
        match self {
            Self::Started { .. } | Self::Ended(_) | Self::Panic(_) => "program",
            Self::Account(_) => "account",
            Self::Asked(..) | Self::Failed { .. } => "request",
            Self::Called(_) => "call",
            Self::Mode(_) => "mode",
            Self::Store { .. } => "secrets",
            Self::Config(_) => "config",
        }
    }

    /// Returns the whole line: time, process, level, module, and facts.
    pub(super) fn line(&self, now: Timestamp, process: u32) -> String {
        let at = match jiff::Timestamp::from_millisecond(now.as_millis()) {
            Ok(at) => at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            Err(_) => "no time".to_owned(),
        };
        let level = self.level().word().to_ascii_uppercase();
        format!("{at} {process} {} {} {self}\n", pad(&level, 5), pad(self.module(), 7))
    }
}

impl Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { environment, host } => {
                let version = env!("CARGO_PKG_VERSION");
                write!(f, "onramp {version} starts: {environment}, {host}")
            }
            Self::Ended(0) => f.write_str("ends normally"),
            Self::Ended(code) => write!(f, "ends with {code}"),
            Self::Asked(id, what) => write!(f, "{id} asks for {what}"),
            Self::Called(called) => call(f, called),
            Self::Failed { request, cause, doubt, trace } => {
                write!(
                    f,
                    "{request} failed: {}, {}{}",
                    word(*cause),
                    doubt_word(*doubt),
                    Trace(trace)
                )
            }
            Self::Mode(mode) => f.write_str(mode.word()),
            Self::Store { name, asked, outcome } => write!(f, "{asked} in {name}: {outcome}"),
            Self::Config(what) | Self::Account(what) => write!(f, "{what}"),
            Self::Panic(at) => write!(f, "a defect stopped the program at {at}"),
        }
    }
}

fn call(f: &mut fmt::Formatter<'_>, called: &Called) -> fmt::Result {
    let Called { request, verb, path, end, took, bytes, trace } = called;
    if let Some(id) = request {
        write!(f, "{id} ")?;
    }
    write!(f, "{verb} {path}: ")?;
    match end {
        CallEnd::Whole(status) => write!(f, "{status}")?,
        CallEnd::Cut(status) => write!(f, "{status}, cut short")?,
        CallEnd::Unanswered(cause) => write!(f, "no reply ({})", word(*cause))?,
    }
    write!(f, ", {} ms, {bytes} B{}", took.as_millis(), Trace(trace))
}

const fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Unreachable => "unreachable",
        Cause::Tls => "no trusted connection",
        Cause::ConnectionLost => "connection lost or timed out",
        Cause::Credentials => "credentials refused",
        Cause::Forbidden => "forbidden",
        Cause::NotFound => "not found",
        Cause::RateLimited => "too many requests",
        Cause::Refused => "refused",
        Cause::Server => "server error",
        Cause::Intermediary => "not Megaport's API",
        Cause::Unreadable => "unreadable",
        Cause::NotJournaled => "not recorded",
    }
}

const fn doubt_word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NotSent => "not sent",
        Doubt::NotProcessed => "not processed",
        Doubt::Refused => "not carried out",
        Doubt::Unknown => "outcome unknown",
    }
}

/// A trace id, if it looks like one: the vendor chooses its text, and a token would
/// have another form.
struct Trace<'t>(&'t Option<SafeText>);

impl Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
        match self.0 {
            None => Ok(()),
            Some(id) if id.as_str().len() <= 64 && id.as_str().chars().all(plain) => {
                write!(f, ", trace {id}")
            }
            Some(_) => f.write_str(", trace in no known form"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn called(verb: &'static str, end: CallEnd, trace: Option<&str>) -> Note {
        Note::Called(Called {
            request: (verb == "GET").then_some(RequestId(7)),
            verb,
            path: "/v2/service/key?key={key}",
            end,
            took: Duration::from_millis(120),
            bytes: 34_567,
            trace: trace.map(SafeText::clean),
        })
    }

    fn line(note: &Note) -> String {
        note.line(Timestamp::from_millis(1_752_109_200_007), 42)
    }

    #[test]
    fn a_line_has_time_process_level_room_and_facts() {
        let note = called("GET", CallEnd::Whole(200), Some("uuid-1:2"));
        assert_eq!(
            line(&note),
            "2025-07-10T01:00:00.007Z 42 DEBUG call    #7 GET /v2/service/key?key={key}: 200, \
             120 ms, 34567 B, trace uuid-1:2\n"
        );
        let note = called("POST", CallEnd::Unanswered(Cause::ConnectionLost), None);
        assert!(line(&note).contains("WARN  call    POST /v2"), "{}", line(&note));
        assert!(
            line(&note).contains("no reply (connection lost or timed out), "),
            "{}",
            line(&note)
        );
    }

    #[test]
    fn reads_log_at_debug_writes_at_info_failures_at_warn() {
        let level = |verb, end| called(verb, end, None).level();
        assert_eq!(level("GET", CallEnd::Whole(200)), Level::Debug);
        assert_eq!(level("POST", CallEnd::Whole(200)), Level::Info);
        for end in [CallEnd::Whole(401), CallEnd::Cut(200), CallEnd::Unanswered(Cause::Tls)] {
            assert_eq!(level("GET", end), Level::Warn, "{end:?}");
        }
    }

    #[test]
    fn a_trace_that_could_be_a_token_is_not_written() {
        for trace in ["eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl", &"a".repeat(65), "a b", "\u{1b}[31m"] {
            let line = line(&called("GET", CallEnd::Whole(200), Some(trace)));
            assert!(line.ends_with("trace in no known form\n"), "{line}");
        }
    }

    #[test]
    fn a_failure_is_noted_by_its_class_and_not_by_its_words() {
        let failure = Failure {
            cause: Cause::Refused,
            happened: "Megaport refused the request: canary".into(),
            advice: "canary".into(),
            trace: None,
            doubt: Doubt::Refused,
        };
        let line = line(&Note::failed(RequestId(3), &failure));
        assert!(line.contains("WARN  request #3 failed: ") && !line.contains("canary"), "{line}");
    }
}
