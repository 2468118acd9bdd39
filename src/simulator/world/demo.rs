//! The demo world, as it was packed into the program.

use super::World;

const TEXT: &str = include_str!("../../../assets/worlds/quantumgpu.json");

impl World {
    /// Returns the `QuantumGPU` demo world.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the program, and a test reads it.
    pub fn demo() -> Self {
        match Self::from_json(TEXT, "assets/worlds/quantumgpu.json") {
            Ok(world) => world,
            Err(error) => unreachable!("the packed world is tested: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EventKind, Kind, Service};
    use super::*;

    /// The on-ramps of the demo as docs/simulator.md lists them: name, kind, site, zone; by
    /// name.
    const ON_RAMPS: [(&str, Kind, &str, Option<&str>); 8] = [
        ("London", Kind::Port, "Telehouse North London", Some("red")),
        ("Los Angeles 1", Kind::Port, "Equinix LA1", Some("blue")),
        ("Los Angeles 2", Kind::Port, "CoreSite LA1", Some("red")),
        ("New York", Kind::Port, "Telehouse New York", Some("blue")),
        ("New York MCR", Kind::Mcr, "Equinix NY9", Some("blue")),
        ("Osaka", Kind::Port, "Equinix OS1", None),
        ("Osaka MVE", Kind::Mve, "Equinix OS1", None),
        ("Sydney", Kind::Port, "Global Switch Sydney West", Some("blue")),
    ];

    /// Returns the provider's services, a LAG once, by name.
    fn on_ramps(world: &World) -> Vec<&Service> {
        let of_provider = |service: &&Service| service.company == world.companies[0].id;
        let is_on_ramp = |service: &&Service| service.lag.is_none_or(|lag| lag.primary);
        let services = world.services.iter();
        let mut all: Vec<_> = services.filter(of_provider).filter(is_on_ramp).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    #[test]
    fn the_demo_has_the_eight_on_ramps_of_its_guide() {
        let world = World::demo();
        let site = |id: u64| world.sites.iter().find(|site| site.id == id).expect("a site");
        let facts = |on_ramp: &Service| {
            let zone = on_ramp.zone.clone();
            (on_ramp.name.clone(), on_ramp.kind, site(on_ramp.site).name.clone(), zone)
        };
        let found: Vec<_> = on_ramps(&world).into_iter().map(facts).collect();
        let expected = ON_RAMPS.map(|(name, kind, site, zone)| {
            (name.to_owned(), kind, site.to_owned(), zone.map(ToOwned::to_owned))
        });
        assert_eq!(found, expected);
        let los_angeles = [59, 60].map(|id| site(id).name.as_str());
        assert_eq!(los_angeles, ["Equinix LA1", "CoreSite LA1"]);
    }

    #[test]
    fn the_demo_has_one_of_everything_that_is_out_of_the_ordinary() {
        let world = World::demo();
        let on_ramps = on_ramps(&world);
        let called = |name: &str| *on_ramps.iter().find(|one| one.name == name).expect("one");
        assert!(called("London").lag.is_some(), "a LAG");
        assert!(!called("Los Angeles 1").ixs.is_empty(), "an IX");
        assert!(!called("Sydney").open, "a closed on-ramp");
        let at = |name: &str| {
            let uid = &called(name).uid;
            world.vxcs.iter().filter(|vxc| vxc.b.uid == *uid).collect::<Vec<_>>()
        };
        let [untagged] = &at("Osaka MVE")[..] else { panic!("an untagged circuit is alone") };
        assert_eq!(untagged.b.vlan, Some(-1));
        let waits = |vxc: &&super::super::Vxc| vxc.also.contains_key("vxcApproval");
        assert_eq!(at("New York MCR").into_iter().filter(waits).count(), 1, "a circuit that waits");
        let affects = |kind: EventKind, name: &str| {
            let short = &called(name).uid[..8];
            let of_kind = world.events.iter().filter(|event| event.kind == kind);
            of_kind.flat_map(|event| &event.services).any(|id| id == short)
        };
        assert!(affects(EventKind::Maintenance, "London"), "maintenance");
        assert!(affects(EventKind::Outage, "Osaka"), "an outage");
    }

    #[test]
    fn the_packed_demo_world_reads_without_complaint() {
        assert_eq!(World::from_json(TEXT, "demo").map(|world| world.companies.len()), Ok(3));
    }
}
