//! A request as it would be sent, without sending it.

use serde_json::Value;
use url::Url;

use crate::{api::DryRunRequest, domain::key_order::KeyOrder, wire::key_body};

/// Builds the request that [`super::write`] would send for `order`: the same body, from
/// the same code.
pub(super) fn create_request(url: &Url, order: &KeyOrder) -> DryRunRequest {
    let body = String::from_utf8_lossy(&key_body::create_body(order)).into_owned();
    let spread = serde_json::from_str::<Value>(&body).map(|value| format!("{value:#}"));
    let curl = format!(
        "curl -X POST {} \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
         -H 'Content-Type: application/json' \\\n  --data {}",
        quoted(url.as_str()),
        quoted(&body)
    );
    let body = spread.unwrap_or(body);
    DryRunRequest { method: "POST", url: url.to_string(), body, curl }
}

/// Quotes `text` as one word of a shell, whatever it contains.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intent::samples::intent;

    #[test]
    fn dry_run_body_equals_the_sent_one_and_is_shell_quoted() {
        let order = intent(1).order.tagged(intent(1).tag());
        let url = Url::parse("https://api.example.com/v2/service/key").expect("a URL");
        let rehearsal = create_request(&url, &order);
        let sent: Value = serde_json::from_slice(&key_body::create_body(&order)).expect("JSON");
        assert_eq!(serde_json::from_str::<Value>(&rehearsal.body).expect("JSON"), sent);
        assert!(rehearsal.curl.contains(&key_body_text(&order)), "{}", rehearsal.curl);
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }

    fn key_body_text(order: &KeyOrder) -> String {
        String::from_utf8(key_body::create_body(order)).expect("UTF-8")
    }
}
