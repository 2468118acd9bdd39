//! A provider: one company's HTTP client at a simulator.

use std::time::Duration;

use onramp::simulator::{Options, Simulator, World, start};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};

pub(crate) const LA2: &str = "8611b645-ea50-46eb-b400-1c2fb858a303";
pub(crate) const CUSTOMER_PORT: &str = "7f3b6a92-d0e5-4c81-a2b7-5e60c19f8d34";
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn client() -> Client {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap()
}

pub(crate) async fn quiet() -> Simulator {
    start(Options::quiet(World::demo())).await.unwrap()
}

/// Returns the provider at a quiet demo world.
pub(crate) async fn provider() -> (Simulator, ApiUser) {
    let simulator = quiet().await;
    let provider = ApiUser::of_provider(&simulator).await;
    (simulator, provider)
}

#[derive(Debug)]
pub(crate) struct ApiUser {
    pub(crate) client: Client,
    pub(crate) token: String,
    base: String,
}

impl ApiUser {
    pub(crate) async fn of_provider(simulator: &Simulator) -> Self {
        Self::new(simulator, simulator.client_id(), simulator.client_secret()).await
    }

    pub(crate) async fn of_customer(simulator: &Simulator, n: usize) -> Self {
        let (id, secret) = simulator.customer(n).unwrap();
        Self::new(simulator, &id, &secret).await
    }

    async fn new(simulator: &Simulator, id: &str, secret: &str) -> Self {
        let client = client();
        let response = client
            .post(simulator.token_url())
            .basic_auth(id, Some(secret))
            .form(&[("grant_type", "client_credentials")])
            .send()
            .await
            .unwrap();
        let document: Value = response.json().await.unwrap();
        let token = document["access_token"].as_str().unwrap().to_owned();
        Self { client, token, base: simulator.base_url() }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.base);
        self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request("GET", path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.request("POST", path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn put_json(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.request("PUT", path).json(&body).send().await.unwrap()).await
    }

    /// Returns a single-use key for LA 2 on `vlan`; the whole `data`.
    pub(crate) async fn new_key(&self, vlan: i64) -> Value {
        let (status, reply) = self.post("/v2/service/key", wish(vlan)).await;
        assert_eq!(status, 200, "{reply}");
        reply["data"].clone()
    }
}

pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

pub(crate) fn wish(vlan: i64) -> Value {
    json!({"productUid": LA2, "description": "Customer 1", "singleUse": true, "vlan": vlan,
           "maxSpeed": 500, "active": true, "preApproved": true})
}

/// Returns the entry of `list` whose `member` is `value`.
pub(crate) fn find<'a>(list: &'a Value, member: &str, value: &str) -> &'a Value {
    let entries = list.as_array().unwrap();
    entries.iter().find(|entry| entry[member] == value).unwrap_or(&Value::Null)
}
