//! Masks sent secrets in every answer.
//!
//! A server, or a proxy in between, may repeat a request in its answer: in an
//! error, a header, the title of a page. An answer gets its texts through
//! [`Mask`] only, so that no screen, log, audit or error can hold one.

use std::{collections::VecDeque, ops::Deref, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::text::SafeText;

mod encoded;

/// The replacement for a masked secret.
const REPLACEMENT: &[u8] = b"[hidden]";
/// A part of a secret of this length is hidden even if the rest was cut off.
const PART_MIN_LEN: usize = 16;
/// A shorter secret is masked only as a word of its own.
const ANYWHERE_MIN_LEN: usize = 8;
/// A shorter text is in every sentence, and hides nothing.
const SECRET_MIN_LEN: usize = 4;
/// The lists are not searched for shorter secrets: one could equal the name of a member
/// or of a city, and masking must not change a list.
const DATA_MIN_LEN: usize = 12;
/// The number of access tokens remembered: an answer to an old one may be late.
const TOKENS_MAX: usize = 4;

/// A secret in one of its possible encodings.
struct SecretForm {
    text: SecretString,
    /// Whether it is the secret itself, and not an encoding of it.
    is_plain: bool,
}

/// The secrets of a session, in every shape they are searched in.
#[derive(Clone, Default)]
pub(super) struct Mask {
    lasting: Vec<Arc<SecretForm>>,
    tokens: VecDeque<Vec<Arc<SecretForm>>>,
}

/// Bytes without any of our secrets.
pub(super) struct MaskedBytes(Vec<u8>);

impl Deref for MaskedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Mask {
    /// Hides a user's secret, and the pair as HTTP sends it.
    pub(super) fn hide_pair(&mut self, user: &str, secret: &str) {
        let pair = STANDARD_NO_PAD.encode(format!("{user}:{secret}"));
        self.lasting.extend(secret_forms(secret));
        self.lasting.push(Arc::new(SecretForm { text: pair.into(), is_plain: true }));
    }

    /// Hides an access token, and forgets the oldest of several.
    pub(super) fn hide_token(&mut self, token: &str) {
        if self.tokens.len() == TOKENS_MAX {
            self.tokens.pop_front();
        }
        self.tokens.push_back(secret_forms(token));
    }

    /// Returns a text of the other side, fit for a screen.
    pub(super) fn text(&self, raw: &[u8]) -> SafeText {
        let masked = self.search(raw, |_| true);
        SafeText::clean(&String::from_utf8_lossy(masked.as_deref().unwrap_or(raw)))
    }

    /// Masks a body; `is_data` states that it is a requested list or object, and not a
    /// text about a failure.
    pub(super) fn body(&self, raw: Vec<u8>, is_data: bool) -> MaskedBytes {
        let wanted = |one: &SecretForm| {
            !is_data || (one.is_plain && one.text.expose_secret().len() >= DATA_MIN_LEN)
        };
        MaskedBytes(self.search(&raw, wanted).unwrap_or(raw))
    }

    /// Returns `raw` without the `wanted` secrets, if it has any.
    fn search(&self, raw: &[u8], wanted: impl Fn(&SecretForm) -> bool) -> Option<Vec<u8>> {
        let all = self.lasting.iter().chain(self.tokens.iter().flatten());
        let secrets: Vec<&[u8]> =
            all.filter(|one| wanted(one)).map(|one| one.text.expose_secret().as_bytes()).collect();
        let starts = encoded::starts(&secrets);
        let (mut masked, mut kept, mut at) = (None::<Vec<u8>>, 0, 0);
        while at < raw.len() {
            let end = if starts[usize::from(raw[at])] {
                secrets.iter().filter_map(|secret| end_of(secret, raw, at)).max()
            } else {
                None
            };
            let Some(end) = end else {
                at += 1;
                continue;
            };
            let masked = masked.get_or_insert_default();
            masked.extend_from_slice(&raw[kept..at]);
            masked.extend_from_slice(REPLACEMENT);
            (kept, at) = (end, end);
        }
        masked.as_mut()?.extend_from_slice(&raw[kept..]);
        masked
    }
}

/// Returns the end of the `secret`, or of a large part of it, that begins `at`, if
/// there is one.
fn end_of(secret: &[u8], raw: &[u8], at: usize) -> Option<usize> {
    let (end, found) = encoded::agreement(secret, raw, at);
    if found < secret.len() {
        return (found >= PART_MIN_LEN).then_some(end);
    }
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = at.checked_sub(1).and_then(|before| raw.get(before));
    let within = is_letter(before) || is_letter(raw.get(end));
    (secret.len() >= ANYWHERE_MIN_LEN || !within).then_some(end)
}

/// Returns a secret in clear, in hexadecimal digits, and in base64 at every offset of
/// the encoded text.
fn secret_forms(secret: &str) -> Vec<Arc<SecretForm>> {
    if secret.len() < SECRET_MIN_LEN {
        return vec![];
    }
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    let hex: String =
        secret.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    let in_base64 = (0..3_usize).filter_map(|before| {
        let text = STANDARD_NO_PAD.encode([&vec![0; before], secret.as_bytes()].concat());
        // The ends depend on the neighbouring bytes.
        let (start, end) = ([0, 2, 3][before], text.len() - 1);
        (end > start + ANYWHERE_MIN_LEN).then(|| text[start..end].to_owned())
    });
    let encoded = in_base64.chain([hex]).map(|text| (text, false));
    let all = encoded.chain([(secret.to_owned(), true)]);
    all.map(|(text, is_plain)| Arc::new(SecretForm { text: text.into(), is_plain })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "cAnary/5+é\"7f31-9d";

    fn mask() -> Mask {
        let mut mask = Mask::default();
        mask.hide_pair("an-id", SECRET);
        mask
    }

    fn hides(text: &str) {
        let shown = mask().text(text.as_bytes()).to_string();
        assert!(shown.contains("[hidden]"), "{text} -> {shown}");
        assert!(!shown.contains("7f31") && !shown.contains("nary"), "{text} -> {shown}");
    }

    #[test]
    fn echoed_secret_is_masked_in_clear_and_every_encoding() {
        hides(SECRET);
        hides(&format!("bad secret {SECRET}, says the proxy"));
        hides(&SECRET.to_ascii_uppercase());
        hides("cAnary\\/5+\\u00e9\\\"7f31-9d");
        hides("\\u0063\\u0041nary/5+é\\u0022\\u0037f31-9d");
        hides("cAnary%2F5%2B%c3%A9%227f31-9d");
        hides("cAnary&#47;5&#x2B;é&quot;7f31-9d");
        hides(&STANDARD_NO_PAD.encode(format!("an-id:{SECRET}")));
        for before in ["", "a", "ab", "abc"] {
            let mixed = STANDARD_NO_PAD.encode(format!("{before}{SECRET} and more"));
            assert!(mask().text(mixed.as_bytes()).as_str().contains("[hidden]"), "{mixed}");
        }
        let basic = STANDARD_NO_PAD.encode(format!("an-id:{SECRET}"));
        hides(&format!("authorization: Basic {basic}=="));
        hides(&basic.replace('+', "-").replace('/', "_"));
        let hex: Vec<_> = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        hides(&hex.concat());
    }

    #[test]
    fn a_secret_whose_end_was_cut_off_is_hidden() {
        hides(&format!("token {}", &SECRET[..SECRET.len() - 1]));
    }

    #[test]
    fn a_token_is_hidden_and_so_are_the_last_few() {
        let mut mask = mask();
        let token = |n: usize| format!("eyJ{n}.canary-token");
        (0..6).for_each(|n| mask.hide_token(&token(n)));
        let shown = |n| mask.text(token(n).as_bytes()).to_string();
        assert_eq!(shown(5), "[hidden]");
        assert_eq!(shown(2), "[hidden]");
        assert_eq!(shown(1), token(1));
    }

    #[test]
    fn a_short_secret_hides_no_part_of_a_word_and_changes_no_list() {
        let mut mask = Mask::default();
        mask.hide_pair("u", "london");
        mask.hide_pair("u", "abc");
        assert_eq!(mask.text(b"london, abc, londoners").as_str(), "[hidden], abc, londoners");
        let list = br#"[{"london":"London"}]"#.to_vec();
        assert_eq!(*mask.body(list.clone(), true), list);
        assert_ne!(*mask.body(list.clone(), false), list);
    }

    #[test]
    fn a_list_that_repeats_a_token_is_searched_too() {
        let mut mask = Mask::default();
        mask.hide_token("canary-canary-token");
        let body = mask.body(br#"{"name":"canary-canary-token","n":1}"#.to_vec(), true);
        assert_eq!(&*body, br#"{"name":"[hidden]","n":1}"#);
    }
}
