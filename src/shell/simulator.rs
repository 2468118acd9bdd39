//! The options of the embedded simulator, for `onramp demo` and `onramp simulator`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use crate::{
    domain::text::SafeText,
    shell::{exit::ExitError, stdio::error_text},
    simulator::{self, Fault, Options, Simulator, Switches, When, World, faults_from_json},
};

/// The options of the simulated world.
#[derive(Debug, Clone, Default)]
pub struct SimulatorOptions {
    /// A world file, instead of the demo's.
    pub world: Option<PathBuf>,
    /// A generated world of so many on-ramps, with so many VXCs on each.
    pub generated: Option<(usize, usize)>,
    /// A file of faults.
    pub faults: Option<PathBuf>,
    /// A file of switches: assumptions about the vendor.
    pub switches: Option<PathBuf>,
    /// The delay after which the scripted customer redeems a new key.
    pub customer_after: Option<Duration>,
}

/// The key of the demo's world that expires during a session, unused.
const ENDING_KEY: &str = "96bc20b1-2507-49b3-ac92-991145ce567e";

/// The seed of generated worlds: the same figures give the same world.
const SEED: u64 = 1;

impl SimulatorOptions {
    fn world(&self) -> Result<World, ExitError> {
        match (&self.world, self.generated) {
            (Some(path), _) => {
                let (text, name) = read(path)?;
                World::from_json(&text, &name).map_err(|error| ExitError::Usage(error.to_string()))
            }
            (None, Some((on_ramps, vxcs))) => Ok(World::generated(on_ramps, vxcs, SEED)),
            (None, None) => Ok(World::demo()),
        }
    }

    fn faults(&self) -> Result<Vec<Fault>, ExitError> {
        let Some(path) = &self.faults else { return Ok(vec![]) };
        let (text, name) = read(path)?;
        faults_from_json(&text, &name).map_err(|error| ExitError::Usage(error.to_string()))
    }

    fn switches(&self) -> Result<Switches, ExitError> {
        let Some(path) = &self.switches else { return Ok(Switches::default()) };
        let (text, name) = read(path)?;
        serde_json::from_str(&text).map_err(|error| {
            let says = SafeText::clean(&error.to_string());
            ExitError::Usage(format!("{name}: {says}"))
        })
    }

    /// Checks that its files can be read, before a screen opens.
    pub(super) fn check(&self) -> Result<(), ExitError> {
        if self.generated.is_none() {
            self.world()?;
        }
        self.faults()?;
        self.switches().map(drop)
    }

    /// Starts a simulator in this setting; `None` is the demo's: it listens on
    /// a free port, and a key ends while a user watches.
    pub async fn start(&self, listen: Option<SocketAddr>) -> Result<Simulator, ExitError> {
        let mut world = self.world()?;
        if listen.is_none()
            && let Some(key) = world.keys.iter_mut().find(|key| key.key == ENDING_KEY)
        {
            key.valid_until = Some(When::Relative(4 * 60 * 1000));
        }
        let mut options = Options {
            world,
            faults: self.faults()?,
            switches: self.switches()?,
            customer_after: self.customer_after,
            ..Options::default()
        };
        options.listen = listen.unwrap_or(options.listen);
        simulator::start(options).await.map_err(|error| ExitError::Failed(error.to_string()))
    }
}

fn read(path: &PathBuf) -> Result<(String, String), ExitError> {
    let name = SafeText::clean(&path.display().to_string()).to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((text, name)),
        Err(error) => {
            Err(ExitError::Usage(format!("{name} could not be read: {}", error_text(&error))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_document_are_legal() {
        let document = include_str!("../../docs/simulator.md");
        for text in crate::shell::examples_for_test::blocks(document, "json") {
            let is_faults = text.trim_start().starts_with('[');
            if is_faults {
                simulator::faults_from_json(text, "example").expect(text);
            } else {
                serde_json::from_str::<Switches>(text).expect(text);
            }
        }
    }

    #[tokio::test]
    async fn the_customer_of_the_demo_redeems_a_key_in_either_zone() {
        let setting = SimulatorOptions {
            customer_after: Some(Duration::from_secs(20)),
            ..SimulatorOptions::default()
        };
        let simulator = setting.start(None).await.expect("it starts");
        let uid = |name: &str| {
            let service = World::demo().services.into_iter().find(|service| service.name == name);
            service.expect("an on-ramp of the demo").uid
        };
        let create = |name: &str| simulator.other_agent(&uid(name), 100, name).expect("it is free");
        let keys = ["Los Angeles 1", "Los Angeles 2"].map(create);
        simulator.advance(Duration::from_secs(20));
        for key in keys {
            let key = simulator.keys().into_iter().find(|one| one["key"] == *key).expect("listed");
            assert!(key["lastUsed"].is_i64(), "{key}");
        }
    }
}
