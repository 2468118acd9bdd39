//! Whatever comes in, in whatever order: no panic, and never two requests for
//! one key.

use std::time::Duration;

use onramp::{
    api::{Cause, Event, Failure, Mode, Reply, Request, RequestId, Unread, VlanAnswer, Write},
    domain::issuance::Doubt,
    ui::{
        key::{Code, Key, char, ctrl, plain},
        msg::{Effect, Msg},
    },
};
use proptest::prelude::*;

use crate::support::{Console, account, all, key};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Happens {
    Press(Key),
    Paste(String),
    Resize(u16, u16),
    Wait(u64),
    /// Time passes and nothing is drawn.
    Stall(u64),
    /// The oldest or the newest request is answered, in one of several ways.
    Answer {
        oldest: bool,
        how: u8,
    },
    /// A reply that nobody asked for, or asked for long ago.
    Stray(u64),
}

fn keys() -> impl Strategy<Value = Key> {
    let letters =
        prop::sample::select("nyyyjkhlgGsscSr/?!qx1+-dABC45:row".chars().collect::<Vec<_>>());
    let codes =
        [Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Up, Code::Down, Code::Left]
            .into_iter()
            .chain([
                Code::Right,
                Code::Backspace,
                Code::PageDown,
                Code::Home,
                Code::End,
                Code::F(1),
            ]);
    prop_oneof![
        5 => letters.prop_map(char),
        3 => prop::sample::select(codes.collect::<Vec<_>>()).prop_map(plain),
        1 => prop::sample::select(vec![ctrl('u'), ctrl('d'), ctrl('l')]),
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        8 => keys().prop_map(Happens::Press),
        1 => ".{0,8}".prop_map(Happens::Paste),
        1 => (0u16..200, 0u16..60).prop_map(|(c, r)| Happens::Resize(c, r)),
        3 => (0u64..90_000).prop_map(Happens::Wait),
        1 => (0u64..90_000).prop_map(Happens::Stall),
        5 => (any::<bool>(), 0u8..8).prop_map(|(oldest, how)| Happens::Answer { oldest, how }),
        1 => (0u64..40).prop_map(Happens::Stray),
    ]
}

fn failure(doubt: Doubt) -> Failure {
    let (happened, advice) = ("The line dropped".into(), "Look again.".into());
    Failure { cause: Cause::Line, happened, advice, trace: None, doubt }
}

fn answer(request: &Request, how: u8) -> Result<Reply, Failure> {
    let (on_ramps, keys) = account();
    let made = |on_ramp: &str| key("106e38ae-eb59-415f-ac81-526a5299851d", on_ramp, 100, "ABC");
    match how {
        0 => return Err(failure(Doubt::Unknown)),
        1 => return Err(failure(Doubt::Refused)),
        _ => {}
    }
    Ok(match request {
        Request::Products => Reply::Products(all(on_ramps.into_iter().skip(how.into()).collect())),
        Request::Keys => Reply::Keys(all(keys)),
        Request::KeysOf(of) => {
            let new = (how > 5).then(|| made(of.as_str()));
            let mut listed = all(keys.into_iter().chain(new).collect());
            if how == 5 {
                listed.unread.push(Unread { position: 0, why: "no key".into() });
            }
            Reply::KeysOf(of.clone(), listed)
        }
        Request::CheckVlan(..) => Reply::Vlan(VlanAnswer::Free),
        _ => Reply::KeyIsValid(true),
    })
}

fn carried_out(write: &Write, how: u8) -> Result<Reply, Failure> {
    let Write::CreateKey(intent) = write else { return Err(failure(Doubt::Refused)) };
    let order = &intent.order;
    let text = "106e38ae-eb59-415f-ac81-526a5299851d";
    match how {
        0 | 4 => Err(failure(Doubt::Unknown)),
        2 => Err(failure(Doubt::Refused)),
        _ => Ok(Reply::Created(Box::new(key(text, order.on_ramp().as_str(), 100, "ABC")))),
    }
}

fn play(console: &mut Console, happens: Happens) {
    match happens {
        Happens::Press(key) => console.press(key),
        Happens::Paste(text) => console.hear(Msg::Paste(text)),
        Happens::Resize(columns, rows) => console.hear(Msg::Resize(columns, rows)),
        Happens::Wait(millis) => console.wait(Duration::from_millis(millis)),
        Happens::Stall(millis) => console.stall(Duration::from_millis(millis)),
        Happens::Answer { how, .. } if how % 2 == 0 && !console.written.is_empty() => {
            let (id, write) = console.written.remove(0);
            console.reply(id, carried_out(&write, how));
        }
        Happens::Answer { oldest, how } if !console.asked.is_empty() => {
            let at = if oldest { 0 } else { console.asked.len() - 1 };
            let (id, request) = console.asked.remove(at);
            console.reply(id, answer(&request, how));
        }
        Happens::Answer { .. } => {}
        Happens::Stray(id) => {
            let result = Ok(Reply::KeyIsValid(false));
            let id = RequestId(1_000 + id);
            console.hear(Msg::Api(Event::Done { id, result, clock_offset: Some(-90_000) }));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_storm_of_anything_never_panics_and_never_sends_twice(
        storm in proptest::collection::vec(happens(), 0..250),
        journey in any::<bool>(),
    ) {
        let mut console = Console::loaded((80, 24));
        if journey {
            console.keys("\n\n\njnABC\n"); // start where keys are made
        }
        for happening in storm {
            let before = console.effects.len();
            let may_write = console.model.mode == Mode::ReadWrite;
            let in_doubt = console.model.at_hand().is_some();
            let is_y = matches!(happening, Happens::Press(key) if key == char('y'));
            let frame = console.frame();
            let again = is_y && frame.contains("Send this request?");
            let reviewing = again || is_y && frame.contains("Make this key?");
            play(&mut console, happening.clone());
            let is_post = |e: &&Effect| matches!(e, Effect::Send(_));
            let posts = console.effects[before..].iter().filter(is_post).count();
            prop_assert!(posts <= 1, "two requests at once after {happening:?}");
            if posts == 1 {
                prop_assert!(may_write, "sent though read-only");
                prop_assert!(!in_doubt || again, "sent while another was in doubt");
                prop_assert!(reviewing, "sent by {happening:?}, or without a review on the screen");
            }
        }
        let _ = console.frame();
    }
}
