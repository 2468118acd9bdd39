//! Invariants under every fault.
//!
//! O7, the terminal, is checked in `tests/terminal`. O10, no panic, is checked by
//! getting here.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use crate::{
    domain::{
        intent::Intent,
        ledger::{IntentStatus, Ledger, State},
    },
    simulator::LoggedRequest,
};

use super::{
    canary,
    environment::{TestEnvironment, text_of},
    frame::Frame,
    front_end::{FrontEnd, Presented},
    order,
    play::Play,
    script::{Expect, Run},
};

/// Returns whether another client has changed the key: then an earlier screen is
/// outdated.
fn changed_later(environment: &TestEnvironment, key: &str) -> bool {
    environment.disks.slate().elsewhere.iter().any(|body| body.contains(key))
}

/// Everything that is wrong at the end of a run, and the order of what was done.
pub(super) fn ask<F: FrontEnd>(play: Play<F>, run: &Run) -> (Vec<String>, String) {
    let Play { environment, consoles, gone, .. } = play;
    let mut wrong = vec![];
    let mut expect = |fine: bool, says: String| wrong.extend((!fine).then_some(says));
    let ours = environment.ours();

    for console in consoles.values() {
        // O2: every key of ours is shown, or its intent is unfinished.
        for key in &ours {
            let shown = consoles.values().any(|it| it.said().shown.contains(&text_of(key)))
                || gone.iter().any(|said| said.shown.contains(&text_of(key)));
            let open = consoles.values().any(|console| {
                console.engine().attempts().iter().any(|one| is_of(&one.standing.intent, key))
            });
            expect(shown || open, format!("O2: a key that nobody was told of: {key}"));
        }
        // O3: a key that the screen reports as created exists, and is as ordered.
        for frame in console.said().frames.iter().filter(|frame| frame.says_made()) {
            for text in frame.keys() {
                let key = ours.iter().find(|key| text_of(key) == text);
                expect(key.is_some(), format!("O3: no such key: {text}\n{}", frame.text));
                let vlan = key.map_or(0, |key| key["vlan"].as_i64().unwrap_or_default());
                let says = frame.says(&format!("VLAN {vlan}"));
                let differs =
                    frame.says("Differs from the order") || changed_later(&environment, text);
                expect(says || differs, format!("O3: its VLAN is {vlan}\n{}", frame.text));
            }
        }
        for Presented { key: text, vlan, differs } in &console.said().presented {
            let key = ours.iter().find(|key| text_of(key) == *text);
            expect(key.is_some(), format!("O3: no such key: {text}"));
            let its = key.and_then(|key| key["vlan"].as_i64());
            let says = its == *vlan || *differs;
            expect(says, format!("O3: its VLAN is {its:?}, not {vlan:?}"));
        }
        // O6: the client's secret is on no screen.
        let secret = environment.simulator.client_secret();
        let leaked = console.said().frames.iter().any(|frame| frame.text.contains(secret));
        expect(!leaked, "O6: the secret was on the screen".to_owned());
    }
    // O4: no sentence of any frame of any console was untrue, then or later.
    let of_gone = gone.iter().flat_map(|said| &said.claims);
    for claim in consoles.values().flat_map(|it| &it.said().claims).chain(of_gone) {
        if let Some(says) = claim.wrong(&ours) {
            expect(false, says);
        }
    }
    let of_gone = gone.iter().flat_map(|said| said.frames.clone());
    let of_all = consoles.values().flat_map(|it| it.said().frames.clone());
    let frames: Vec<_> = of_gone.chain(of_all).collect();
    let last: Vec<_> =
        consoles.values().filter_map(|it| it.said().frames.last().cloned()).collect();
    let open: usize = consoles.values().map(|console| console.engine().attempts().len()).sum();
    // All work of the journals is done when their consoles are gone.
    drop(consoles);

    let posts: Vec<_> = environment.simulator.requests().into_iter().filter(is_post).collect();
    let standings = standings(&environment);
    // O1: one key for one intent.
    for standing in &standings {
        let keys = ours.iter().filter(|key| is_of(&standing.intent, key)).count();
        expect(keys <= 1, format!("O1: {keys} keys for {}", standing.intent.order.label()));
    }
    for says in order::wrong(&environment.disks.slate(), &environment.simulator) {
        expect(false, says);
    }
    for says in unwritten(&environment, &posts) {
        expect(false, says);
    }
    nothing_leaked(&environment);
    expect(!environment.somebody_went_elsewhere(), "O8: another host was called".to_owned());
    expect(environment.said_to_a_stranger() == 0, "O8: a stranger was told something".to_owned());

    let Expect { states, posts: wanted, keys, puts, tokens, looks, unfinished, .. } = &run.expect;
    let stand: Vec<_> = standings.iter().map(|one| word(&one.state)).collect();
    expect(stand == *states, format!("the intents are {stand:?}, not {states:?}"));
    expect(posts.len() == *wanted, format!("{} requests, not {wanted}", posts.len()));
    expect(ours.len() == *keys, format!("{} keys, not {keys}", ours.len()));
    let changed = environment.simulator.count("PUT", "/v2/service/key");
    expect(changed == *puts, format!("{changed} changes, not {puts}"));
    if let Some(tokens) = tokens {
        let asked = environment.simulator.count("POST", "/oauth2/token");
        expect(asked == *tokens, format!("{asked} token requests, not {tokens}"));
    }
    if let Some(looks) = looks {
        let seen = looked(&environment);
        expect(seen == *looks, format!("{seen} looks at the keys, not {looks}"));
    }
    if let Some(unfinished) = unfinished {
        expect(open == *unfinished, format!("{open} unfinished, not {unfinished}"));
    }
    if F::HAS_SCREEN {
        wrong.extend(wrong_on_screens(&run.expect, &frames, &last));
    }
    let order = order::text(&environment.disks.slate(), &environment.simulator);
    (wrong, order)
}

/// Returns texts that are on a screen and should not be, or are missing.
fn wrong_on_screens(expected: &Expect, frames: &[Frame], last: &[Frame]) -> Vec<String> {
    let Expect { screen, said, never, .. } = expected;
    let mut wrong = vec![];
    let mut expect = |fine: bool, says: String| wrong.extend((!fine).then_some(says));
    for says in screen {
        let fine = last.iter().any(|frame| frame.says(says));
        expect(fine, format!("not on the last screen: {says:?}"));
    }
    for says in said {
        let fine = frames.iter().any(|frame| frame.says(says));
        expect(fine, format!("on no screen: {says:?}"));
    }
    for says in never {
        let found = frames.iter().find(|frame| frame.says(says));
        let text = found.map(|frame| frame.text.as_str()).unwrap_or_default();
        expect(found.is_none(), format!("on a screen: {says:?}\n{text}"));
    }
    wrong
}

fn is_post(seen: &LoggedRequest) -> bool {
    (seen.method.as_str(), seen.path.as_str()) == ("POST", "/v2/service/key")
}

/// Returns every intent of every user, in the order of confirmation; the parts of an
/// order are adjacent.
fn standings(environment: &TestEnvironment) -> Vec<IntentStatus> {
    let labels = environment.disks.slate().labels.clone();
    let at = |one: &IntentStatus| {
        let is_it = |(label, _): &(String, String)| label == one.intent.order.label().as_str();
        labels.iter().position(is_it)
    };
    let ledgers = environment.ledgers();
    let all: Vec<_> = ledgers.iter().flat_map(Ledger::all).cloned().collect();
    let first = |one: &IntentStatus| {
        let order = one.intent.part.map(|part| part.order);
        let same = |other: &&IntentStatus| {
            other.intent.id == one.intent.id
                || order.is_some() && other.intent.part.map(|part| part.order) == order
        };
        all.iter().filter(same).filter_map(at).min()
    };
    let places: Vec<_> =
        all.iter().map(|one| (first(one), one.intent.part.map(|part| part.number))).collect();
    let mut ordered: Vec<_> = places.into_iter().zip(all).collect();
    ordered.sort_by_key(|(place, _)| *place);
    ordered.into_iter().map(|(_, one)| one).collect()
}

fn tag_is_on(intent: &Intent, key: &Value) -> bool {
    intent.tag().is_in(key["description"].as_str().unwrap_or_default())
}

/// Returns whether a key was created by an intent: by its tag, and if the server has
/// lost the label, by on-ramp and VLAN.
fn is_of(intent: &Intent, key: &Value) -> bool {
    let vlan = intent.vlan().map(|vlan| i64::from(vlan.get()));
    let same = key["productUid"].as_str() == Some(intent.order.on_ramp().as_str())
        && key["vlan"].as_i64() == vlan;
    match key["description"].as_str().unwrap_or_default() {
        "" => same,
        _ => tag_is_on(intent, key),
    }
}

/// O5: each request was journaled as being sent, and synced, before the server received
/// it.
fn unwritten(environment: &TestEnvironment, posts: &[LoggedRequest]) -> Vec<String> {
    let slate = environment.disks.slate();
    let mut attempts = BTreeMap::<String, usize>::new();
    let mut wrong = vec![];
    for (n, post) in posts.iter().enumerate() {
        let body: Value = serde_json::from_str(&post.body).unwrap_or_default();
        let label = body["description"].as_str().unwrap_or_default();
        let found = slate.labels.iter().find(|(its, _)| its == label);
        let intent = found.map(|(_, intent)| intent.clone()).unwrap_or_default();
        let attempt = attempts.entry(intent.clone()).or_default();
        *attempt += 1;
        let synced = slate.synced.iter().any(|sync| {
            sync.posts <= n && sync.leaving.get(&intent).is_some_and(|times| times >= attempt)
        });
        if !synced {
            wrong.push(format!("O5: request {n} left before it was on the disk: {label}"));
        }
    }
    wrong
}

/// O6: no key, and no secret, is in any file: not in clear, not turned round,
/// not in another writing.
fn nothing_leaked(environment: &TestEnvironment) {
    let mut bytes = vec![];
    for directory in environment.directories() {
        read_all(&directory, &mut bytes);
    }
    for key in environment.simulator.keys() {
        canary::absent(&text_of(&key), &bytes, "a file, and a key");
    }
    canary::absent(environment.simulator.client_secret(), &bytes, "a file");
}

fn read_all(directory: &Path, bytes: &mut Vec<u8>) {
    for entry in std::fs::read_dir(directory).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path, bytes);
        } else {
            bytes.extend(std::fs::read(&path).expect("read"));
        }
    }
}

/// Returns how often the keys of an on-ramp were read after the first request.
fn looked(environment: &TestEnvironment) -> usize {
    let seen = environment.simulator.requests();
    let after = seen.iter().skip_while(|seen| !is_post(seen));
    after
        .filter(|seen| seen.path == "/v2/service/key" && seen.query.contains("productIdOrUid"))
        .count()
}

const fn word(state: &State) -> &'static str {
    match state {
        State::Prepared => "prepared",
        State::Sending => "sending",
        State::Created(_) => "created",
        State::Refused => "refused",
        State::NotSent => "not sent",
        State::Unknown => "unknown",
        State::Acknowledged(_) => "acknowledged",
        State::Closed(_) => "closed",
    }
}
