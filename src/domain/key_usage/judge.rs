//! The rules that judge a key by its evidence.

use crate::domain::{
    inventory::Seen,
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
};

use super::{Circuit, Circuits, Evidence, Reading, Remembered, SOON, Word};

/// Judges a listed key at `now`, by the server's clock.
///
/// Megaport decides whether a window is over; `now` only shows which end soon.
pub fn listed(key: &ServiceKey, circuits: &Circuits<'_>, now: Timestamp) -> Reading {
    let lost = where_it_is(circuits);
    let mut evidence = signs_of_use(key.usage, key.created, circuits);
    evidence.extend(key.last_used.map(Evidence::LastUsed));
    evidence.extend(key.used_some_time.then_some(Evidence::UsedSomeTime));
    if evidence.iter().any(Evidence::shows_use) {
        evidence.sort_by_key(|one| !one.shows_use());
        evidence.extend(lost);
        let mut reading = Reading { word: Word::Used(None), evidence };
        // How often is a guess: at most so many times.
        let times = reading.since().filter(|_| key.is_multi_use()).map(|(count, _)| count);
        reading.word = Word::Used(times);
        return reading;
    }
    if let Some(lost) = lost.clone().filter(Evidence::is_of_no_on_ramp) {
        return Reading { word: Word::Orphan, evidence: vec![lost] };
    }
    let word = by_its_record(key, now, &mut evidence);
    let maybe = evidence.iter().any(|one| matches!(one, Evidence::Since { .. }));
    let word = match word {
        waits if waits.waits() && lost.is_some() => Word::NotKnown,
        waits if waits.waits() && maybe && key.usage.own_vlan().is_none() => Word::MaybeUsed,
        word => word,
    };
    match lost {
        Some(lost) => evidence.push(lost),
        None if !circuits.are_whole() => evidence.push(Evidence::CircuitsUnread),
        // Such a circuit is reported.
        None if evidence.iter().any(Evidence::is_of_a_circuit) => {}
        None => evidence.push(Evidence::NoCircuit { has_vlan: key.usage.own_vlan().is_some() }),
    }
    Reading { word, evidence }
}

/// Returns what the circuits of its on-ramp show about a key created at that time.
fn signs_of_use(usage: KeyUse, made: Option<Timestamp>, circuits: &Circuits<'_>) -> Vec<Evidence> {
    let own = usage.own_vlan();
    if let Some(vxc) = own.and_then(|tag| circuits.find_on_vlan(tag, made)) {
        return vec![Evidence::OnItsVlan(Circuit::from_vxc(vxc))];
    }
    let in_the_way = own.and_then(|tag| circuits.in_the_way(tag, made));
    let in_the_way = in_the_way.map(|vxc| Evidence::VlanTaken(Circuit::from_vxc(vxc)));
    let since = circuits.since(made).map(|(count, newest)| Evidence::Since {
        count,
        newest: Circuit::from_vxc(newest),
        asked_for: own,
    });
    in_the_way.into_iter().chain(since).collect()
}

/// Returns what is unknown because the key's on-ramp is missing.
fn where_it_is(circuits: &Circuits<'_>) -> Option<Evidence> {
    match circuits.seen {
        Seen::Listed(_) => None,
        Seen::Ended => Some(Evidence::OnRampEnded),
        Seen::NotListed => Some(Evidence::NoOnRamp),
        Seen::NotAmongTheRead(n) => Some(Evidence::OnRampNotAmongTheRead(n)),
        Seen::NotReadYet => Some(Evidence::OnRampsUnread),
    }
}

/// Judges a key without signs of use, by Megaport's own flags. Every obstacle to its
/// use is evidence.
fn by_its_record(key: &ServiceKey, now: Timestamp, evidence: &mut Vec<Evidence>) -> Word {
    let window = key.validity.unwrap_or_default();
    let opens = window.start.filter(|start| *start > now && key.valid != Some(true));
    let over = window.end.filter(|end| *end <= now);
    let soon = window.end.filter(|end| *end <= now + SOON);
    let explained = !key.active || key.expired || opens.is_some();
    let said = [
        (!key.active).then_some((Word::Inactive, Evidence::SwitchedOff)),
        key.expired.then(|| (Word::Expired, over.map_or(Evidence::SaidExpired, Evidence::Ended))),
        opens.filter(|_| !key.expired).map(|start| (Word::Early, Evidence::Opens(start))),
        (key.valid == Some(false) && !explained).then_some((Word::Invalid, Evidence::NotValid)),
        soon.filter(|_| !key.expired).map(|end| (Word::ExpiresSoon, Evidence::Ends(end))),
    ];
    let mut word = None;
    for (its_word, why) in said.into_iter().flatten() {
        word.get_or_insert(its_word);
        evidence.push(why);
    }
    if word.is_none() {
        evidence.push(Evidence::Listed);
    }
    word.unwrap_or(Word::Unused)
}

/// Judges a key that is no longer listed at `now`, by the server's clock. `unread` is
/// the number of list entries that could not be read.
pub fn gone(key: &Remembered, circuits: &Circuits<'_>, unread: usize, now: Timestamp) -> Reading {
    let left = if unread == 0 { Evidence::LeftTheList } else { Evidence::NotAmongTheRead(unread) };
    let signs = signs_of_use(key.usage, key.created, circuits);
    let came_of_it = matches!(signs.first(), Some(Evidence::OnItsVlan(_)));
    if came_of_it || key.last_used.is_some() {
        let said = key.last_used.map(Evidence::LastUsed);
        let evidence = signs.into_iter().chain(said).chain([left]).collect();
        return Reading { word: Word::Used(None), evidence };
    }
    let lost = where_it_is(circuits);
    let over = key.end.filter(|end| *end <= now && unread == 0);
    let (word, first) = match lost {
        lost if over.is_some() => (Word::Expired, [over.map(Evidence::Ended), Some(left), lost]),
        Some(lost) if lost.is_of_no_on_ramp() => (Word::Orphan, [Some(lost), Some(left), None]),
        None if unread == 0 => (Word::GoneUnexplained, [Some(left), None, None]),
        lost => (Word::NotKnown, [Some(left), lost, None]),
    };
    let circuits_unread = word != Word::Orphan && !circuits.are_whole();
    let doubt = circuits_unread.then_some(Evidence::CircuitsUnread);
    let evidence = first.into_iter().flatten().chain(signs).chain(doubt).collect();
    Reading { word, evidence }
}

#[cfg(test)]
pub(crate) mod samples {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::on_ramp::OnRamp;

    /// Judges a listed key on an on-ramp without other known keys.
    pub(crate) fn reading(key: &ServiceKey, on_ramp: &OnRamp, now: Timestamp) -> Reading {
        let of_keys: BTreeSet<_> = key.usage.own_vlan().into_iter().collect();
        listed(key, &Circuits::new(Seen::Listed(on_ramp), |tag| of_keys.contains(&tag)), now)
    }
}
