//! 1: `POST /oauth2/token` (reference section 1). No envelope, here and in errors.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::simulator::answer::Answer;
use crate::simulator::call::Call;
use crate::simulator::clock::millis;
use crate::simulator::state::State;

/// Gives a token for a client id and secret.
pub(in crate::simulator) fn answer_token_request(
    state: &mut State,
    call: &Call,
    now: i64,
) -> Answer {
    if call.method != "POST" {
        return Answer::method_not_allowed(&["POST"]);
    }
    // The SDK puts the grant type in the query, the documentation in the form.
    match call.parameter("grant_type").or_else(|| call.form_field("grant_type")).as_deref() {
        Some("client_credentials") => {}
        Some(_) => return token_refusal(400, "unsupported_grant_type"),
        None => return token_refusal(400, "invalid_request"),
    }
    let Some((id, secret)) = basic_credentials(call).or_else(|| form_credentials(call)) else {
        return token_refusal(400, "invalid_request");
    };
    let accounts = &state.store.accounts;
    let Some(company) =
        accounts.iter().position(|a| a.client_id == id && a.client_secret == secret)
    else {
        let status = if state.switches.bad_credentials_as_401 { 401 } else { 400 };
        return token_refusal(status, "invalid_client");
    };
    let ends = now.saturating_add(millis(state.token_lifetime));
    let token = state.tokens.issue(company, now, ends, &mut state.rng);
    Answer::bare(
        200,
        &json!({"access_token": token, "expires_in": state.token_lifetime.as_secs(),
                "token_type": "Bearer"}),
    )
}

fn basic_credentials(call: &Call) -> Option<(String, String)> {
    let pair = String::from_utf8(STANDARD.decode(call.credentials("Basic")?).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn form_credentials(call: &Call) -> Option<(String, String)> {
    Some((call.form_field("client_id")?, call.form_field("client_secret")?))
}

fn token_refusal(status: u16, error: &str) -> Answer {
    Answer::bare(status, &json!({"error": error}))
}
