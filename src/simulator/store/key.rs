//! A service key that exists, and what it is at a time.

use serde_json::{Map, Value};

/// A service key; `expired` and `valid` are written when it is shown.
#[derive(Debug)]
pub(in crate::simulator) struct KeyRecord {
    pub(in crate::simulator) key: String,
    pub(in crate::simulator) company: usize,
    pub(in crate::simulator) service: usize,
    pub(in crate::simulator) members: Map<String, Value>,
    pub(in crate::simulator) listed_from: i64,
    /// Whether it was used, though its `lastUsed` may not say so.
    pub(in crate::simulator) used: bool,
    /// The members as reads still show them after a change, and until when.
    pub(in crate::simulator) before: Option<(Map<String, Value>, i64)>,
}

impl KeyRecord {
    /// Returns whether the key's time is over.
    pub(in crate::simulator) fn is_expired(&self, now: i64) -> bool {
        self.validity_bound("end").is_some_and(|end| now >= end)
    }

    /// Returns whether a single-use key has been used.
    pub(in crate::simulator) fn is_spent(&self) -> bool {
        let said = self.members.get("lastUsed").is_some_and(Value::is_i64);
        self.flag("singleUse") && (self.used || said)
    }

    /// Returns whether the key may be redeemed now, and if not, why.
    pub(in crate::simulator) fn redeem_objection(&self, now: i64) -> Option<&'static str> {
        if !self.flag("active") {
            Some("is not active")
        } else if self.is_expired(now) {
            Some("has expired")
        } else if self.validity_bound("start").is_some_and(|start| now < start) {
            Some("is not yet valid")
        } else if self.is_spent() {
            Some("has been used")
        } else {
            None
        }
    }

    /// Returns a member that is true.
    pub(in crate::simulator) fn flag(&self, name: &str) -> bool {
        self.members.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns a member that is a whole number.
    pub(in crate::simulator) fn number(&self, name: &str) -> Option<i64> {
        self.members.get(name).and_then(Value::as_i64)
    }

    fn validity_bound(&self, name: &str) -> Option<i64> {
        self.members.get("validFor")?.get(name)?.as_i64()
    }

    /// Returns the key as reads show it, which may lag behind a change.
    pub(in crate::simulator) fn listed_json(&self, now: i64) -> Value {
        match &self.before {
            Some((members, until)) if now < *until => self.json_of(members, now),
            _ => self.current_json(now),
        }
    }

    /// Returns the key as it is.
    pub(in crate::simulator) fn current_json(&self, now: i64) -> Value {
        self.json_of(&self.members, now)
    }

    fn json_of(&self, members: &Map<String, Value>, now: i64) -> Value {
        let mut members = members.clone();
        members.insert("expired".to_owned(), self.is_expired(now).into());
        members.insert("valid".to_owned(), self.redeem_objection(now).is_none().into());
        Value::Object(members)
    }
}
