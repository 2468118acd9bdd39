//! Reference sections 2 and 3.

use serde_json::json;

use crate::api_user::{ApiUser, LA2, find, provider};

#[tokio::test]
async fn provider_sees_8_on_ramps_of_all_kinds_with_their_vxcs() {
    let (_simulator, provider) = provider().await;
    let (status, document) = provider.get("/v2/products").await;
    assert_eq!(status, 200);
    assert_eq!(document["message"], "Found 9 Products");
    let products = document["data"].as_array().unwrap();
    let members = products.iter().filter(|p| p["aggregationId"].is_number()).count();
    assert_eq!((products.len(), members), (9, 2), "one LAG of two Ports");

    let port = find(&document["data"], "productUid", LA2);
    assert_eq!(port["productName"], "Los Angeles 2");
    assert_eq!(port["vxcpermitted"], true);
    assert_eq!(port["locationDetail"]["country"], "USA");
    assert_eq!(port["diversityZone"], "red");
    let vxcs = port["associatedVxcs"].as_array().unwrap();
    let gone = vxcs.iter().find(|vxc| vxc["provisioningStatus"] == "DECOMMISSIONED").unwrap();
    assert_eq!(gone["resources"]["vll"], json!([]));
    assert!(gone["bEnd"]["vlan"].is_null() && gone["aEnd"]["locationId"].is_null());

    let mcr = find(&document["data"], "productType", "MCR2");
    assert_eq!(mcr["vxcPermitted"], true);
    assert_eq!(mcr["resources"]["virtual_router"]["mcrAsn"], 133_937);
    let mve = find(&document["data"], "productType", "MVE");
    assert!(mve["portSpeed"].is_null() && mve.get("diversityZone").is_none());
    assert_eq!(find(&document["data"], "productName", "Sydney")["vxcpermitted"], false);
}

#[tokio::test]
async fn a_vxc_between_two_of_our_own_on_ramps_appears_twice() {
    let (_simulator, provider) = provider().await;
    let (_, document) = provider.get("/v2/products").await;
    let text = document["data"].as_array().unwrap().iter().flat_map(|product| {
        product["associatedVxcs"].as_array().unwrap().iter().map(|vxc| vxc["productName"].clone())
    });
    assert_eq!(text.filter(|name| name == "Backbone LA1 - NY").count(), 2);
}

#[tokio::test]
async fn the_allocation_levels_of_the_demo_differ() {
    let (_simulator, provider) = provider().await;
    let (_, document) = provider.get("/v2/products").await;
    let rate = |name: &str| {
        let on_ramp = find(&document["data"], "productName", name);
        let nested = ["associatedVxcs", "associatedIxs"].map(|list| {
            let entries = on_ramp[list].as_array().unwrap().iter();
            let holding = entries.filter(|e| e["provisioningStatus"] != "DECOMMISSIONED");
            holding.map(|entry| entry["rateLimit"].as_i64().unwrap()).sum::<i64>()
        });
        nested[0] + nested[1]
    };
    let levels = ["Los Angeles 1", "London", "Osaka", "Sydney"].map(rate);
    assert_eq!(levels, [6200, 17_000, 1000, 11_000]);
}

#[tokio::test]
async fn filters_match_whole_words_without_case_or_are_ignored() {
    let (simulator, provider) = provider().await;
    let count = async |query: &str| {
        let (_, document) = provider.get(&format!("/v2/products?{query}")).await;
        document["data"].as_array().unwrap().len()
    };
    assert_eq!(count("provisioningStatus=live").await, 9);
    assert_eq!(count("provisioningStatus=CONFIGURED").await, 0);
    assert_eq!(count("country=usa").await, 4);
    assert_eq!(count("metro=Los%20Angeles&country=USA").await, 2);
    assert_eq!(count("metro=Los").await, 0);
    simulator.set_switches(|switches| switches.ignore_country_and_metro = true);
    assert_eq!(count("metro=Los%20Angeles").await, 9);
}

#[tokio::test]
async fn one_service_of_any_type_is_read_by_the_untyped_path() {
    let (simulator, provider) = provider().await;
    let (status, port) = provider.get(&format!("/v2/product/{LA2}")).await;
    assert_eq!((status, &port["data"]["productId"]), (200, &json!(90417)));
    let vxc = port["data"]["associatedVxcs"][0].clone();
    let uid = vxc["productUid"].as_str().unwrap();
    let (_, one) = provider.get(&format!("/v2/product/{uid}")).await;
    assert_eq!(one["data"], vxc);
    assert_eq!(one["message"], format!("Found Product {uid}"));

    let (_, products) = provider.get("/v2/products").await;
    let la1 = find(&products["data"], "productName", "Los Angeles 1");
    let ix = &la1["associatedIxs"][0];
    let path = format!("/v2/product/{}", ix["productUid"].as_str().unwrap());
    assert_eq!(provider.get(&path).await.1["data"], *ix);

    let customer = ApiUser::of_customer(&simulator, 0).await;
    assert_eq!(customer.get(&format!("/v2/product/{LA2}")).await.0, 403);
}

#[tokio::test]
async fn an_unknown_service_is_a_404_or_the_older_400() {
    let (simulator, provider) = provider().await;
    let (status, document) = provider.get("/v2/product/no-such-uid").await;
    assert_eq!(status, 404);
    assert_eq!(document["data"], "Could not find a service with UID no-such-uid");
    simulator.set_switches(|switches| switches.not_found_as_400 = true);
    assert_eq!(provider.get("/v2/product/no-such-uid").await.0, 400);
}

#[tokio::test]
async fn a_typed_path_is_a_405_in_the_documented_words() {
    let (_simulator, provider) = provider().await;
    let expected = json!({"message": "Method Not Allowed", "http_error_code": 405,
                          "allowed_methods": ["PUT"]});
    for kind in ["megaport", "mcr2", "mve", "vxc"] {
        let reply = provider.get(&format!("/v2/product/{kind}/{LA2}")).await;
        assert_eq!(reply, (405, expected.clone()), "{kind}");
    }
    assert_eq!(provider.request("DELETE", "/v2/service/key").send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_company_may_act_for_itself_only() {
    let (_simulator, provider) = provider().await;
    let ask =
        |uid: &'static str| provider.request("GET", "/v2/products").header("X-Call-Context", uid);
    let own = ask("5b1e0c7a-94d2-4f0e-8a77-3c2f9e61d0b4").send().await.unwrap();
    assert_eq!(own.status(), 200);
    assert_eq!(ask("another").send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn an_on_ramp_is_locked_and_unlocked_by_its_owner() {
    let (simulator, provider) = provider().await;
    let path = format!("/v2/product/{LA2}/lock");
    let locked = async |provider: &ApiUser| {
        let (_, one) = provider.get(&format!("/v2/product/{LA2}")).await;
        one["data"]["locked"].clone()
    };
    assert_eq!(provider.post(&path, json!({})).await.0, 200);
    assert_eq!(locked(&provider).await, true);
    let (_, products) = provider.get("/v2/products").await;
    assert_eq!(find(&products["data"], "productUid", LA2)["locked"], true, "in the list, too");
    let stranger = ApiUser::of_customer(&simulator, 0).await;
    assert_eq!(stranger.post(&path, json!({})).await.0, 403);
    assert_eq!(provider.request("DELETE", &path).send().await.unwrap().status(), 200);
    assert_eq!(locked(&provider).await, false);
}

#[tokio::test]
async fn a_list_is_packed_with_gzip_where_that_is_asked_for() {
    let (simulator, provider) = provider().await;
    let client = reqwest::Client::builder().no_proxy().gzip(false).build().unwrap();
    let url = format!("{}/v2/products", simulator.base_url());
    let ask = |encoding: &str| {
        let asked = client.get(&url).bearer_auth(&provider.token);
        asked.header("accept-encoding", encoding).send()
    };
    let packed = ask("gzip, deflate").await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let bytes = packed.bytes().await.unwrap();
    assert_eq!(bytes[..2], [0x1f, 0x8b]);
    let plain = ask("identity").await.unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    assert!(plain.bytes().await.unwrap().len() > 4 * bytes.len());
}
