//! Reference section 5 and the VLAN rules of 4.4.

use serde_json::{Value, json};

use crate::api_user::{LA2, find, provider, wish};

async fn offered(provider: &crate::api_user::ApiUser, uid: &str, vlan: i64) -> Value {
    let (status, reply) = provider.get(&format!("/v2/product/port/{uid}/vlan?vlan={vlan}")).await;
    assert_eq!(status, 200, "{reply}");
    reply["data"].clone()
}

#[tokio::test]
async fn free_vlan_returns_itself_and_a_taken_one_3_to_5_others() {
    let (_simulator, provider) = provider().await;
    assert_eq!(offered(&provider, LA2, 100).await, json!([100]));
    for taken in [110, 111, 112, 200] {
        let others = offered(&provider, LA2, taken).await;
        let others: Vec<i64> = serde_json::from_value(others).unwrap();
        assert!((3..=5).contains(&others.len()) && !others.contains(&taken), "{others:?}");
        for other in others {
            assert_eq!(
                offered(&provider, LA2, other).await,
                json!([other]),
                "suggestions are free"
            );
        }
    }
}

#[tokio::test]
async fn whether_unused_keys_count_is_a_switch() {
    let (simulator, provider) = provider().await;
    assert_ne!(offered(&provider, LA2, 200).await, json!([200]));
    simulator.set_switches(|switches| switches.vlan_check_counts_unused_keys = false);
    assert_eq!(offered(&provider, LA2, 200).await, json!([200]));
    assert_ne!(offered(&provider, LA2, 110).await, json!([110]), "VXCs count in any case");
}

#[tokio::test]
async fn an_ix_holds_its_vlan_and_ended_things_do_not() {
    let (_simulator, provider) = provider().await;
    let (_, products) = provider.get("/v2/products").await;
    let la1 = find(&products["data"], "productName", "Los Angeles 1")["productUid"].clone();
    assert_ne!(offered(&provider, la1.as_str().unwrap(), 700).await, json!([700]));
    assert_eq!(offered(&provider, LA2, 201).await, json!([201]), "its key has expired");
}

#[tokio::test]
async fn check_without_a_number_is_400_and_of_foreign_ports_403() {
    let (simulator, provider) = provider().await;
    let path = format!("/v2/product/port/{LA2}/vlan");
    assert_eq!(provider.get(&path).await.0, 400);
    assert_eq!(provider.get(&format!("{path}?vlan=4095")).await.0, 400);
    assert_eq!(provider.get("/v2/product/port/none/vlan?vlan=7").await.0, 404);
    let customer = crate::api_user::ApiUser::of_customer(&simulator, 1).await;
    assert_eq!(customer.get(&format!("{path}?vlan=100")).await.0, 403);
}

#[tokio::test]
async fn two_keys_never_get_one_vlan_unless_the_switch_allows_it() {
    let (simulator, provider) = provider().await;
    provider.new_key(100).await;
    let (status, reply) = provider.post("/v2/service/key", wish(100)).await;
    assert_eq!(status, 400);
    assert_eq!(reply["data"], "VLAN 100 not available on MEGAPORT service 90417");
    simulator.set_switches(|switches| switches.enforce_vlan = false);
    provider.new_key(100).await;
}

#[tokio::test]
async fn an_inactive_key_holds_its_vlan_by_default() {
    let (simulator, provider) = provider().await;
    let mut key = wish(100);
    key["key"] = provider.new_key(100).await["key"].clone();
    key["active"] = false.into();
    assert_eq!(provider.put_json("/v2/service/key", key).await.0, 200);
    assert_ne!(offered(&provider, LA2, 100).await, json!([100]));
    simulator.set_switches(|switches| switches.inactive_keys_hold_vlans = false);
    assert_eq!(offered(&provider, LA2, 100).await, json!([100]));
}
