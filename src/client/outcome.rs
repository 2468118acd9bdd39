//! The outcome of a call at the server: the one table that decides whether a write may
//! be sent again.
//!
//! Judged by the kind of the end alone, never by its wording. Whatever is not clearly
//! harmless may have been carried out.

use reqwest::StatusCode;

use crate::domain::issuance::Doubt;

/// Returns the doubt after an answer; `is_the_apis` is whether the API itself wrote it.
pub(super) fn of_answer(status: StatusCode, is_the_apis: bool) -> Doubt {
    match status.as_u16() {
        401 | 429 if is_the_apis => Doubt::NotProcessed,
        408 | 425 => Doubt::Unknown,
        400..=499 if is_the_apis => Doubt::Refused,
        _ => Doubt::Unknown,
    }
}

/// Returns the doubt without an answer. Only a connection that was never established
/// proves that nothing was sent.
pub(super) fn of_error(error: &reqwest::Error) -> Doubt {
    if error.is_connect() || error.is_builder() { Doubt::NotSent } else { Doubt::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_ends_holds_for_every_status() {
        for status in 100..=599 {
            let of = |api| of_answer(StatusCode::from_u16(status).unwrap(), api);
            let expected = match status {
                401 | 429 => Doubt::NotProcessed,
                408 | 425 => Doubt::Unknown,
                400..=499 => Doubt::Refused,
                _ => Doubt::Unknown,
            };
            assert_eq!(of(true), expected, "{status} by the API");
            assert_eq!(of(false), Doubt::Unknown, "{status} by something else");
        }
    }
}
