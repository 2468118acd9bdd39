//! Reads the bodies of refusals, in every shape that has been seen.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess},
};
use serde_json::value::RawValue;

use crate::domain::text::SafeText;

use super::{
    envelope::Envelope,
    lenient::{Lenient, deserialize_lenient as lenient},
    text_of,
    words::Name,
};

/// The contents of an error reply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// Whether the API itself wrote it: a complete JSON object with at least
    /// two of `message`, `terms`, `data`, `trace_id` and `http_error_code`.
    /// One alone is what many a gateway in between writes, too.
    pub is_the_apis: bool,
    /// Its message and details in one line, empty where it has none.
    pub words: SafeText,
    /// The trace id in the body, where it has one.
    pub trace: Option<SafeText>,
    /// Whether it is the older form of "not found", which has status 400.
    pub says_not_found: bool,
}

/// Reads the body of a refusal. It always returns a result.
pub fn read_error_body(body: &[u8]) -> ErrorBody {
    let text = text_of(body);
    let Ok(envelope) = Envelope::read(&text) else {
        return ErrorBody::default();
    };
    let details = envelope.value().and_then(|raw| serde_json::from_str::<Details>(raw).ok());
    let mut words = JoinedWords::default();
    let read = |raw: &RawValue| serde_json::from_str::<Details>(raw.get()).unwrap_or_default();
    let error = envelope.error.map(read).unwrap_or_default();
    let details = details.unwrap_or_default();
    for word in [envelope.message.raw(), &error.0, &details.0] {
        words.add(word);
    }
    let trace = envelope.trace.clean();
    ErrorBody {
        is_the_apis: envelope.marks >= 2,
        says_not_found: words.0.contains("Could not find a service with UID"),
        words: SafeText::clean(&words.0),
        trace: (!trace.is_empty()).then_some(trace),
    }
}

/// Texts in one line. Cut while it grows: an error may list a thousand faults.
#[derive(Default)]
struct JoinedWords(String);

impl JoinedWords {
    fn add(&mut self, word: &str) {
        let word = word.trim();
        if word.is_empty() || self.0.len() > SafeText::LIMIT || self.0.contains(word) {
            return;
        }
        let gap = match self.0.as_bytes().last() {
            None => "",
            Some(b':' | b'.' | b';') => " ",
            Some(_) => ": ",
        };
        self.0.push_str(gap);
        self.0.push_str(word);
    }
}

/// The texts and numbers in `data` or `error`: itself, or those in its arrays and objects.
#[derive(Default)]
struct Details(String);

impl Details {
    fn join(&mut self, other: &Self) {
        if other.0.is_empty() || self.0.len() > SafeText::LIMIT {
            return;
        }
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        self.0.push_str(&other.0);
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Lenient<'de> for Details {
    fn absent() -> Self {
        Self::default()
    }

    fn int(value: i64) -> Self {
        Self(value.to_string())
    }

    fn float(value: f64) -> Self {
        Self(value.to_string())
    }

    fn text(value: std::borrow::Cow<'de, str>) -> Self {
        Self(value.trim().to_owned())
    }

    fn object<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut details = Self::default();
        while let Some((name, value)) = members.next_entry::<Name<'de>, Self>()? {
            match &*name.0 {
                "message" | "error" => details.join(&value),
                _ if value.0.is_empty() => {}
                name => details.join(&Self(format!("{name}: {value}"))),
            }
        }
        Ok(details)
    }

    fn array<A: SeqAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
        let mut details = Self::default();
        while let Some(entry) = entries.next_element()? {
            details.join(&entry);
        }
        Ok(details)
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        lenient(from)
    }
}

/// How much of an HTML page is searched for its title.
const PAGE_SEARCH_MAX_BYTES: usize = 64 << 10;

/// Returns the title of an HTML page, at most 80 characters, where `body` is one: its
/// first character that is no space is `<`.
pub fn read_page(body: &[u8]) -> Option<SafeText> {
    let text = text_of(&body[..body.len().min(PAGE_SEARCH_MAX_BYTES)]);
    let page = Some(text.trim_start()).filter(|page| page.starts_with('<'))?;
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|start| {
        let start = start + lower[start..].find('>')? + 1;
        let end = start + lower[start..].find("</")?;
        Some(page[start..end].split_whitespace().collect::<Vec<_>>().join(" "))
    });
    let title = SafeText::clean(&title.unwrap_or_default());
    let cut: String = title.as_str().chars().take(80).collect();
    Some(SafeText::clean(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(json: &str) -> String {
        read_error_body(json.as_bytes()).words.to_string()
    }

    #[test]
    fn a_message_alone_is_not_proof_that_the_api_spoke() {
        assert!(!read_error_body(br#"{"message":"Forbidden"}"#).is_the_apis);
        assert!(read_error_body(br#"{"message":"Forbidden","terms":"x"}"#).is_the_apis);
        assert!(read_error_body(br#"{"message":"No","http_error_code":405}"#).is_the_apis);
        assert!(!read_error_body(br#"{"message":"Forbidden","terms":"x""#).is_the_apis);
        assert!(!read_error_body(br#"["message","terms","data"]"#).is_the_apis);
    }

    #[test]
    fn details_of_every_shape_come_out_in_one_line() {
        assert_eq!(words_of(r#"{"message":"No","data":"why"}"#), "No: why");
        assert_eq!(words_of(r#"{"message":"No","data":["a","b"]}"#), "No: a; b");
        assert_eq!(words_of(r#"{"message":"No","data":[{"x":"a"},{"y":"b"}]}"#), "No: x: a; y: b");
        assert_eq!(words_of(r#"{"message":"No","data":true}"#), "No");
        assert_eq!(words_of(r#"{"message":"No","data":"No"}"#), "No");
        assert_eq!(words_of(r#"{"error":"gone"}"#), "gone");
        assert_eq!(
            words_of(r#"{"message":"No","data":{"limit":500,"x":1.5}}"#),
            "No: limit: 500; x: 1.5"
        );
    }

    #[test]
    fn error_beside_the_message_is_read_in_every_shape_once() {
        assert_eq!(words_of(r#"{"message":"No","error":"why"}"#), "No: why");
        assert_eq!(words_of(r#"{"message":"No","error":"No"}"#), "No");
        assert_eq!(words_of(r#"{"error":{"code":17,"message":"why"}}"#), "code: 17; why");
        assert_eq!(words_of(r#"{"errors":[{"message":"a"},{"message":"b"}]}"#), "a; b");
        assert_eq!(words_of(r#"{"error":42}"#), "42");
        assert_eq!(words_of(r#"{"error":null,"message":"No"}"#), "No");
        assert_eq!(words_of("[]"), "");
    }

    #[test]
    fn an_escape_sequence_in_an_error_is_made_visible() {
        assert_eq!(words_of(r#"{"message":"\u001b[31mred"}"#), "^[[31mred");
    }

    #[test]
    fn html_page_is_known_by_its_start_and_its_title_cut() {
        let page = read_page(b"\xef\xbb\xbf \n<!DOCTYPE html><TITLE>502\n Bad Gateway</TITLE>");
        assert_eq!(page, Some("502 Bad Gateway".into()));
        assert_eq!(read_page(b"<p>"), Some("".into()));
        assert_eq!(read_page(b"{\"a\":\"<title>\"}"), None);
        let long = format!("<title>{}</title>", "x".repeat(500));
        assert_eq!(read_page(long.as_bytes()).map(|t| t.as_str().len()), Some(80));
    }
}
