//! Keys that another user has changed elsewhere.

use super::*;
use crate::domain::{
    alteration::{ChangeStep, Subject},
    fingerprint::Fingerprint,
    key_difference::Difference,
    key_usage::Word,
    key_values::KeyValues,
    ledger::JournalStep,
    watch::News,
};

const VLAN: i64 = 142;

/// Returns a world in which a key was created on VLAN 142, and listed as it was
/// ordered.
fn created() -> World {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    world.confirm();
    let (id, key) = world.create();
    world.reply(id, Ok(Reply::Created(Box::new(key))));
    let intent = world.engine.attempts()[0].standing.intent.id;
    world.play(|engine| engine.acknowledge(intent));
    read(&mut world);
    world.events.clear();
    world.records.clear();
    world
}

fn read(world: &mut World) {
    world.play(Engine::refresh);
    world.answer();
}

/// Updates a key like the vendor's other tools: every field that they omit is reset.
fn strip(world: &mut World) {
    let key = &mut world.keys[0];
    (key.label, key.rate) = ("".into(), Some(Mbps::new(10_000)));
    (key.usage, key.validity) = (KeyUse::Single(VlanTag::Unstated), None);
    read(world);
}

fn word(world: &World) -> Word {
    world.engine.survey().listed(&world.keys[0]).word
}

fn drifted(world: &World) -> &[Difference] {
    world.engine.drift_of(&world.keys[0].id)
}

fn is_kept(world: &World) -> bool {
    let map = world.engine.vlans(&world.on_ramps[0].id).expect("it is listed");
    map.holder(VlanId::new(142).expect("legal")).is_some()
}

#[test]
fn stripped_key_counts_as_changed_and_keeps_vlan_and_label() {
    let mut world = created();
    assert_eq!((word(&world), drifted(&world)), (Word::Unused, &[][..]));
    let label = world.keys[0].label.clone();
    strip(&mut world);
    assert_eq!(word(&world), Word::Drifted);
    assert!(drifted(&world).len() >= 3, "{:?}", drifted(&world));
    assert!(is_kept(&world), "its VLAN is offered to nobody");
    assert_eq!(world.engine.label_on_record(&world.keys[0]), Some(&label));
    let news = world.events.iter().filter_map(|event| match event {
        Event::KeyNews(label, News::Drifted(_)) => Some(label.clone()),
        _ => None,
    });
    assert_eq!(news.collect::<Vec<_>>(), [label], "it is told once, by our label");
    world.events.clear();
    read(&mut world);
    assert!(!world.events.iter().any(|event| matches!(event, Event::KeyNews(..))));
}

#[test]
fn restoring_change_names_the_differences_and_is_no_news() {
    let mut world = created();
    let before = world.keys[0].clone();
    strip(&mut world);
    world.events.clear();
    let change = world.engine.change_back(&world.keys[0]).expect("it differs");
    assert_eq!((change.usage, change.rate), (Some(before.usage), before.rate));
    assert_eq!(change.label.as_ref(), Some(&before.label));
    assert_eq!(change.active, None, "what is as it was stays out of it");
    let run = world.engine.plan_changes(vec![(world.keys[0].clone(), change)]);
    let asked = world.engine.changes(run).expect("it is planned").asked();
    let outcome = world.engine.confirm_changes(run, &Confirmed::by_flag(asked)).expect("it goes");
    world.perform(outcome);
    let (id, _) = world.sent.pop().expect("it left");
    world.keys[0] = before.clone();
    world.reply(id, Ok(Reply::Updated(Box::new(before))));
    world.answer();
    read(&mut world);
    assert_eq!((word(&world), drifted(&world)), (Word::Unused, &[][..]));
    assert!(!world.events.iter().any(|event| matches!(event, Event::KeyNews(..))), "it was us");
}

#[test]
fn accepted_drift_is_journaled_for_the_next_start() {
    let mut world = created();
    strip(&mut world);
    let (key, sent) = (world.keys[0].clone(), world.sent.len());
    let outcome = world.engine.take_as_listed(&key).expect("the journal is well");
    world.perform(outcome);
    assert_eq!((drifted(&world), is_kept(&world)), (&[][..], false));
    assert!(world.sent.len() == sent && world.engine.journal().changes.is_empty());
    let print = Fingerprint::of_key(&key.id);
    let turns: Vec<_> = world.records.iter().map(|record| record.step.clone()).collect();
    let [JournalStep::Change(ChangeStep::Begun(begun)), JournalStep::Change(ChangeStep::Done)] =
        &turns[..]
    else {
        panic!("{turns:?}");
    };
    assert_eq!(begun.subject, Subject::Key(print));
    let ledger = Ledger::replay(&world.records);
    let expected = ledger.expected();
    assert_eq!(expected[&print].differences(&key), [], "as it is listed");
}

#[test]
fn change_made_here_is_never_drift() {
    let mut world = created();
    let id = world.keys[0].id.clone();
    let change = KeyChange { rate: Some(Mbps::new(50)), ..KeyChange::new(id) };
    let run = world.engine.plan_changes(vec![(world.keys[0].clone(), change)]);
    let asked = world.engine.changes(run).expect("it is planned").asked();
    let outcome = world.engine.confirm_changes(run, &Confirmed::by_flag(asked)).expect("it goes");
    world.perform(outcome);
    let (request, _) = world.sent.pop().expect("it left");
    world.keys[0].rate = Some(Mbps::new(50));
    // The list shows it before the reply is there.
    read(&mut world);
    assert_eq!(drifted(&world), [], "it is under way");
    world.reply(request, Err(lost()));
    world.answer();
    read(&mut world);
    assert_eq!(drifted(&world), []);
    assert!(!world.events.iter().any(|event| matches!(event, Event::KeyNews(..))));
}

#[test]
fn key_created_elsewhere_is_compared_with_its_first_reading() {
    let mut world = World::open();
    world.keys.push(key("k", "p", VLAN));
    read(&mut world);
    assert_eq!(drifted(&world), []);
    world.keys[0].active = false;
    read(&mut world);
    assert_eq!(drifted(&world), [Difference::Active(false)]);
    assert_eq!(word(&world), Word::Drifted, "and not merely inactive");
    world.keys[0].active = true;
    world.events.clear();
    read(&mut world);
    let restored = Event::KeyNews(world.keys[0].label.clone(), News::Restored);
    assert!(drifted(&world).is_empty() && world.events.contains(&restored));
}

#[test]
fn journal_expectations_apply_to_keys_read_before_it_opened() {
    let mut before = created();
    strip(&mut before);
    let Write::CreateKey { intent: order, .. } = before.sent.remove(0).1 else { panic!() };
    let order = *order;
    let mut world = World::open();
    world.keys.push(before.keys[0].clone());
    read(&mut world);
    assert_eq!(drifted(&world), []);
    let print = Fingerprint::of_key(&world.keys[0].id);
    let steps = [
        JournalStep::Prepared(Box::new(order.clone())),
        JournalStep::Sending,
        JournalStep::Created(print),
    ];
    let steps = steps.into_iter().chain([JournalStep::Acknowledged]);
    let records: Vec<_> = steps.map(|step| Record::new(order.id, THEN, step)).collect();
    let opened = Opened {
        ledger: Ledger::replay(&records),
        others: Others::new(),
        seed: 7,
        damaged: 0,
        is_read: true,
        unusable: None,
        note: None,
    };
    world.handle_input(Input::Journal(journal::Event::Opened(Box::new(opened))));
    assert_eq!(word(&world), Word::Drifted);
}

#[test]
fn change_by_another_console_of_this_user_is_no_drift() {
    let mut world = created();
    strip(&mut world);
    world.events.clear();
    let (print, key) = (Fingerprint::of_key(&world.keys[0].id), world.keys[0].clone());
    let expected = [(print, KeyValues::of_key(&key))].into();
    let followed = journal::Followed { expected, ..journal::Followed::default() };
    world.handle_input(Input::Journal(journal::Event::Followed(Box::new(followed))));
    assert_eq!((word(&world), drifted(&world)), (Word::Unused, &[][..]));
    assert!(!world.events.iter().any(|event| matches!(event, Event::KeyNews(..))));
}
