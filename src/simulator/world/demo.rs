//! The demo world, as it was packed into the program.

use super::World;

const TEXT: &str = include_str!("../../../assets/worlds/quantumgpu.json");

/// The `QuantumGPU` scenario.
pub(super) fn world() -> World {
    match World::from_json(TEXT, "assets/worlds/quantumgpu.json") {
        Ok(world) => world,
        Err(error) => unreachable!("the packed world is tested: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_demo_world_reads_without_complaint() {
        assert_eq!(World::from_json(TEXT, "demo").map(|world| world.companies.len()), Ok(3));
    }
}
