//! Start: from options to a server on loopback.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Bytes, extract::connect_info::IntoMakeServiceWithConnectInfo};
use fastrand::Rng;
use tokio::net::TcpListener;

use crate::simulator::{
    Simulator,
    clock::Clock,
    connection::{Caller, Connections},
    events::EventTimes,
    faults::{Fault, Faults},
    http::{Shared, router},
    rate_limit::RateLimit,
    schedule::Schedule,
    state::State,
    store::Store,
    switches::Switches,
    tokens::Tokens,
    world::World,
};

/// The world to simulate, and its address.
#[derive(Debug, Clone)]
pub struct Options {
    /// Loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The world at the start.
    pub world: World,
    /// The unknowns.
    pub switches: Switches,
    /// The faults to inject, in order.
    pub faults: Vec<Fault>,
    /// The lifetime of a token (reference 1: 24 h unless set otherwise).
    pub token_lifetime: Duration,
    /// The delay after which the scripted customer redeems a new key of the provider,
    /// on any on-ramp. A key that is disabled or not yet valid then is redeemed once it
    /// can be.
    pub customer_after: Option<Duration>,
    /// How long a new VXC stays in each state before `LIVE`.
    pub provisioning: Duration,
}

impl Default for Options {
    /// Returns the demo: 127.0.0.1 on a free port, the `QuantumGPU` world, a customer
    /// after 20 s.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            world: World::demo(),
            switches: Switches::default(),
            faults: Vec::new(),
            token_lifetime: Duration::from_secs(24 * 60 * 60),
            customer_after: Some(Duration::from_secs(20)),
            provisioning: Duration::from_secs(8),
        }
    }
}

impl Options {
    /// Options for a test: `world` without its events, no scripted customer, no rate limit, no
    /// waiting.
    pub fn quiet(world: World) -> Self {
        let world = World { events: Vec::new(), ..world };
        Self {
            world,
            switches: Switches { rate_limit: false, ..Switches::default() },
            customer_after: None,
            provisioning: Duration::ZERO,
            ..Self::default()
        }
    }
}

impl World {
    /// Returns the body of the provider's `GET /v2/products` in this world, for
    /// measuring.
    pub fn products_body(self) -> Bytes {
        let now = Clock::default().now(0);
        Store::new(self, now, &mut Rng::new()).products_body(0)
    }
}

/// The reason why the simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is reachable from outside this machine.
    #[error(
        "the simulator serves this machine only and will not listen on {0}; use 127.0.0.1 or [::1]"
    )]
    NotLoopback(SocketAddr),
    /// The port is taken.
    #[error("{0} is in use by another program; choose another port, or 0 for a free one")]
    InUse(SocketAddr),
    /// The system refused the address.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
}

/// Starts a simulator on the current runtime.
pub async fn start(options: Options) -> Result<Simulator, StartError> {
    let address = options.listen;
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::InUse(address),
        _ => StartError::Listen { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;

    let state = build_state(options);
    let provider = state.store.accounts.first().map_or_else(Default::default, |account| {
        (account.client_id.clone(), account.client_secret.clone())
    });
    let shared = Arc::new(Shared::new(state));
    let service: IntoMakeServiceWithConnectInfo<Router, Caller> =
        router(Arc::clone(&shared)).into_make_service_with_connect_info();
    let until = Arc::clone(&shared);
    let serving = tokio::spawn(async move {
        let server = axum::serve(Connections::new(listener), service);
        // Ends only when the simulator is dropped; it has nothing to report.
        _ = server.with_graceful_shutdown(async move { until.stopped().await }).await;
    });
    Ok(Simulator { shared, address, provider, serving })
}

/// Returns the state at the start.
fn build_state(options: Options) -> State {
    let clock = Clock::default();
    let mut rng = Rng::new();
    let now = clock.now(options.switches.clock_offset_ms);
    let mut faults = Faults::default();
    let mut options = options;
    let plans = std::mem::take(&mut options.world.events);
    let events = plans.into_iter().map(|plan| EventTimes::new(plan, now, &mut rng)).collect();
    options.faults.into_iter().for_each(|fault| faults.push(fault));
    State {
        events,
        store: Store::new(options.world, now, &mut rng),
        clock,
        switches: options.switches,
        tokens: Tokens::default(),
        limit: RateLimit::default(),
        schedule: Schedule::default(),
        faults,
        request_log: std::collections::VecDeque::new(),
        rng,
        token_lifetime: options.token_lifetime,
        customer_after: options.customer_after,
        provisioning: options.provisioning,
    }
}
