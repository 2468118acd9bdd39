//! `onramp simulator`: the vendor's API on loopback, for a program that is being developed.

use std::net::SocketAddr;

use crate::shell::{exit::ExitError, simulator::SimulatorOptions, stdio};

/// Serves a simulator until the program is ended: prints the URL, the client id and the
/// client secret, a line each, and on request those of every customer, so that another
/// client can play one.
pub async fn serve_simulator(
    setting: &SimulatorOptions,
    listen: SocketAddr,
    with_customers: bool,
) -> Result<(), ExitError> {
    let simulator = setting.start(Some(listen)).await?;
    let (url, id) = (simulator.base_url(), simulator.client_id());
    let mut says = format!("{url}\n{id}\n{}\n", simulator.client_secret());
    let customers = (0..).map_while(|n| simulator.customer(n)).take_while(|_| with_customers);
    for (id, secret) in customers {
        says = format!("{says}{id}\n{secret}\n");
    }
    stdio::print_stdout(&says)?;
    simulator.serve_until_stopped().await;
    Ok(())
}
