//! Worlds for load tests.

use onramp::simulator::{Options, World, start};

use crate::api_user::ApiUser;

#[tokio::test]
async fn generated_world_serves_all_vxcs_and_a_customer_can_connect() {
    let simulator = start(Options::quiet(World::generated(50, 4, 11))).await.unwrap();
    let provider = ApiUser::of_provider(&simulator).await;
    let (_, products) = provider.get("/v2/products").await;
    let products = products["data"].as_array().unwrap();
    let vxcs = products.iter().map(|p| p["associatedVxcs"].as_array().unwrap().len());
    assert_eq!(vxcs.sum::<usize>(), 200);
    let body = provider.request("GET", "/v2/products").send().await.unwrap().bytes().await.unwrap();
    assert_eq!(body, simulator.products_body());
    assert_eq!(provider.get("/v2/service/key").await.1["data"].as_array().unwrap().len(), 50);

    let open = products.iter().find(|product| product["vxcpermitted"] == true).unwrap();
    let key = simulator.other_agent(open["productUid"].as_str().unwrap(), 3000, "load").unwrap();
    simulator.redeem(&key).unwrap();
}
