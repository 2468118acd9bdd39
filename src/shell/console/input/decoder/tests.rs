//! Keys, pastes, and what is neither.

use super::*;

fn keys(bytes: &[u8]) -> Vec<Input> {
    Decoder::default().decode_bytes(bytes)
}

/// Keeps only the typed or pasted inputs: gaining the focus is no key.
fn typed(all: Vec<Input>) -> Vec<Input> {
    all.into_iter().filter(|input| *input != Input::Focused).collect()
}

fn key(key: Key) -> Vec<Input> {
    vec![Input::Key(key)]
}

/// Replies that terminals send unasked.
const ANSWERS: [&[u8]; 22] = [
    b"\x1b[?62;c",
    b"\x1b[?1;2c",
    b"\x1b[>41;380;0c",
    b"\x1b[=0c",
    b"\x1b[24;80R",
    b"\x1b[?24;80;1R",
    b"\x1b[0n",
    b"\x1b[?2026;2$y",
    b"\x1b[4;1$y",
    b"\x1b[8;24;80t",
    b"\x1b[?1u",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[<0;10;5M",
    b"\x1b[<0;10;5m",
    b"\x1b[Myyy",
    b"\x1b]11;rgb:1e1e/1e1e/yyyy\x07",
    b"\x1b]11;rgb:1e1e/1e1e/yyyy\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP>|XTerm(380)y\x1b\\",
    b"\x1b_Gi=1;OK y\x1b\\",
    "\u{9b}?62;y".as_bytes(),
];

#[test]
fn what_a_terminal_says_by_itself_is_no_key() {
    for answer in ANSWERS {
        let shown = String::from_utf8_lossy(answer);
        assert_eq!(typed(keys(answer)), [], "{shown:?}");
        let mut decoder = Decoder::default();
        decoder.decode_bytes(answer);
        assert_eq!(decoder.decode_bytes(b"y"), key(char('y')), "the next key counts: {shown:?}");
    }
}

#[test]
fn focus_gained_is_activity_and_focus_lost_is_ignored() {
    assert_eq!(keys(b"\x1b[I"), [Input::Focused]);
    assert_eq!(keys(b"\x1b[O"), []);
}

#[test]
fn in_pieces_and_with_pauses_it_is_no_key_either() {
    for answer in ANSWERS {
        for cut in 1..answer.len() {
            let mut decoder = Decoder::default();
            let mut all = decoder.decode_bytes(&answer[..cut]);
            if decoder.awaits() == Some(WaitingFor::Moment) {
                all.extend(decoder.on_silence());
            }
            all.extend(decoder.decode_bytes(&answer[cut..]));
            // An Esc alone is a key, where nothing follows in time.
            all.retain(|input| *input != Input::Key(plain(Code::Esc)));
            assert_eq!(typed(all), [], "{:?} cut at {cut}", String::from_utf8_lossy(answer));
        }
        let mut decoder = Decoder::default();
        let mut bytes = answer.iter();
        let mut all: Vec<_> =
            bytes.by_ref().flat_map(|byte| decoder.decode_bytes(&[*byte])).collect();
        all.retain(|input| *input != Input::Key(plain(Code::Esc)));
        assert_eq!(typed(all), [], "byte by byte");
    }
}

#[test]
fn a_text_that_never_ends_is_given_up_and_its_rest_is_no_key() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.decode_bytes(b"\x1b]11;rgb:1e"), []);
    assert_eq!(decoder.awaits(), Some(WaitingFor::While));
    assert_eq!(decoder.on_silence(), None);
    assert_eq!(decoder.decode_bytes(b"1e/yyyy"), [], "the rest of it, late");
    assert_eq!(decoder.decode_bytes(b"y"), [], "one key is lost");
    assert_eq!(decoder.decode_bytes(b"y"), key(char('y')));
    let mut decoder = Decoder::default();
    decoder.decode_bytes(b"\x1b]11;rgb:1e");
    assert_eq!(decoder.decode_bytes(b"\x03"), key(ctrl('c')), "Ctrl-C always works");
}

#[test]
fn keys_are_read_as_they_are() {
    for (bytes, wanted) in [
        (&b"y"[..], char('y')),
        (b" ", char(' ')),
        ("é".as_bytes(), char('é')),
        ("東".as_bytes(), char('東')),
        ("😀".as_bytes(), char('😀')),
        (b"\r", plain(Code::Enter)),
        (b"\t", plain(Code::Tab)),
        (b"\x7f", plain(Code::Backspace)),
        (b"\x03", ctrl('c')),
        (b"\x1a", ctrl('z')),
        (b"\x1b[A", plain(Code::Up)),
        (b"\x1b[1;5C", Key { code: Code::Right, ctrl: true }),
        (b"\x1bOB", plain(Code::Down)),
        (b"\x1bOP", plain(Code::F(1))),
        (b"\x1b[[B", plain(Code::F(2))),
        (b"\x1b[Z", plain(Code::BackTab)),
        (b"\x1b[3~", plain(Code::Delete)),
        (b"\x1b[5~", plain(Code::PageUp)),
        (b"\x1b[1~", plain(Code::Home)),
        (b"\x1b[13~", plain(Code::F(3))),
        (b"\x1b[24~", plain(Code::F(12))),
        (b"\x1b[121u", char('y')),
        (b"\x1b[121;1:1u", char('y')),
        (b"\x1b[121:89;2u", char('Y')),
        (b"\x1b[99;5u", ctrl('c')),
        (b"\x1b[27u", plain(Code::Esc)),
        (b"\x1b[9;2u", plain(Code::BackTab)),
        (b"\x1b\x7f", plain(Code::Backspace)),
    ] {
        assert_eq!(keys(bytes), key(wanted), "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(keys(b"a\x1b[Bb").len(), 3);
    for bytes in [&b"\x1by"[..], b"\x1b[121;3u", b"\x1b[121;1:3u", b"\x1b[57441u", b"\xff", b"\x80"]
    {
        assert_eq!(keys(bytes), [], "{bytes:?} is no key of ours");
    }
}

#[test]
fn key_repeat_reported_by_the_terminal_is_marked() {
    assert_eq!(keys(b"\x1b[121;1:2u"), [Input::Repeat(char('y'))]);
    assert_eq!(keys(b"\x1b[1;1:2B"), [Input::Repeat(plain(Code::Down))]);
}

#[test]
fn an_esc_is_a_key_once_nothing_follows() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.decode_bytes(b"\x1b"), []);
    assert_eq!(decoder.on_silence(), Some(Input::Key(plain(Code::Esc))));
    assert_eq!(decoder.awaits(), None);
    assert_eq!(decoder.decode_bytes(b"q"), key(char('q')));
    assert_eq!(keys(b"\x1b\x1b"), key(plain(Code::Esc)), "and the second one is waited for");
    let mut decoder = Decoder::default();
    decoder.decode_bytes(b"\x1b");
    let both = [plain(Code::Esc), char(':')].map(Input::Key);
    assert_eq!(decoder.decode_bytes(b":"), both, "somebody types fast");
}

#[test]
fn a_paste_is_one_text_whatever_is_in_it() {
    let paste = |text: &str| vec![Input::Paste(text.to_owned())];
    assert_eq!(keys(b"\x1b[200~y\ny\x03\x1b[A\x1b[201~"), paste("y\ny\x03\x1b[A"));
    let mut decoder = Decoder::default();
    let mut all = vec![];
    for byte in b"\x1b[200~y\n\x1b[201~" {
        all.extend(decoder.decode_bytes(&[*byte]));
    }
    assert_eq!(all, paste("y\n"));
}
