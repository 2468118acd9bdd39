//! The envelope around every reply: `message`, `terms` and `data`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    WireError,
    numbers::Flag,
    words::{Name, Text},
};

/// The members of an envelope, unread.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    /// Every `data` there is: one, unless the document is odd.
    pub(super) data: Vec<&'a RawValue>,
    /// The message.
    pub(super) message: Text<'a>,
    /// The `error` or `errors` that some error bodies carry, where it is not `null`.
    pub(super) error: Option<&'a RawValue>,
    /// The trace id that some error bodies carry.
    pub(super) trace: Text<'a>,
    /// The number of members present that only the API writes.
    pub(super) marks: usize,
}

impl<'a> Envelope<'a> {
    /// Reads the first document of `text` and ignores what follows.
    pub(super) fn read(text: &'a str) -> Result<Self, WireError> {
        let mut json = serde_json::Deserializer::from_str(text);
        Ok(json.deserialize_map(Members)?)
    }

    /// Returns the value, which may legitimately be absent; an error sent as a success
    /// does not count as absence.
    pub(super) fn value_or_none(&self) -> Result<Option<&'a str>, WireError> {
        match self.value() {
            None if self.error.is_some() => Err(WireError::Shape("it is an error without data")),
            value => Ok(value),
        }
    }

    /// Returns the value under `data`, where it is not `null`.
    pub(super) fn value(&self) -> Option<&'a str> {
        self.data.last().map(|raw| raw.get()).filter(|text| *text != "null")
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Envelope<'de>, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(name) = members.next_key::<Name<'de>>()? {
            let mark =
                matches!(&*name.0, "message" | "terms" | "data" | "trace_id" | "http_error_code");
            envelope.marks += usize::from(mark);
            match &*name.0 {
                "data" => envelope.data.push(members.next_value()?),
                "message" => envelope.message = members.next_value()?,
                "error" | "errors" => {
                    let error: &RawValue = members.next_value()?;
                    envelope.error = Some(error).filter(|raw| raw.get() != "null");
                }
                "trace_id" => envelope.trace = members.next_value()?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(envelope)
    }
}

/// Reads a reply whose `data` is a boolean.
pub(super) fn read_flag(text: &str) -> Result<bool, WireError> {
    let envelope = Envelope::read(text)?;
    let value = envelope.value().ok_or(WireError::Shape("it has no data"))?;
    let flag = Flag::deserialize(&mut serde_json::Deserializer::from_str(value))?;
    flag.0.ok_or(WireError::Shape("it is neither true nor false"))
}
