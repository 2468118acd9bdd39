//! A confirmation is for the screen as it was: a new warning is another question.

use crate::domain::{
    event::{Event as Notice, Kind, ShortId, State as EventState},
    text::SafeText,
};

use super::*;

fn warnings(world: &World) -> Vec<String> {
    let plan = world.engine.plan().expect("it is planned");
    plan.sides()[0].warnings.iter().map(SafeText::to_string).collect()
}

fn read(world: &mut World) {
    world.play(Engine::refresh);
    world.answer();
}

/// Asserts that the confirmation of a plan without warnings is refused once one has
/// appeared, and that a new one counts.
fn disarms(appear: impl FnOnce(&mut World), says: &str) {
    let mut world = World::open();
    world.plan(vec![world.order(0)]);
    assert_eq!(warnings(&world), Vec::<String>::new());
    let yes = world.yes();
    appear(&mut world);
    let warned = warnings(&world);
    assert!(warned.iter().any(|one| one.contains(says)), "{says}: {warned:?}");
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer), "{says}");
    world.confirm();
    assert_eq!(world.sent.len(), 1, "it warns and does not forbid: {says}");
}

#[test]
fn a_warning_that_appears_disarms_the_question() {
    let oversell = |world: &mut World| {
        world.on_ramps[0].vxcs.push(Vxc { rate: Some(Mbps::new(10_000)), ..circuit("c", 200) });
        read(world);
    };
    disarms(oversell, "would oversell: 105% allocated");
    let lock = |world: &mut World| {
        world.on_ramps[0].locked = true;
        read(world);
    };
    disarms(lock, "locked by us");
    let unused = |world: &mut World| {
        let label = world.engine.plan().expect("planned").sides()[0].order.label().clone();
        let bare = label.as_str().split('#').next().unwrap_or_default().trim().to_owned();
        let label = format!("{bare} {}", IntentId(99).tag()).as_str().into();
        world.keys.push(ServiceKey { label, ..key("other", "p", 300) });
        read(world);
    };
    disarms(unused, "this customer already has an unused key here");
}

#[test]
fn an_event_that_may_touch_it_disarms_the_question() {
    let mut world = World::open();
    let touched = "35ddb8a9-ae6c-4715-a378-0e58c7936d76";
    world.on_ramps[0].vxcs.push(circuit(touched, 300));
    read(&mut world);
    world.plan(vec![world.order(0)]);
    let yes = world.yes();
    let notice = Notice {
        number: "CSS-1".into(),
        kind: Kind::Outage,
        state: EventState::Now,
        from: None,
        until: None,
        purpose: "".into(),
        impact: "".into(),
        notice: "".into(),
        services: ShortId::parse(touched).into_iter().collect(),
        unread: 0,
    };
    let (entries, other) = (vec![notice], std::collections::BTreeMap::new());
    world.play(Engine::read_events);
    let asked = world.asked.iter().position(|(_, request)| *request == Request::Events);
    let (id, _) = world.asked.remove(asked.expect("the events are asked for"));
    world.reply(id, Ok(Reply::Events(Listing { entries, unread: vec![], other })));
    let warned = warnings(&world);
    assert!(warned.iter().any(|one| one.contains("outage CSS-1 may affect it, now")), "{warned:?}");
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer));
}

#[test]
fn key_changed_during_its_question_needs_a_new_answer() {
    let mut world = World::open();
    world.keys.push(key("k", "p", 142));
    read(&mut world);
    let change = KeyChange { active: Some(false), ..KeyChange::new(world.keys[0].id.clone()) };
    let run = world.engine.plan_changes(vec![(world.keys[0].clone(), change)]);
    let asked = world.engine.changes(run).expect("it is planned").asked();
    world.keys[0].rate = Some(Mbps::new(50));
    read(&mut world);
    let stale = world.engine.confirm_changes(run, &Confirmed::by_flag(asked));
    assert_eq!(stale, Err(NotNow::OtherAnswer));
    let run_now = world.engine.changes(run).expect("it is planned");
    assert_eq!(run_now.steps()[0].before.rate, Some(Mbps::new(50)), "as it is now");
    let asked = run_now.asked();
    assert!(world.engine.confirm_changes(run, &Confirmed::by_flag(asked)).is_ok());
}

#[test]
fn a_zone_that_changes_disarms_the_question_too() {
    let mut world = World::open();
    world.plan(vec![world.order(0), world.order(1)]);
    let yes = world.yes();
    world.on_ramps[1].zone = crate::domain::place::Zone::Red;
    read(&mut world);
    assert_eq!(world.engine.confirm(&yes), Err(NotNow::OtherAnswer), "the verdict may be another");
}
