//! Claims about requests and keys, compared with the server: at the moment of the
//! claim, and with the final outcome.

use serde_json::Value;

use crate::{
    domain::intent::Intent,
    engine::{Engine, attempt::AttemptStage},
    simulator::{LoggedRequest, Simulator},
};

/// A claim about a request, or about all keys.
#[derive(Debug, Clone)]
pub(super) enum Claim {
    /// The request created nothing, and will not.
    NotMade(Intent),
    /// Nothing of it was sent.
    NothingLeft(Intent),
    /// It may be sent once more.
    Licence(Intent),
    /// No key has changed.
    NotChanged,
}

/// A claim, with the place where it was made.
pub(super) struct Claimed {
    pub(super) claim: Claim,
    /// The frame that makes it, or the state of the engine.
    pub(super) says: String,
}

/// A claim with what was so at the server at that moment.
pub(super) struct Checked {
    claimed: Claimed,
    keys: Vec<Value>,
    posts: Vec<String>,
}

/// Returns everything that the engine claims now, for any front end.
pub(super) fn of_engine(engine: &Engine) -> Vec<Claimed> {
    let mut claims = vec![];
    for one in engine.attempts() {
        let intent = one.standing.intent.clone();
        let never_sent = one.standing.attempts == 0;
        let claim = match &one.stage {
            // A list may lag, so a refused request makes no claim about its key.
            AttemptStage::NotMade(_) if one.is_refused() => continue,
            AttemptStage::NotMade(_) => Claim::NotMade(intent),
            AttemptStage::Writing(_) | AttemptStage::Waiting if never_sent => {
                Claim::NothingLeft(intent)
            }
            AttemptStage::Looking { .. } if one.may_be_sent() => Claim::Licence(intent),
            _ => continue,
        };
        claims.push(Claimed { claim, says: format!("the engine: {one:?}") });
    }
    claims
}

impl Claimed {
    pub(super) fn held_against(self, simulator: &Simulator) -> Checked {
        let is_post = |seen: &&LoggedRequest| {
            (seen.method.as_str(), seen.path.as_str()) == ("POST", "/v2/service/key")
        };
        let requests = simulator.requests();
        let posts = requests.iter().filter(is_post).map(|seen| seen.body.clone()).collect();
        Checked { claimed: self, keys: simulator.keys(), posts }
    }
}

impl Checked {
    /// Returns the untrue part of it, then or later: `ours` are all keys created by our
    /// requests by the end.
    pub(super) fn wrong(&self, ours: &[Value]) -> Option<String> {
        let Claimed { claim, says } = &self.claimed;
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
        wrong.map(|why| format!("O4: {why}\n{says}"))
    }
}
