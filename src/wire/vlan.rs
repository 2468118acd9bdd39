//! `GET /v2/product/port/{uid}/vlan?vlan=N`: is a VLAN free on a Port?
//!
//! The reply is easily misread: `[N]` means that N is free, anything else lists a few
//! *other* free VLANs. Source: the vendor's SDK and public clients.

use serde::Deserialize;

use crate::{
    domain::vlan::{VlanId, VlanTag},
    wire::{WireError, envelope::Envelope, numbers::WholeNumber, text_of},
};

/// Reads the VLANs in the reply; numbers outside 2 to 4093 are omitted.
pub fn read_free_vlans(body: &[u8]) -> Result<Vec<VlanId>, WireError> {
    let text = text_of(body);
    let value = Envelope::read(&text)?.value().ok_or(WireError::Shape("it has no data"))?;
    if !value.starts_with('[') {
        return Err(WireError::Shape("it is not a list of VLANs"));
    }
    let numbers = Vec::<WholeNumber>::deserialize(&mut serde_json::Deserializer::from_str(value))?;
    if numbers.contains(&WholeNumber::Odd) {
        // It could be the one that was asked for: "taken" would be a guess.
        return Err(WireError::Shape("it has an entry that is not a number"));
    }
    Ok(numbers.into_iter().filter_map(|n| VlanTag::from_wire(n.number()).id()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_is_no_number_is_not_taken_for_an_answer() {
        assert!(read_free_vlans(br#"{"data": [100, "101"]}"#).is_ok());
        assert!(read_free_vlans(br#"{"data": ["a hundred"]}"#).is_err());
        assert!(read_free_vlans(br#"{"data": [null, 101]}"#).is_ok(), "nothing is no entry");
    }
}
