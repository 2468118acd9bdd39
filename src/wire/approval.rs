//! The body that answers a circuit's pending approval.

use serde_json::json;

/// Returns the body of `PUT /v3/product/vxc/{uid}`, with the answer and nothing else:
/// omitted fields stay as they are.
pub fn approval_body(approve: bool) -> Vec<u8> {
    json!({ "isApproved": approve }).to_string().into_bytes()
}
