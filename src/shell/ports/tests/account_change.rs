//! A request in flight while the account is changed stays in its journal.

use crate::{
    domain::ledger::{Ledger, State},
    simulator::{Act, Commit, Fault},
};

use super::*;

/// A change that is recorded and not sent.
const UNSENT: RequestId = RequestId(2);

const KEYS: &str = "/v2/service/key";

/// Disables a key that the server has.
fn disabling(rig: &PortsRig) -> Write {
    let keys = rig.simulator.keys();
    let key = KeyId::new(keys[0]["key"].as_str().expect("a text")).expect("legal");
    let Write::UpdateKey(_, alteration) = switching() else { panic!("a change") };
    Write::UpdateKey(KeyChange { active: Some(false), ..KeyChange::new(key) }, alteration)
}

/// Opens the account of `rig` on this server, with `journal` on its disk where
/// there is one; what the journal knows.
async fn open(rig: &mut PortsRig, server: &Simulator, journal: Option<Disk>) -> Ledger {
    let credentials = Credentials {
        client_id: server.client_id().to_owned(),
        client_secret: server.client_secret().into(),
    };
    let (api, token) = (server.base_url(), server.token_url());
    let config = Config::loopback(&api, &token, credentials).expect("legal");
    rig.ports.use_account(&demo(), config, audit::AuditSetting::default(), None);
    if let Some(disk) = journal {
        let (syncs, gate) = channel();
        rig.ports.journal =
            Some((JournalLocation::Memory, journal_on(&disk, gate, 20, &rig.report)));
        rig.syncs = syncs;
    }
    rig.perform(Effect::SetMode(Mode::ReadWrite));
    loop {
        if let journal::Event::Opened(opened) = rig.journal_event().await {
            return opened.ledger;
        }
    }
}

#[tokio::test]
async fn request_in_flight_at_account_change_is_in_doubt_on_reopen() {
    for verb in ["POST", "PUT"] {
        let mut rig = PortsRig::open().await;
        let fault = Fault::new(&format!("{verb} {KEYS}"), Act::Hang).commit(Commit::Before);
        rig.simulator.push_fault(fault);
        if verb == "POST" {
            rig.order(ID);
        } else {
            let write = disabling(&rig);
            let at = Timestamp::from_millis(0);
            assert_eq!(rig.perform(Effect::Write(ID, write, at)), None);
        }
        for _ in 0..2 {
            rig.syncs.send(()).expect("the journal lives");
        }
        assert_eq!(rig.journal_event().await, journal::Event::Begun(ID));
        assert_eq!(rig.perform(Effect::Send(ID)), None);
        while rig.simulator.count(verb, KEYS) == 0 {
            rig.read().await;
        }
        // Another one is recorded, and not released yet.
        let at = Timestamp::from_millis(0);
        assert_eq!(rig.perform(Effect::Write(UNSENT, renamed(), at)), None);
        rig.syncs.send(()).expect("the journal lives");
        assert_eq!(rig.journal_event().await, journal::Event::Begun(UNSENT));
        let on_disk = rig.disk.platter().bytes.clone();

        rig.ports.leave_account();
        let other = simulator::start(Options::quiet(World::demo())).await.expect("started");
        let ledger = open(&mut rig, &other, None).await;
        assert_eq!(ledger, Ledger::default(), "{verb}: it is in another journal");
        rig.read().await;
        let sent = rig.perform(Effect::Send(UNSENT));
        assert!(sent.is_some(), "{verb}: it leaves from another account");
        let of_it = |event: &Event| matches!(event, Event::Done { id, .. } if *id == ID);
        assert!(!rig.early.iter().any(of_it), "{verb}: another account hears of it");
        assert_eq!(other.count("POST", KEYS) + other.count("PUT", KEYS), 0, "{verb}");
        assert_eq!(rig.disk.platter().bytes, on_disk, "{verb}: it has an end that nobody knows");

        rig.ports.leave_account();
        let first = std::mem::replace(&mut rig.simulator, other);
        let kept = rig.disk.clone();
        let ledger = open(&mut rig, &first, Some(kept)).await;
        if verb == "POST" {
            let its = ledger.get(IntentId(ID.0)).expect("it is in the journal");
            assert_eq!((&its.state, its.attempts), (&State::Sending, 1), "in doubt");
            // The same attempt is not sent again.
            rig.on_ramps = rig.read().await;
            rig.order(ID);
            assert!(matches!(rig.journal_event().await, journal::Event::NotBegun(ID, ..)));
        } else {
            assert!(ledger.is_changing(IntentId(8)), "in doubt");
        }
        rig.read().await;
        assert_eq!(first.count(verb, KEYS), 1, "{verb}: it was sent again");
    }
}
