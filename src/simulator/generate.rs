//! Generated worlds: as large as a test needs them, and equal for equal seeds.
//!
//! Everything here is invented; nothing may depend on the time or the machine.

use fastrand::Rng;
use serde_json::Map;

use crate::simulator::{
    places::{CUSTOMERS, METROS, OPERATORS, TRADES},
    tokens::new_uuid,
    world::{Company, End, Key, Kind, Lag, Service, Site, Vxc, When, World},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const KEYS_MAX: usize = 20_000;
/// From here on VXCs omit optional members of the vendor's.
const BRIEF_FROM: usize = 20_000;
const RATES: [u64; 9] = [50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000];
const PROVIDER: u64 = 70_001;
const CUSTOMER: u64 = 70_002;

impl World {
    /// Returns a world of `on_ramps` on-ramps (a LAG counts as one) with
    /// `vxcs_per_on_ramp` VXCs each, and about one service key for each on-ramp up to
    /// 20,000.
    pub fn generated(on_ramps: usize, vxcs_per_on_ramp: usize, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut world = Self {
            companies: vec![
                Company { id: PROVIDER, uid: new_uuid(&mut rng), name: "Meridian Compute".into() },
                Company { id: CUSTOMER, uid: new_uuid(&mut rng), name: "Aurora Render".into() },
            ],
            sites: sites(),
            ..Self::default()
        };
        let mut maker = Generator { next_id: 100_000, owners: made_up_companies(&mut rng), rng };
        let brief = on_ramps.saturating_mul(vxcs_per_on_ramp) > BRIEF_FROM;
        for n in 0..on_ramps {
            let on_ramp = maker.on_ramp(&world, n);
            let level = maker.rng.f64() * 1.1;
            for m in 0..vxcs_per_on_ramp {
                let capacity = on_ramp.speed.or(on_ramp.max_vxc_speed).unwrap_or(10_000);
                let share = u64_of(u64_f(capacity) * level / u64_f(vxcs_per_on_ramp as u64));
                world.vxcs.push(maker.vxc(&world, &on_ramp, m, share, brief));
            }
            if n < KEYS_MAX {
                world.keys.push(maker.key(&on_ramp, vxcs_per_on_ramp));
            }
            let member = maker.second_member(&on_ramp);
            world.services.push(on_ramp);
            world.services.extend(member);
        }
        for n in 0..3 {
            let port = maker.customer_port(&world, n);
            world.services.push(port);
        }
        world
    }
}

struct Generator {
    rng: Rng,
    next_id: u64,
    owners: Vec<(String, String)>,
}

impl Generator {
    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn ago(&mut self, days: i64) -> When {
        When::Relative(-self.rng.i64(1..=days * 24) * HOUR_MS)
    }

    fn on_ramp(&mut self, world: &World, n: usize) -> Service {
        let site = self.rng.choice(&world.sites).unwrap_or(&world.sites[0]).clone();
        let kind = match self.rng.u32(0..10) {
            0 => Kind::Mve,
            1 | 2 => Kind::Mcr,
            _ => Kind::Port,
        };
        let speed = match kind {
            Kind::Port => self.rng.choice([1000, 10_000, 10_000, 10_000, 100_000]),
            Kind::Mcr => self.rng.choice([1000, 2500, 5000, 10_000, 25_000, 50_000]),
            Kind::Mve => None,
        };
        let is_lag = kind == Kind::Port && speed != Some(1000) && self.rng.u32(0..12) == 0;
        let id = self.id();
        Service {
            uid: new_uuid(&mut self.rng),
            id,
            name: format!("{} {}", site.metro, n + 1),
            kind,
            company: PROVIDER,
            site: site.id,
            status: if self.rng.u32(0..40) == 0 { "CONFIGURED" } else { "LIVE" }.to_owned(),
            speed,
            max_vxc_speed: if kind == Kind::Port { None } else { speed.or(Some(10_000)) },
            zone: self.rng.choice([Some("red"), Some("blue"), None]).flatten().map(str::to_owned),
            open: self.rng.u32(0..30) != 0,
            lag: is_lag.then_some(Lag { id, aggregation: id, primary: true }),
            created: self.ago(900),
            ixs: Vec::new(),
            also: Map::new(),
            without: Vec::new(),
        }
    }

    fn second_member(&mut self, primary: &Service) -> Option<Service> {
        let lag = Lag { primary: false, ..primary.lag? };
        let id = self.id();
        let name = format!("{} member 2", primary.name);
        Some(Service { uid: new_uuid(&mut self.rng), id, name, lag: Some(lag), ..primary.clone() })
    }

    fn vxc(&mut self, world: &World, on_ramp: &Service, m: usize, share: u64, brief: bool) -> Vxc {
        let owner = self.rng.usize(0..self.owners.len());
        let (owner_uid, owner) = self.owners[owner].clone();
        let wanted = (share + self.rng.u64(0..=share)) * 2 / 3;
        let rate = RATES.into_iter().rev().find(|rate| *rate <= wanted).unwrap_or(RATES[0]);
        let (status, ended) = match self.rng.u32(0..50) {
            0 => ("DECOMMISSIONED", Some(self.ago(29))),
            1 => ("CONFIGURED", None),
            _ => ("LIVE", None),
        };
        let site = self.rng.choice(&world.sites).unwrap_or(&world.sites[0]).id;
        let a = End {
            uid: new_uuid(&mut self.rng),
            vlan: Some(self.rng.i64(2..=4093)),
            name: Some(format!("{owner} edge")),
            owner: Some(owner_uid),
            site: Some(site),
        };
        let vlan = Some(vlan(m));
        Vxc {
            uid: new_uuid(&mut self.rng),
            id: self.id(),
            name: format!("{owner} to {}", on_ramp.name),
            rate,
            status: status.to_owned(),
            a,
            b: End { uid: on_ramp.uid.clone(), vlan, owner: None, name: None, site: None },
            created: self.ago(600),
            ended,
            brief,
            also: Map::new(),
            without: Vec::new(),
        }
    }

    fn key(&mut self, on_ramp: &Service, vxcs: usize) -> Key {
        let state = self.rng.u32(0..20);
        let single_use = state != 0;
        let used = (1..5).contains(&state) && vxcs > 0;
        let made = -self.rng.i64(1..=20) * DAY_MS;
        let owner = self.rng.usize(0..self.owners.len());
        let until = if (5..7).contains(&state) { made + DAY_MS / 2 } else { made + 30 * DAY_MS };
        // A used key has the VLAN of the on-ramp's first VXC, a new one the first that is free.
        let vlan = single_use.then(|| vlan(if used { 0 } else { vxcs }));
        Key {
            key: new_uuid(&mut self.rng),
            service: on_ramp.uid.clone(),
            description: Some(format!("{}, {}", self.owners[owner].1, on_ramp.name)),
            single_use,
            vlan,
            max_speed: on_ramp.speed.or(on_ramp.max_vxc_speed).unwrap_or(1000).min(500),
            active: state != 7,
            pre_approved: Some(true),
            valid_from: Some(When::Relative(made)),
            valid_until: Some(When::Relative(until)),
            created: When::Relative(made),
            last_used: used.then_some(When::Relative(made + HOUR_MS)),
        }
    }

    fn customer_port(&mut self, world: &World, n: usize) -> Service {
        let port = self.on_ramp(world, n);
        Service {
            name: format!("AUR edge {}", n + 1),
            kind: Kind::Port,
            company: CUSTOMER,
            status: "LIVE".to_owned(),
            speed: Some(100_000),
            max_vxc_speed: None,
            open: true,
            lag: None,
            ..port
        }
    }
}

/// Returns the VLAN of the `m`th VXC on an on-ramp.
fn vlan(m: usize) -> i64 {
    2 + i64::try_from(98 + m).unwrap_or(98) % 4092
}

/// Builds one to four data centres in each metro.
fn sites() -> Vec<Site> {
    let mut sites = Vec::new();
    for (n, (metro, country, market)) in METROS.into_iter().enumerate() {
        for operator in OPERATORS.iter().take(1 + n * 7 % 4) {
            sites.push(Site {
                id: 1000 + sites.len() as u64,
                name: format!("{operator} {metro}"),
                city: metro.to_owned(),
                metro: metro.to_owned(),
                country: country.to_owned(),
                market: market.to_owned(),
            });
        }
    }
    sites
}

fn made_up_companies(rng: &mut Rng) -> Vec<(String, String)> {
    let pairs = CUSTOMERS.iter().flat_map(|first| TRADES.iter().map(move |trade| (first, trade)));
    pairs.map(|(first, trade)| (new_uuid(rng), format!("{first} {trade}"))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "rates are far below 2^52")]
const fn u64_f(mbps: u64) -> f64 {
    mbps as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a capacity: not negative, far below 2^52"
)]
const fn u64_of(mbps: f64) -> u64 {
    mbps as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_world_and_another_seed_another() {
        let text = |seed| format!("{:?}", World::generated(40, 3, seed));
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }

    #[test]
    fn a_generated_world_has_what_was_asked_for_and_all_kinds() {
        let world = World::generated(300, 4, 1);
        let on_ramps = world.services.iter().filter(|service| {
            service.company == PROVIDER && service.lag.is_none_or(|lag| lag.primary)
        });
        assert_eq!(on_ramps.count(), 300);
        assert_eq!(world.vxcs.len(), 1200);
        assert_eq!(world.keys.len(), 300);
        for kind in [Kind::Port, Kind::Mcr, Kind::Mve] {
            assert!(world.services.iter().any(|service| service.kind == kind), "{kind:?}");
        }
        assert!(world.services.iter().any(|service| service.lag.is_some()));
    }
}
