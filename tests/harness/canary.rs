//! Searches for a secret in all output.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// Returns a secret that is like no other.
pub(crate) fn invent() -> String {
    format!("canary{:032x}", fastrand::u128(..))
}

fn hex(text: &str) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).expect("a hexadecimal digit");
    text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Returns every form in which `secret` could occur in a text.
fn shapes(secret: &str) -> Vec<String> {
    let hex = hex(secret);
    let mut shapes = vec![secret.to_owned(), secret.chars().rev().collect()];
    shapes.extend([hex.to_uppercase(), hex]);
    for before in 0..3 {
        let shifted = [&vec![b'x'; before], secret.as_bytes()].concat();
        let text = STANDARD_NO_PAD.encode(shifted);
        // The ends depend on the neighbouring bytes.
        shapes.push(text[4..text.len() - 4].to_owned());
    }
    shapes
}

/// Fails where `secret` is in `bytes`, in clear, reversed, in hex or base64.
pub(crate) fn absent(secret: &str, bytes: &[u8], what: &str) {
    for shape in shapes(secret) {
        let has = bytes.windows(shape.len()).any(|some| some == shape.as_bytes());
        assert!(!has, "the secret is in {what}");
    }
}

#[test]
fn a_planted_secret_is_found_in_every_shape() {
    let secret = invent();
    let hex = hex(&secret);
    let encoded = STANDARD_NO_PAD.encode(format!("id:{secret}:end"));
    for text in [format!("a {secret} b"), hex, encoded] {
        let found = std::panic::catch_unwind(|| absent(&secret, text.as_bytes(), "a plant"));
        assert!(found.is_err(), "{text} was passed over");
    }
}
