//! Sentences that must be true, whoever says them, in every frame: what each of
//! them claims, held against the server.
//!
//! Of a dated sentence ("read 13:44:02Z: …") only what it licenses is held
//! against the server, since the list that it was read from may lag.

use serde_json::Value;

use crate::{
    domain::intent::Intent,
    engine::attempt::Stage,
    simulator::Simulator,
    ui::{dialog::Dialog, model::Model},
};

use super::frame::Frame;

/// That nothing came of a request, and nothing will.
const NOT_MADE: [&str; 4] =
    ["Nothing was made", "nothing was made", "was not made", "No key was made"];

/// That nothing of it has left.
const NOTHING_LEFT: [&str; 4] = [
    "Nothing has left this host",
    "Cannot record safely; nothing was sent",
    "No key was made. Its",
    "before anything was sent",
];

/// That it may be sent once more.
const LICENCE: [&str; 2] = ["s sends the same once more", "Send this request?"];

/// That no key has changed.
const NOT_CHANGED: [&str; 3] = ["not changed", "Nothing was changed", "was not carried out"];

/// What a frame claims of a request, or of all keys.
#[derive(Debug, Clone)]
enum Claim {
    NotMade(Intent),
    NothingLeft(Intent),
    Licence(Intent),
    NotChanged,
}

/// A claim of a frame.
pub(super) struct Claimed {
    claim: Claim,
    frame: String,
}

/// A claim with what was so at the server at that moment.
pub(super) struct Checked {
    claimed: Claimed,
    keys: Vec<Value>,
    posts: Vec<String>,
}

/// Everything that a frame claims.
pub(super) fn claimed(frame: &Frame, model: &Model) -> Vec<Claimed> {
    let says = |sentences: &[&str]| sentences.iter().any(|one| frame.says(one));
    let shown = model.dialogs.last().and_then(|top| match top {
        Dialog::Attempt(id) => model.engine.attempt(*id),
        _ => None,
    });
    let shown = shown.map(|one| one.standing.intent.clone());
    let mut claims = vec![];
    if says(&NOT_MADE) {
        let ended = model.engine.attempts().iter().filter(|one| {
            matches!(one.stage, Stage::NotMade(_)) && !frame.says("Its key is not listed")
        });
        claims.extend(ended.map(|one| Claim::NotMade(one.standing.intent.clone())));
    }
    if says(&NOTHING_LEFT) {
        claims.extend(shown.clone().map(Claim::NothingLeft));
    }
    if says(&LICENCE) {
        claims.extend(shown.map(Claim::Licence));
    }
    if says(&NOT_CHANGED) {
        claims.push(Claim::NotChanged);
    }
    claims.into_iter().map(|claim| Claimed { claim, frame: frame.text.clone() }).collect()
}

impl Claimed {
    pub(super) fn held_against(self, simulator: &Simulator) -> Checked {
        let is_post = |seen: &&crate::simulator::Seen| {
            (seen.method.as_str(), seen.path.as_str()) == ("POST", "/v2/service/key")
        };
        let requests = simulator.requests();
        let posts = requests.iter().filter(is_post).map(|seen| seen.body.clone()).collect();
        Checked { claimed: self, keys: simulator.keys(), posts }
    }
}

impl Checked {
    /// What of it was untrue, or turned out to be: `ours` are all keys that came
    /// of our requests by the end.
    pub(super) fn wrong(&self, ours: &[Value]) -> Option<String> {
        let Claimed { claim, frame } = &self.claimed;
        let has_tag = |intent: &Intent, text: &str| intent.tag().is_in(text);
        let made = |intent: &Intent, keys: &[Value]| {
            let label = |key: &Value| key["description"].as_str().unwrap_or_default().to_owned();
            keys.iter().any(|key| has_tag(intent, &label(key)))
        };
        let wrong = match claim {
            Claim::NotMade(intent) => made(intent, ours).then_some("it was called not made"),
            Claim::NothingLeft(intent) => {
                let label = intent.order.label().as_str();
                let left = self.posts.iter().any(|body| body.contains(label));
                left.then_some("it was said that nothing has left")
            }
            Claim::Licence(intent) => {
                made(intent, &self.keys).then_some("it was offered to send again what was made")
            }
            Claim::NotChanged => {
                let now = |key: &Value| ours.iter().find(|one| one["key"] == key["key"]).cloned();
                let changed = self.keys.iter().any(|key| now(key).is_some_and(|now| now != *key));
                changed.then_some("it was called not changed, and has changed since")
            }
        };
        wrong.map(|why| format!("O4: {why}\n{frame}"))
    }
}
