//! Every manipulation of a chain is found, at its place.

use proptest::prelude::*;

use super::*;

/// Builds a chain of so many lines, with the link after it.
fn chain(count: u64) -> (Vec<u8>, Link) {
    let (mut bytes, mut last) = (vec![], Link::none());
    for n in 1..=count {
        let (line, next) = last.next(&format!(r#""act":"act {n}","label":"é""#), None);
        bytes.extend([line.as_bytes(), b"\n"].concat());
        last = next;
    }
    (bytes, last)
}

fn follow(bytes: &[u8], head: Option<&Link>) -> ChainReport {
    let mut walk = ChainReader::from_the_start();
    let open_end = !bytes.is_empty() && !bytes.ends_with(b"\n");
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if !bytes.is_empty() {
        for line in body.split(|byte| *byte == b'\n') {
            walk.read_line(line);
        }
    }
    walk.into_report(open_end, head)
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

#[test]
fn a_chain_that_nobody_touched_is_whole() {
    let (bytes, head) = chain(5);
    let whole = ChainReport { lines: 5, ..ChainReport::default() };
    assert_eq!(follow(&bytes, Some(&head)), whole);
    assert_eq!(follow(&bytes, None), whole);
    assert_eq!(follow(b"", Some(&Link::none())), ChainReport::default());
}

#[test]
fn the_hash_is_that_of_the_line_up_to_the_comma_before_it() {
    let (line, last) = Link::none().next(r#""act":"x""#, None);
    let (body, _) = line.split_once(HASH_PREFIX).expect("a hash");
    assert_eq!(last.hash, hash(body.as_bytes()));
    assert!(line.starts_with(r#"{"n":1,"prev":"0000"#), "{line}");
    assert_eq!(hash(b"abc")[..8], *"ba7816bf"); // FIPS 180-2, appendix B.1
}

#[test]
fn every_flipped_bit_is_found_at_its_line() {
    let (bytes, head) = chain(3);
    let ends: Vec<_> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').collect();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bent = bytes.clone();
            bent[at] ^= 1 << bit;
            let line = ends.iter().filter(|(end, _)| *end < at).count() + 1;
            let found = follow(&bent, Some(&head));
            let broken = found.broken.as_ref().map(|(line, _)| *line);
            let line = u64::try_from(line).expect("small");
            // The last line without its end is whole all the same.
            if at == bytes.len() - 1 {
                assert!(broken.is_some() || found.open_end, "bit {bit} of the last end");
            } else {
                assert_eq!(broken, Some(line), "bit {bit} of byte {at}: {found:?}");
            }
        }
    }
}

#[test]
fn without_the_head_only_the_last_lines_can_go_unseen() {
    let (bytes, _) = chain(4);
    let whole = lines(&bytes);
    let gone = whole[..3].concat();
    assert_eq!(follow(&gone, None).broken, None, "nothing says that there was a fourth");
    let (_, head) = chain(4);
    assert_eq!(follow(&gone, Some(&head)).broken.map(|(line, _)| line), Some(4));
}

#[test]
fn what_was_never_finished_stays_and_the_next_line_says_so() {
    let (mut bytes, second) = chain(2);
    bytes.extend(br#"{"n":3,"prev":"#);
    let found = follow(&bytes, Some(&second));
    assert_eq!((found.broken, found.open_end), (None, true));
    let mut walk = ChainReader::from_the_start();
    for line in bytes.split(|byte| *byte == b'\n') {
        walk.read_line(line);
    }
    let (last, torn) = walk.end();
    assert_eq!(last, Some(&second));
    let (line, head) = second.next(r#""act":"next""#, torn.as_deref());
    bytes.extend(format!("\n{line}\n").as_bytes());
    let found = follow(&bytes, Some(&head));
    assert_eq!(found, ChainReport { lines: 4, torn: 1, broken: None, open_end: false });
    let torn_at = bytes.windows(3).position(|three| three == br#"n":"#.as_slice()).expect("there");
    for at in [torn_at, bytes.len() - line.len() - 5] {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        assert!(follow(&bent, Some(&head)).broken.is_some(), "also within what was torn");
    }
}

#[test]
fn a_whole_line_that_was_cut_out_of_a_torn_one_is_no_excuse() {
    // An attacker alters the last line, and the next console takes it for an unfinished
    // one.
    let (mut bytes, head) = chain(3);
    let at = bytes.len() - 10;
    bytes[at] ^= 1;
    let mut walk = ChainReader::from_the_start();
    for line in bytes.strip_suffix(b"\n").expect("an end").split(|byte| *byte == b'\n') {
        walk.read_line(line);
    }
    let torn = walk.end().1;
    // It goes on from what it knows of the last line, not from what is there.
    let (line, head) = head.next(r#""act":"next""#, torn.as_deref());
    bytes.extend(format!("{line}\n").as_bytes());
    let broken = follow(&bytes, Some(&head)).broken.expect("found");
    assert!(broken.1.contains("it is number 4 but follows number 2"), "{broken:?}");
}

proptest! {
    #[test]
    fn a_line_taken_out_moved_or_doubled_is_found(
        count in 2_u64..9, one in 0_usize..9, other in 0_usize..9, what in 0..3,
    ) {
        let (bytes, head) = chain(count);
        let mut all = lines(&bytes);
        let (one, other) = (one % all.len(), other % all.len());
        match what {
            0 => drop(all.remove(one)),
            1 => all.swap(one, other),
            _ => { let line = all[one].clone(); all.insert(other, line); }
        }
        let touched = all.concat() != bytes;
        prop_assert_eq!(follow(&all.concat(), Some(&head)).broken.is_some(), touched);
    }
}
