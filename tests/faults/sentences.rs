//! Sentences that must be true in every frame of any front end: the claim of each,
//! compared with the server.
//!
//! Of a dated sentence ("read 13:44:02Z: …") only the action that it allows is
//! compared, since the list that it was read from may lag.

use crate::{
    engine::attempt::AttemptStage,
    ui::{attempt::progress::Progress, model::Model},
};

use super::{
    claims::{Claim, Claimed},
    frame::Frame,
};

/// The request created nothing, and will not.
const NOT_MADE: [&str; 4] =
    ["Nothing was created", "nothing was created", "was not created", "No key was created"];

/// Nothing of it was sent.
const NOTHING_LEFT: [&str; 4] = [
    "Nothing has left this host",
    "Cannot record safely; nothing was sent",
    "No key was created. Its",
    "before anything was sent",
];

/// That it may be sent once more.
const LICENCE: [&str; 2] = ["s sends the same order once more", "Send this request?"];

/// No key has changed.
const NOT_CHANGED: [&str; 3] = ["not changed", "Nothing was changed", "was not carried out"];

/// Everything that a frame claims.
pub(super) fn claimed(frame: &Frame, model: &Model) -> Vec<Claimed> {
    let says = |sentences: &[&str]| sentences.iter().any(|one| frame.says(one));
    let shown =
        model.modals.on_top::<Progress>().and_then(|&Progress(id)| model.engine.attempt(id));
    let shown = shown.map(|one| one.standing.intent.clone());
    let mut claims = vec![];
    if says(&NOT_MADE) {
        let ended = model.engine.attempts().iter().filter(|one| {
            matches!(one.stage, AttemptStage::NotMade(_)) && !frame.says("No key is listed")
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
    claims.into_iter().map(|claim| Claimed { claim, says: frame.text.clone() }).collect()
}
