//! What becomes of a request to make a key: written down, sent, looked for,
//! settled.
//!
//! Nothing in here sends by itself. A request leaves only after a `y` on its
//! review, and only once the journal says that it is on the disk.

use std::time::Duration;

use crate::{
    api::{Failure, Mode, Reply, RequestId},
    domain::{
        audit::{Act, Happened, KeyMark, Shown},
        fingerprint::Fingerprint,
        intent::{Intent, IntentId},
        issuance::Doubt,
        key_order::OrderUse,
        key_usage::Remembered,
        ledger::{Standing, State, Step},
        service_key::ServiceKey,
        text::SafeText,
    },
    engine::attempt::{Attempt, Search, Stage, WRITING, Window},
};

use super::{
    dialog::{
        Dialog,
        card::{Card, Face, Origin, Pairing, differences},
        new_key::NewKey,
    },
    issue,
    journal::may_interrupt,
    key::{Code, Key},
    late_looks,
    model::{Model, Purpose},
    msg::Effect,
    pair_send, reconcile, refusal, reply_check, review_checks,
};

/// The longest that the search waits first because Megaport asks for it.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Takes up an intent of an earlier session.
pub(super) fn take_up(model: &mut Model, standing: Standing) {
    let now = model.now;
    let stage = match standing.state {
        State::Prepared => Stage::Waiting,
        _ => Stage::Looking { failure: None, since: now },
    };
    let search = Search::default();
    let one = Attempt {
        standing,
        is_set_aside: true,
        from_previous_session: true,
        since: now,
        stage,
        search,
    };
    model.unfinished.push(one);
}

/// What the audit says beside a step of an intent.
#[derive(Default)]
pub(super) struct Said {
    happened: Option<Happened>,
    key: Option<KeyMark>,
    why: Option<SafeText>,
    trace: Option<SafeText>,
}

impl Said {
    pub(super) fn of(failure: &Failure) -> Self {
        let (why, trace) = (Some(failure.happened.clone()), failure.trace.clone());
        Self { why, trace, ..Self::default() }
    }
}

/// Writes down what happened to an intent. A step that cannot follow changes
/// nothing.
fn note(model: &mut Model, id: IntentId, step: &Step) -> Vec<Effect> {
    note_with(model, id, step, Said::default())
}

/// The same, with what is to be said of it.
pub(super) fn note_with(model: &mut Model, id: IntentId, step: &Step, said: Said) -> Vec<Effect> {
    let at = model.server_now();
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let record = issuing.standing.record(step.clone(), at);
    if issuing.standing.take(&record).is_err() {
        return vec![];
    }
    let happened = said.happened.unwrap_or(match step {
        Step::Prepared(_) => Happened::Prepared,
        Step::Sending => Happened::Sent,
        Step::Created(_) => Happened::Created,
        Step::Refused => Happened::Refused,
        Step::NotSent => Happened::NotSent,
        Step::Unknown => Happened::Unknown,
        Step::Acknowledged => Happened::Seen,
        Step::Closed(_) | Step::Change(_) => Happened::Closed,
    });
    let why = match &step {
        Step::Closed(why) => Some(why.clone()),
        _ => said.why,
    };
    let intent = Box::new(issuing.standing.intent.clone());
    let act = Act::Order { intent, happened, key: said.key, why, trace: said.trace };
    vec![Effect::Record(record), model.audit_of(act)]
}

/// What time alone brings: the next look for a key in doubt, and the end of
/// patience with a disk that does not answer.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let mut effects = vec![];
    let mut due = vec![];
    let mut late = vec![];
    let Model { unfinished, inventory, .. } = &mut *model;
    for one in unfinished {
        let order = &one.standing.intent.order;
        let is_port =
            inventory.on_ramp(order.on_ramp()).is_some_and(|on_ramp| on_ramp.kind.answers_vlans());
        one.search.vlan_can_be_asked = is_port && matches!(order.usage(), OrderUse::Single(_));
        if one.is_due(now) {
            one.search.planned += 1;
            due.push(one.standing.intent.id);
        }
        match one.stage {
            Stage::Writing(request) if now.since(one.since) > WRITING => late.push(request),
            _ => {}
        }
    }
    for request in late {
        let why = "the disk gave no answer in 10 s".into();
        effects.extend(not_begun(model, request, &why));
    }
    effects.extend(due.into_iter().flat_map(|id| reconcile::look(model, id)));
    effects.extend(late_looks::tick(model));
    effects.extend(review_checks::read_doubtful_again(model));
    effects
}

/// The journal has it: the request may leave, if it is still wanted.
pub(super) fn begun(model: &mut Model, request: RequestId) -> Vec<Effect> {
    let (now, at) = (model.now, model.server_now());
    let Some(&Purpose::Create(id)) = model.waiting.get(&request) else {
        return vec![Effect::Withdraw(request)];
    };
    if model.mode == Mode::ReadOnly {
        // Taken back while the disk was at work.
        let happened = "The console was made read-only; nothing was sent";
        let mut effects = vec![Effect::Withdraw(request)];
        effects.extend(hold_back(model, request, happened, ":rw allows making keys."));
        return effects;
    }
    let Some(issuing) = model.attempt_mut(id) else { return vec![Effect::Withdraw(request)] };
    let sending = issuing.standing.record(Step::Sending, at);
    if issuing.standing.take(&sending).is_err() {
        return vec![Effect::Withdraw(request)];
    }
    (issuing.stage, issuing.since) = (Stage::Sending, now);
    let sent = Act::order(&issuing.standing.intent, Happened::Sent);
    vec![model.audit_of(sent), Effect::Send(request)]
}

/// The journal does not have it, so nothing leaves.
pub(super) fn not_begun(model: &mut Model, request: RequestId, why: &SafeText) -> Vec<Effect> {
    let before = match model.waiting.get(&request) {
        Some(Purpose::Create(id)) => model.attempt(*id).map_or(0, |one| one.standing.attempts),
        _ => 0,
    };
    let nothing = if before > 0 { "nothing more was sent" } else { "nothing was sent" };
    let happened = format!("Cannot record safely; {nothing}: {why}");
    hold_back(model, request, &happened, "What is not written down first is not sent.")
}

/// The journal refused, because another console has moved the intent on: takes
/// over where it stands, so that nothing here goes on from what was over.
pub(super) fn not_begun_elsewhere(
    model: &mut Model,
    request: RequestId,
    why: &SafeText,
    standing: Standing,
) -> Vec<Effect> {
    let Some(Purpose::Create(id)) = model.waiting.remove(&request) else { return vec![] };
    let (now, state) = (model.now, standing.state.clone());
    let happened = format!("This console sent nothing: {why}");
    let failure = Failure::unrecorded(&happened, "The console looks for the key.");
    let act = Act::Order {
        intent: Box::new(standing.intent.clone()),
        happened: Happened::NotSent,
        key: None,
        why: Some(failure.happened.clone()),
        trace: None,
    };
    let mut effects = vec![model.audit_of(act)];
    let Some(issuing) = model.attempt_mut(id) else { return effects };
    issuing.standing = standing;
    (issuing.from_previous_session, issuing.since, issuing.search) = (true, now, Search::default());
    match state {
        State::Prepared => issuing.stage = Stage::Waiting,
        State::Sending | State::Unknown | State::Created(_) => {
            issuing.stage = Stage::Looking { failure: Some(failure), since: now };
            show(model, id);
            effects.extend(tick(model));
        }
        State::Refused | State::NotSent => issuing.stage = Stage::NotMade(failure),
        State::Acknowledged(_) | State::Closed(_) => {
            settle(model, id);
            model.notice = Some(format!("{happened}."));
        }
    }
    effects
}

/// A request does not leave, because of something here.
fn hold_back(model: &mut Model, request: RequestId, happened: &str, advice: &str) -> Vec<Effect> {
    let Some(Purpose::Create(id)) = model.waiting.remove(&request) else { return vec![] };
    let failure = Failure::unrecorded(happened, advice);
    let now = model.now;
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let act = Act::Order {
        intent: Box::new(issuing.standing.intent.clone()),
        happened: Happened::NotSent,
        key: None,
        why: Some(failure.happened.clone()),
        trace: None,
    };
    stop(issuing, failure, now);
    let mut effects = vec![model.audit_of(act)];
    effects.extend(pair_send::call_off(model, id));
    effects
}

/// This attempt made nothing. After a doubtful one the search goes on.
fn stop(issuing: &mut Attempt, failure: Failure, now: crate::domain::time::Timestamp) {
    issuing.stage = if issuing.standing.doubted {
        issuing.search = Search::default();
        Stage::Looking { failure: Some(failure), since: now }
    } else {
        Stage::NotMade(failure)
    };
}

/// The request ended without a key.
fn fail(model: &mut Model, id: IntentId, failure: Failure) -> Vec<Effect> {
    let (now, wait_until) = (model.now, model.feeds.wait_until);
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let window = match failure.doubt {
        Doubt::NotSent => return not_sent(model, id, failure),
        Doubt::NotProcessed => Window::NotProcessed,
        // After a doubtful attempt a refusal is evidence, and no answer.
        Doubt::Refused if !issuing.standing.doubted => Window::Refused,
        Doubt::Refused | Doubt::Unknown => Window::Lost,
    };
    let said = Said::of(&failure);
    issuing.search = Search::after(window);
    let since = match (window, wait_until) {
        (Window::NotProcessed, Some(until)) => until.clamp(now, now + LONGEST_WAIT),
        _ => now,
    };
    issuing.stage = Stage::Looking { failure: Some(failure), since };
    // Of a refusal nothing is said, nor written down, before a list was read.
    let mut effects = match window {
        Window::Refused => vec![],
        Window::Lost | Window::NotProcessed => note_with(model, id, &Step::Unknown, said),
    };
    if !model.dialogs.last().is_some_and(|top| top.is_about(id)) {
        show(model, id);
    }
    effects.extend(tick(model));
    effects
}

/// Nothing of the attempt has left this host.
fn not_sent(model: &mut Model, id: IntentId, failure: Failure) -> Vec<Effect> {
    let now = model.now;
    let Some(issuing) = model.attempt_mut(id) else { return vec![] };
    let step = issuing.standing.end(Doubt::NotSent);
    let mut effects = note_with(model, id, &step, Said::of(&failure));
    let Some(issuing) = model.attempt_mut(id) else { return effects };
    stop(issuing, failure, now);
    if matches!(issuing.stage, Stage::NotMade(_)) {
        effects.extend(pair_send::call_off(model, id));
    }
    let Some(issuing) = model.attempt(id) else { return effects };
    if issuing.is_in_doubt() && !model.dialogs.last().is_some_and(|top| top.is_about(id)) {
        show(model, id);
    }
    effects.extend(tick(model));
    effects
}

/// Brings an intent's dialog to the front.
pub(super) fn show(model: &mut Model, id: IntentId) {
    model.dialogs.retain(|dialog| !dialog.is_about(id));
    model.dialogs.push(Dialog::Attempt(id));
}

/// Takes in a reply about an intent.
pub(super) fn apply_attempt_reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    use crate::api::VlanAnswer::{Free, Taken};
    match (purpose, result) {
        (Purpose::Create(id), Ok(Reply::Created(key))) => replied(model, id, *key),
        (Purpose::Create(id), Err(failure)) => fail(model, id, failure),
        (Purpose::Look(id), Ok(Reply::KeysOf(of, list))) => {
            reconcile::hear_look(model, id, &of, list)
        }
        (Purpose::Look(id), Err(failure)) => {
            if let Some(issuing) = model.attempt_mut(id) {
                let search = &mut issuing.search;
                (search.asking, search.trouble, search.last_whole) = (false, Some(failure), false);
            }
            refusal::judge(model, id)
        }
        (Purpose::LateLook(id), result) => late_looks::apply_late_list(model, id, result),
        (Purpose::LookCircuits(id), Ok(Reply::OnRamp(on_ramp))) => {
            let known = model.inventory.place(&on_ramp.id).is_some() && on_ramp.unread == 0;
            issue::take_on_ramp(model, *on_ramp);
            if let Some(issuing) = model.attempt_mut(id) {
                issuing.search.circuits = known;
            }
            reconcile::weigh(model, id, None)
        }
        (Purpose::LookVlan(id), Ok(Reply::Vlan(answer))) => {
            if let Some(issuing) = model.attempt_mut(id) {
                issuing.search.vlan_is_free = Some(match answer {
                    Free => true,
                    Taken(_) => false,
                });
            }
            vec![]
        }
        // What was not read this time is not known now.
        (Purpose::LookCircuits(id), Err(_)) => {
            if let Some(issuing) = model.attempt_mut(id) {
                issuing.search.circuits = false;
            }
            vec![]
        }
        (Purpose::LookVlan(id), Err(_)) => {
            if let Some(issuing) = model.attempt_mut(id) {
                issuing.search.vlan_is_free = None;
            }
            vec![]
        }
        _ => vec![],
    }
}

/// A good reply names a key: it is ours if nothing speaks against it, and is
/// then looked for in the list.
fn replied(model: &mut Model, id: IntentId, key: ServiceKey) -> Vec<Effect> {
    if let Some(why) = reply_check::why_not_ours(model, id, &key) {
        return fail(model, id, Failure::of_another_key(&why));
    }
    let named = key.id.clone();
    let mut effects = made(model, id, key, Origin::Made, Happened::Created);
    if let Some(intent) = model.attempt(id).map(|one| one.standing.intent.clone()) {
        effects.extend(late_looks::after_creation(model, &intent, named));
    }
    effects
}

/// The key is known: writes that down and shows its card.
pub(super) fn made(
    model: &mut Model,
    id: IntentId,
    key: ServiceKey,
    origin: Origin,
    happened: Happened,
) -> Vec<Effect> {
    let said = Said {
        happened: Some(happened),
        key: Some(KeyMark::of(&key)),
        why: model.attempt(id).and_then(|one| differs(&key, &one.standing.intent)),
        trace: None,
    };
    let mut effects = note_with(model, id, &Step::Created(Fingerprint::of(&key.id)), said);
    model.forget(Purpose::Look(id));
    if let Some(one) = model.attempt(id) {
        let print = Fingerprint::of(&key.id);
        let memory = Remembered::of_intent(&one.standing.intent, print);
        model.remembered.insert(print, Remembered { created: key.created, ..memory });
    }
    model.never_copied.insert(key.id.clone(), key.label.clone());
    model.inventory.put_key(key.clone(), model.server_now());
    model.browse.arrange(&model.inventory, &model.geography);
    let Some(issuing) = model.attempt_mut(id) else { return effects };
    issuing.stage = Stage::Made(Box::new(key));
    if matches!(origin, Origin::Late | Origin::Refused) {
        let intent = issuing.standing.intent.clone();
        late_looks::end(model, id);
        late_looks::stop_same_order(model, &intent);
    }
    let Some(issuing) = model.attempt(id) else { return effects };
    let at_hand = !issuing.is_set_aside;
    let asked = model.dialogs.last().is_some_and(|top| top.is_about(id));
    model.dialogs.retain(|dialog| !dialog.is_about(id));
    if at_hand {
        model.dialogs.retain(|dialog| !matches!(dialog, Dialog::Leave));
        model.draft = None;
    }
    // The first of a pair is shown together with the second.
    if let Some(more) = pair_send::go_on(model, id) {
        effects.extend(more);
        return effects;
    }
    if at_hand || asked || may_interrupt(model) {
        effects.extend(show_card(model, id, origin));
    }
    effects
}

/// What of a key is not as it was asked for.
fn differs(key: &ServiceKey, intent: &Intent) -> Option<SafeText> {
    let differs = differences(key, intent);
    (!differs.is_empty()).then(|| SafeText::clean(&differs.join("; ")))
}

/// Shows the card of an intent's key, with the other one of its pair where
/// that is made too.
pub(super) fn show_card(model: &mut Model, id: IntentId, origin: Origin) -> Vec<Effect> {
    let Some(part) = model.attempt(id).map(|one| one.standing.intent.part) else {
        return vec![];
    };
    let ids = match part {
        Some(part) => {
            model.pair_draft = None;
            pair_send::made_keys(model, part).into_iter().map(|(half, _)| half).collect()
        }
        None => vec![id],
    };
    model.dialogs.retain(|open| !matches!(open, Dialog::Card(card) if card.is_of(id)));
    let face = |id: &IntentId| {
        let one = model.attempt(*id)?;
        let Stage::Made(key) = &one.stage else { return None };
        Some(Face::of((**key).clone(), &one.standing.intent))
    };
    let faces: Vec<_> = ids.iter().filter_map(face).collect();
    let Some(one) = model.attempt(id).filter(|_| !faces.is_empty()) else { return vec![] };
    let for_whom = one.standing.intent.for_whom.clone();
    let pair = part.and_then(|part| {
        let whole = faces.len() == usize::from(part.of);
        Some(Pairing { whole, says: pair_send::half_in_words(model, Some(part), id)? })
    });
    let zone = model.settings.hand_off.zone.clone();
    let card = Card::of(faces, for_whom, origin, model.now);
    let shown = Act::revealed(card.faces.iter().map(|face| &face.key), Shown::Card);
    model.dialogs.push(Dialog::Card(Box::new(Card { pair, zone, ..card })));
    vec![model.audit_of(shown)]
}

/// The card was closed: somebody has seen the key.
pub(super) fn seen(model: &mut Model, id: Option<IntentId>) -> Vec<Effect> {
    let Some(id) = id else { return vec![] };
    let effects = note(model, id, &Step::Acknowledged);
    settle(model, id);
    effects
}

/// Takes an intent off the list.
fn settle(model: &mut Model, id: IntentId) {
    let Some(at) = model.unfinished.iter().position(|one| one.standing.intent.id == id) else {
        return;
    };
    let standing = model.unfinished.remove(at).standing;
    for purpose in [Purpose::Look(id), Purpose::LookCircuits(id), Purpose::LookVlan(id)] {
        model.forget(purpose);
    }
    if standing.may_surprise() {
        model.journal.settled.insert(standing.intent.tag(), standing);
    }
    let empty = model.unfinished.is_empty() && model.journal.changes.is_empty();
    model.dialogs.retain(|dialog| match dialog {
        Dialog::Attempt(of) => *of != id,
        Dialog::Unfinished { .. } => !empty,
        _ => true,
    });
}

/// A digit says which of the keys found is ours.
pub(super) fn adopt(model: &mut Model, id: IntentId, key: Key) -> Vec<Effect> {
    let Code::Char(digit) = key.code else { return vec![] };
    let Some(issuing) = model.attempt(id) else { return vec![] };
    let (Stage::Maybe(keys) | Stage::Several(keys)) = &issuing.stage else { return vec![] };
    let index = digit.to_digit(10).and_then(|n| (n as usize).checked_sub(1));
    match index.and_then(|i| keys.get(i)).cloned() {
        Some(key) => made(model, id, key, Origin::Found, Happened::Adopted),
        None => vec![],
    }
}

/// Leaves a key in doubt and lets others be made.
pub(super) fn set_aside(model: &mut Model, id: IntentId) {
    if let Some(issuing) = model.attempt_mut(id) {
        issuing.is_set_aside = true;
    }
    model.draft = None;
    model.dialogs.retain(|dialog| !dialog.is_about(id));
    model.notice = Some("Set aside: its VLAN stays its own, and ! brings it back.".to_owned());
}

/// Hides a key in doubt; one that was surely not made goes back to its form.
pub(super) fn hide(model: &mut Model, id: IntentId) -> Vec<Effect> {
    model.dialogs.pop();
    let Some(issuing) = model.attempt(id) else { return vec![] };
    let at_hand = !issuing.is_set_aside;
    let half = issuing.standing.intent.part.filter(|part| part.number == 2);
    if let Some(part) = half
        && matches!(issuing.stage, Stage::NotMade(_) | Stage::Waiting)
        && let Some((first, _)) = pair_send::made_keys(model, part).into_iter().next()
    {
        return half_a_pair(model, id, first);
    }
    let Stage::NotMade(_) = issuing.stage else {
        return if issuing.stage == Stage::Vanished { seen(model, Some(id)) } else { vec![] };
    };
    let effects = note(model, id, &Step::Closed("nothing was sent".into()));
    settle(model, id);
    if let Some(form) = model.pair_draft.take().filter(|_| at_hand) {
        model.dialogs.push(Dialog::Pair(form));
    } else if let Some(form) = model.draft.take().filter(|_| at_hand) {
        model.dialogs.push(Dialog::NewKey(Box::<NewKey>::new(form)));
    }
    effects
}

/// The second key of a pair was not made: the first one is shown, and what was
/// not sent stays written down.
fn half_a_pair(model: &mut Model, id: IntentId, first: IntentId) -> Vec<Effect> {
    model.next_half = None;
    let mut effects = show_card(model, first, Origin::Made);
    if let Some(one) = model.attempt_mut(id) {
        one.is_set_aside = true;
        if matches!(one.stage, Stage::NotMade(_)) {
            effects.extend(note(
                model,
                id,
                &Step::Closed("the second of a pair was not made".into()),
            ));
            settle(model, id);
        }
    }
    let says = "Half a pair: one of two keys is made. ! has the other one, where it can be sent.";
    model.notice = Some(says.to_owned());
    effects
}

/// Closes an intent for good, with a person's reason.
pub(super) fn close(model: &mut Model, id: IntentId, why: &str) -> Vec<Effect> {
    let mut effects = doubt(model, id);
    effects.extend(note(model, id, &Step::Closed(why.into())));
    settle(model, id);
    effects
}

/// What was being sent when an earlier session ended is in doubt.
pub(super) fn doubt(model: &mut Model, id: IntentId) -> Vec<Effect> {
    match model.attempt(id).map(|issuing| &issuing.standing.state) {
        Some(State::Sending) => note(model, id, &Step::Unknown),
        _ => vec![],
    }
}
