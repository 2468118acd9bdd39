//! The work of this user's other consoles.

use super::*;
use crate::{
    api::journal::{Followed, Running},
    domain::{
        alteration::{Alteration, Subject},
        fingerprint::Fingerprint,
        intent::{Intent, Part, samples},
        key_values::KeyValues,
        ledger::{IntentStatus, OpenChange, SessionId},
        vlan_map::Holder,
    },
};

/// The other console.
const OTHER: SessionId = SessionId(9);

/// Returns every console that runs, where the other one does.
fn running() -> Others {
    let running = Running { process: Some(4711), ..Running::default() };
    Others::from([(OTHER, running)])
}

/// Returns an intent on VLAN 142 of the Port `p`, as another console has left it.
fn standing(state: State) -> IntentStatus {
    let sender = (state != State::Prepared).then_some(OTHER);
    let attempts = u32::from(sender.is_some());
    let intent = samples::intent(77);
    IntentStatus { state, attempts, sender, writer: Some(OTHER), ..IntentStatus::new(intent) }
}

fn follow(world: &mut World, standings: Vec<IntentStatus>, others: Others) {
    let followed = Followed { standings, others, ..Followed::default() };
    world.handle_input(Input::Journal(journal::Event::Followed(Box::new(followed))));
}

fn refusals(world: &World) -> usize {
    let refused = world.events.iter().filter(|event| matches!(event, Event::Elsewhere(_)));
    refused.count()
}

#[test]
fn attempt_of_another_running_console_is_reserved() {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    assert!(world.engine.plan().expect("planned").is_clear());
    let yes = world.yes();
    let theirs = standing(State::Sending);
    let id = theirs.intent.id;
    follow(&mut world, vec![theirs], running());
    let plan = world.engine.plan().expect("planned");
    assert!(!plan.is_clear(), "it has the same VLAN");
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer), "and that is new");
    world.engine.drop_plan();
    let map = world.engine.vlans(&world.on_ramps[0].id).expect("listed");
    let holder = map.holder(VlanId::new(142).expect("legal")).expect("taken");
    assert!(holder.reason().contains("of another console"), "{}", holder.reason());
    assert_ne!(map.suggest(VlanId::new(142).expect("legal")), VlanId::new(142).ok());

    world.pass(Duration::from_secs(200));
    assert_eq!(world.asked, [], "it is not looked for");
    world.play(|engine| engine.search(id));
    world.play(|engine| engine.close(id, "not mine"));
    world.play(|engine| engine.acknowledge(id));
    assert_eq!(refusals(&world), 3);
    assert!(
        matches!(world.engine.plan_again(id), Err(NotNow::Elsewhere(says)) if says.contains("kill 4711"))
    );
    assert_eq!(world.records, []);
    assert_eq!(world.asked, []);
    assert!(world.engine.in_doubt().is_empty(), "nor is it this console's to leave behind");

    follow(&mut world, vec![], Others::new());
    assert_eq!(world.engine.in_doubt().len(), 1, "the other one has ended");
}

#[test]
fn once_the_other_console_has_ended_its_request_is_looked_for() {
    let mut world = World::open();
    follow(&mut world, vec![standing(State::Sending)], running());
    assert_eq!(world.asked, []);
    follow(&mut world, vec![], Others::new());
    assert!(matches!(world.asked.as_slice(), [(_, Request::KeysOf(_))]), "{:?}", world.asked);
    let [one] = world.engine.attempts() else { panic!("one") };
    assert!(one.elsewhere.is_none() && one.is_in_doubt());
}

#[test]
fn key_of_another_console_keeps_its_vlan_until_listed() {
    let mut world = World::open();
    follow(&mut world, vec![standing(State::Sending)], running());
    let created =
        ServiceKey { label: samples::intent(77).order.label().clone(), ..key("k", "p", 142) };
    let print = Fingerprint::of_key(&created.id);
    follow(&mut world, vec![standing(State::Acknowledged(print))], running());
    assert!(world.engine.attempts().is_empty(), "it is settled there");
    let label = samples::intent(77).order.label().clone();
    assert!(world.events.contains(&Event::SettledByOther(label)));
    let taken = |world: &World| {
        let map = world.engine.vlans(&world.on_ramps[0].id).expect("listed");
        map.holder(VlanId::new(142).expect("legal")).map(Holder::reason)
    };
    assert!(taken(&world).is_some_and(|why| why.contains("another console")));
    assert!(world.asked.iter().any(|(_, request)| *request == Request::Keys), "to show it");
    world.answer(); // it is not listed yet
    assert!(taken(&world).is_some_and(|why| why.contains("another console")));
    world.keys.push(created);
    world.play(Engine::refresh);
    world.answer();
    assert!(taken(&world).is_some_and(|why| why.contains("unused key")));
}

#[test]
fn half_pair_of_another_console_cannot_be_discarded() {
    let mut world = World::open();
    let part = |number| Some(Part { order: 77, number, of: 2 });
    let first = standing(State::Created(Fingerprint::of_text("k")));
    let first = IntentStatus { intent: Intent { part: part(1), ..first.intent }, ..first };
    let second = standing(State::Prepared);
    let second = Intent { id: IntentId(78), part: part(2), ..second.intent };
    let second = IntentStatus { writer: Some(OTHER), ..IntentStatus::new(second) };
    follow(&mut world, vec![first, second], running());
    world.play(|engine| engine.close(IntentId(78), "discarded"));
    assert_eq!(refusals(&world), 1);
    assert_eq!(world.engine.attempts().len(), 2);
    assert_eq!(world.records, []);
}

#[test]
fn change_by_another_running_console_cannot_be_closed() {
    let mut world = World::open();
    world.keys.push(key("k", "p", 142));
    world.play(Engine::refresh);
    world.answer();
    let subject = Subject::Key(Fingerprint::of_key(&world.keys[0].id));
    let alteration =
        Alteration { id: IntentId(8), subject, name: "ACME".into(), what: "off".into(), to: None };
    let change = OpenChange { alteration, begun_at: THEN, writer: Some(OTHER) };
    for (others, seen) in [(running(), false), (Others::new(), true)] {
        let followed = Followed { changes: vec![change.clone()], others, ..Followed::default() };
        world.handle_input(Input::Journal(journal::Event::Followed(Box::new(followed))));
        world.answer();
        world.events.clear();
        world.play(|engine| engine.see_change(0));
        assert_eq!(refusals(&world), usize::from(!seen));
        assert_eq!(world.engine.journal().changes.len(), usize::from(!seen));
    }
}

#[test]
fn new_key_of_another_console_unlike_its_order_is_no_drift() {
    let mut world = World::open();
    world.keys.push(key("k", "p", 142));
    world.play(Engine::refresh);
    world.answer();
    let print = Fingerprint::of_key(&world.keys[0].id);
    let theirs = standing(State::Created(print));
    let expected = [(print, KeyValues::of_order(&theirs.intent))].into();
    let standings = vec![theirs];
    let followed = Followed { standings, others: running(), expected, ..Followed::default() };
    world.handle_input(Input::Journal(journal::Event::Followed(Box::new(followed))));
    assert!(world.engine.drifted().is_empty(), "its card is open there");
}
