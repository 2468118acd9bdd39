//! The token endpoint's reply, which has no envelope.

use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

use crate::domain::text::SafeText;

use super::{numbers::WholeNumber, record::record, text_of, words::Text};

record! {
    /// A token or an error.
    TokenRecord {
        token: Text<'a> = "access_token",
        lifetime: WholeNumber = "expires_in",
        error: Text<'a> = "error",
        description: Text<'a> = "error_description",
    }
}

/// An access token.
#[derive(Debug)]
pub struct Token {
    /// Its text, for the `Authorization` header.
    pub text: SecretString,
    /// Its lifetime, where the reply gives a sensible one.
    pub lifetime: Option<Duration>,
}

/// No token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoToken {
    /// The endpoint gave an OAuth 2.0 error code (`invalid_client`).
    #[error("{0}")]
    Refused(SafeText),
    /// The reply is neither a token nor an error.
    #[error("the reply has no token")]
    Unreadable,
}

/// The longest lifetime believed: the vendor's keys allow 24 hours.
const LIFETIME_MAX_S: i64 = 24 * 60 * 60;

/// Reads the reply with any status: the vendor's SDK expects an `error` on a 200, too.
/// A lifetime that is missing, nonsense, zero or less is none, one over 24 hours is 24
/// hours.
pub fn read_token(body: &[u8]) -> Result<Token, NoToken> {
    let text = text_of(body);
    let mut json = serde_json::Deserializer::from_str(&text);
    let record: TokenRecord<'_> =
        serde::Deserialize::deserialize(&mut json).map_err(|_| NoToken::Unreadable)?;
    if !record.error.raw().is_empty() {
        let (error, why) = (record.error.raw(), record.description.raw());
        let words = if why.is_empty() { error.to_owned() } else { format!("{error}: {why}") };
        return Err(NoToken::Refused(SafeText::clean(&words)));
    }
    // Anything else could not be sent in a header.
    let token = record.token.raw();
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(NoToken::Unreadable);
    }
    let seconds = record.lifetime.number().filter(|&n| n > 0).map(|n| n.min(LIFETIME_MAX_S));
    let lifetime = seconds.and_then(|n| u64::try_from(n).ok()).map(Duration::from_secs);
    Ok(Token { text: token.to_owned().into(), lifetime })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(expires_in: &str) -> Option<u64> {
        let body = format!(r#"{{"access_token":"t"{expires_in}}}"#);
        read_token(body.as_bytes()).unwrap().lifetime.map(|l| l.as_secs())
    }

    #[test]
    fn a_lifetime_is_believed_only_where_it_makes_sense() {
        assert_eq!(lifetime(r#","expires_in":300"#), Some(300));
        assert_eq!(lifetime(r#","expires_in":"86400""#), Some(86400));
        assert_eq!(lifetime(r#","expires_in":1e12"#), Some(86400));
        for nonsense in ["", r#","expires_in":0"#, r#","expires_in":-5"#, r#","expires_in":"x""#] {
            assert_eq!(lifetime(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_token_that_no_header_takes_is_no_token() {
        for token in ["", "a b", "a\\nb", "ä"] {
            let body = format!(r#"{{"access_token":"{token}"}}"#);
            assert_eq!(read_token(body.as_bytes()).unwrap_err(), NoToken::Unreadable, "{token}");
        }
        assert_eq!(read_token(b"<html>").unwrap_err(), NoToken::Unreadable);
    }

    #[test]
    fn the_token_is_not_in_its_debug_text() {
        let token = read_token(br#"{"access_token":"canary"}"#).unwrap();
        assert!(!format!("{token:?}").contains("canary"));
    }
}
