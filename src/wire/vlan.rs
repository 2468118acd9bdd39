//! `GET /v2/product/port/{uid}/vlan?vlan=N`: is a VLAN free on a Port?
//!
//! The reply is easily misread: `[N]` says that N is free, anything else is a
//! few *other* VLANs that are. Source: the vendor's SDK and public clients.

use serde::Deserialize;

use crate::{
    domain::vlan::{VlanId, VlanTag},
    wire::{WireError, envelope::Envelope, numbers::Whole, text_of},
};

/// Reads the VLANs the reply names; numbers outside 2 to 4093 are left out.
pub fn read(body: &[u8]) -> Result<Vec<VlanId>, WireError> {
    let text = text_of(body);
    let value = Envelope::read(&text)?.value().ok_or(WireError::Shape("it has no data"))?;
    if !value.starts_with('[') {
        return Err(WireError::Shape("it is no list of VLANs"));
    }
    let numbers = Vec::<Whole>::deserialize(&mut serde_json::Deserializer::from_str(value))?;
    if numbers.contains(&Whole::Odd) {
        // It could be the one that was asked for: "taken" would be a guess.
        return Err(WireError::Shape("it has an entry that is no number"));
    }
    Ok(numbers.into_iter().filter_map(|n| VlanTag::read(n.number()).id()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_is_no_number_is_not_taken_for_an_answer() {
        assert!(read(br#"{"data": [100, "101"]}"#).is_ok());
        assert!(read(br#"{"data": ["a hundred"]}"#).is_err());
        assert!(read(br#"{"data": [null, 101]}"#).is_ok(), "nothing is no entry");
    }
}
