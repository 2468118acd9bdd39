//! Names in wide characters: columns stay aligned, and nothing leaves its pane.

use crate::{
    pairs::QUIET,
    support::{Console, key, on_ramp_mut, vxc},
};

const NAMES: [&str; 4] = [
    "オーロラ・レンダリング株式会社 東京第一データセンター 主回線",
    "東京",
    "🇯🇵 株式会社ボレアリス 🚀 大阪",
    "plain",
];

/// Returns an account whose on-ramp, circuits and keys have wide names.
fn console(size: (u16, u16)) -> Console {
    let mut console = Console::started(size);
    let la1 = on_ramp_mut(&mut console, "la-1");
    la1.name = "ロサンゼルス第一接続点 東日本・西日本".into();
    la1.site.name = "エクイニクス ロサンゼルス".into();
    la1.vxcs = (0..4u8)
        .map(|n| {
            let at = usize::from(n);
            vxc(&format!("v{n}"), NAMES[at], 4_000 - u32::from(n) * 100, 101 + i64::from(n))
        })
        .collect();
    console.account.1 = (0..4u8)
        .map(|n| {
            let uid = format!("{n:08x}-0000-4000-8000-00000000000{n}");
            let label = NAMES[usize::from(n)];
            key(&uid, "la-1", 140 + i64::from(n), label)
        })
        .collect();
    console.answer_all();
    console
}

/// Returns the column at which `text` starts in the line of the screen that has
/// `marker`: a wide character is followed by a blank cell, a flag as well.
fn column(console: &Console, marker: &str, text: &str) -> usize {
    let frame = console.frame();
    let line = frame.lines().find(|line| line.contains(marker) && line.contains(text));
    let line = line.unwrap_or_else(|| panic!("{marker} with {text}:\n{frame}"));
    let at = line.find(text).expect("found");
    // A flag is two characters in one cell.
    let flags = line[..at].matches("🇯🇵").count();
    line[..at].chars().count() - flags
}

/// No line of the screen is wider than it, and the frames are where they are
/// with plain names.
fn frames_stand(console: &Console, what: &str) {
    let frame = console.frame();
    let bars = |line: &str| {
        let mut at = 0;
        let mut found = vec![];
        for c in line.replace("🇯🇵", "J").chars() {
            if matches!(c, '┌' | '┐' | '└' | '┘') {
                found.push(at);
            }
            at += 1;
        }
        assert!(at <= usize::from(console.model.size.0), "{what}: {line}");
        found
    };
    let corners: Vec<_> = frame.lines().map(bars).filter(|found| !found.is_empty()).collect();
    assert!(corners.iter().all(|found| found.len() % 2 == 0), "{what}:\n{frame}");
}

#[test]
fn rate_and_vlan_of_a_circuit_stay_in_the_details_pane() {
    let mut console = console((120, 36));
    console.keys("2/ロサン\n");
    let rates = ["4G", "3.9G", "3.8G", "3.7G"];
    let ends = [0, 1, 2, 3].map(|n: usize| {
        let vlan = format!("{} ┆", 101 + n);
        let end = |text: &str| column(&console, &vlan, text) + text.chars().count();
        (end(rates[n]), end(&vlan))
    });
    assert!(ends.iter().all(|end| *end == ends[3]), "as with a plain name: {ends:?}");
    insta::assert_snapshot!("wide names in the details", console.frame());
}

#[test]
fn tables_keep_their_columns() {
    let mut console = console((120, 36));
    console.keys("2");
    let zones = [("ロ", "BLUE"), ("Los Angeles 2", "RED"), ("London", "BLUE")];
    let zones = zones.map(|(name, zone)| column(&console, name, zone));
    assert!(zones.iter().all(|at| *at == zones[2]), "{zones:?}: {}", console.frame());
    console.keys("3");
    let vlans = ["140", "141", "142", "143"];
    let vlans = vlans.map(|vlan| column(&console, "UNUSED", &format!(" {vlan} ")));
    assert!(vlans.iter().all(|at| *at == vlans[3]), "{vlans:?}: {}", console.frame());
    insta::assert_snapshot!("wide names in the keys", console.frame());
}

#[test]
fn dialogs_cards_and_forms_stay_in_their_frames() {
    for size in [(120, 36), (80, 24), (60, 16)] {
        let mut console = console(size);
        for keys in ["w", "V", "3", "\n", "e", "4"] {
            console.keys(keys);
            frames_stand(&console, keys);
            console.keys("\x1b");
        }
        console.keys("2/ロサン\nn");
        frames_stand(&console, "the form");
        console.keys(
            "東京レンダリング株式会社の主回線と副回線のための接続鍵\t株式会社東京\t注文番号4711",
        );
        frames_stand(&console, "the filled form");
        console.keys("\n");
        console.answer_all();
        console.wait(QUIET);
        frames_stand(&console, "the review");
        console.keys("y");
        frames_stand(&console, "the request");
    }
}
