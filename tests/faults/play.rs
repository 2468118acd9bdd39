//! Plays a row.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use super::{
    environment::TestEnvironment,
    frame::Frame,
    front_end::{FrontEnd, Said},
    oracles, order,
    script::{Run, Scenario, Step},
};

/// The user of the console if a row names none.
const AGENT: &str = "agent";

/// Returns the number of seeds of a scenario that is played with several:
/// `ONRAMP_SEEDS=50 cargo test --lib faults` plays fifty.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn seeds() -> u64 {
    let wanted = std::env::var("ONRAMP_SEEDS").ok();
    wanted.map_or(3, |text| text.parse().expect("a number of seeds"))
}

/// A run in progress.
pub(super) struct Play<F> {
    random: fastrand::Rng,
    pub(super) environment: TestEnvironment,
    /// By their users' names.
    pub(super) consoles: BTreeMap<String, F>,
    /// The reports of killed consoles.
    pub(super) gone: Vec<Said>,
    at: String,
}

/// Plays every run of a row, and asks the oracles after each.
pub(super) async fn row<F: FrontEnd>(id: &str) {
    let scenario = Scenario::read(id);
    let seeds = if scenario.seeds { seeds() } else { 1 };
    let mut orders = String::new();
    for (run, seed) in scenario.runs().iter().flat_map(|run| (0..seeds).map(move |n| (run, n))) {
        let mut play = Play::<F>::open(run, seed).await;
        for step in &run.play {
            Box::pin(play.step(step)).await;
        }
        let console = play.console();
        console.work();
        let last = console.last();
        let (wrong, order) = oracles::ask(play, run);
        if seed == 0 {
            let _infallible = write!(orders, "{id} {}\n{order}", run.name);
        }
        let Scenario { what, note, .. } = &scenario;
        let note = note.as_deref().unwrap_or_default();
        assert!(
            wrong.is_empty(),
            "{id} {} seed {seed}: {what} {note}\n{}\n{last}",
            run.name,
            wrong.join("\n"),
        );
    }
    // Two threads that race are far apart only where a screen is drawn meanwhile.
    if F::HAS_SCREEN || scenario.races.is_none() {
        order::compare(id, &orders);
    }
}

impl<F: FrontEnd> Play<F> {
    async fn open(run: &Run, seed: u64) -> Self {
        let mut environment = TestEnvironment::open(run).await;
        let console = F::open(&mut environment, AGENT).await;
        let consoles = BTreeMap::from([(AGENT.to_owned(), console)]);
        let random = fastrand::Rng::with_seed(seed);
        Self { random, environment, consoles, gone: vec![], at: AGENT.to_owned() }
    }

    fn both(&mut self) -> (&mut TestEnvironment, &mut F) {
        let console = self.consoles.get_mut(&self.at).expect("it was opened");
        (&mut self.environment, console)
    }

    fn console(&mut self) -> &mut F {
        self.both().1
    }

    async fn settle(&mut self) {
        let (environment, console) = self.both();
        console.settle(environment).await;
    }

    /// Keeps the keyboard quiet for as long as a review needs.
    fn arm(&mut self) {
        let (environment, console) = self.both();
        environment.advance(Duration::from_millis(500));
        console.tick(environment);
    }

    async fn review(&mut self, order: impl FnOnce(&mut F)) {
        order(self.console());
        self.settle().await;
        self.arm();
    }

    async fn confirm(&mut self) {
        self.console().press("y");
        self.settle().await;
    }

    async fn pass(&mut self, seconds: u64) {
        let end = self.environment.now() + Duration::from_secs(seconds);
        loop {
            self.settle().await;
            let (environment, console) = self.both();
            let left = end.since(environment.now());
            if left.is_zero() {
                return;
            }
            let next = console.engine().due_in().unwrap_or(left).min(left);
            environment.advance(next.max(Duration::from_millis(1)));
            console.tick(environment);
        }
    }

    async fn go_to(&mut self, name: &str) {
        name.clone_into(&mut self.at);
        if !self.consoles.contains_key(name) {
            let user = name.split(' ').next().unwrap_or(name);
            let console = F::open(&mut self.environment, user).await;
            self.consoles.insert(name.to_owned(), console);
        }
        let (environment, console) = self.both();
        console.tick(environment);
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Review(name) => self.review(|it| it.order(name, None)).await,
            Step::ReviewOn { on_ramp, vlan } => {
                self.review(|it| it.order(on_ramp, Some(*vlan))).await;
            }
            Step::Make(name) => {
                self.review(|it| it.order(name, None)).await;
                self.confirm().await;
            }
            Step::ReviewPair(region) => self.review(|it| it.order_pair(region)).await,
            Step::MakePair(region) => {
                self.review(|it| it.order_pair(region)).await;
                self.confirm().await;
            }
            Step::Keys(keys) => self.console().press(keys),
            Step::Hold { key, times } => self.console().press(&key.repeat(*times)),
            Step::Paste(text) => self.console().paste(text),
            Step::Settle => self.settle().await,
            Step::Arm => self.arm(),
            Step::Pass(seconds) => self.pass(*seconds).await,
            Step::PassSome([from, to]) => {
                let seconds = self.random.u64(*from..=*to);
                self.pass(seconds).await;
            }
            Step::Skip(seconds) => {
                let (environment, console) = self.both();
                environment.advance(Duration::from_secs(*seconds));
                console.tick(environment);
            }
            Step::Posted(wanted) => self.posted(*wanted).await,
            Step::Elsewhere => self.until_elsewhere(true).await,
            Step::Alone => self.until_elsewhere(false).await,
            Step::Unwritten => {
                let (environment, console) = self.both();
                let unwritten = |it: &F| !it.engine().journal().unwritten.is_empty();
                console.wait(environment, "a disk that has not taken a record", unwritten).await;
            }
            // Only front ends with a screen have texts on it.
            Step::See(_) | Step::Unseen(_) if !F::HAS_SCREEN => {}
            Step::See(says) => {
                let frame = self.frame();
                assert!(frame.says(says), "not on the screen: {says:?}\n{}", frame.text);
            }
            Step::Unseen(says) => {
                let frame = self.frame();
                assert!(!frame.says(says), "on the screen: {says:?}\n{}", frame.text);
            }
            Step::OtherAgent { on_ramp, vlan, label } => {
                self.environment.other_agent(on_ramp, *vlan, label);
            }
            Step::Disk(failing) => self.environment.disks.fail(Some(failing.clone())),
            Step::DiskIsWell => self.environment.disks.fail(None),
            Step::Line(state) => {
                let (environment, console) = self.both();
                console.use_line(environment, state);
            }
            Step::Clear => self.environment.simulator.clear_faults(),
            Step::On(fault) => self.environment.goes_wrong(fault.clone()),
            Step::LosesLabels => {
                self.environment
                    .simulator
                    .set_switches(|switches| switches.keep_description = false);
            }
            Step::TokensEnd => self.environment.simulator.expire_tokens(),
            Step::Restart => {
                let console = self.consoles.remove(&self.at).expect("it was opened");
                let console = Box::pin(console.again(&mut self.environment)).await;
                self.consoles.insert(self.at.clone(), console);
            }
            Step::Kill => {
                let console = self.consoles.remove(&self.at).expect("it was opened");
                self.gone.push(console.end());
            }
            Step::ChangedElsewhere { on_ramp, vlan, sends } => {
                self.environment.change_elsewhere(on_ramp, *vlan, sends).await;
            }
            Step::Console(name) => self.go_to(name).await,
        }
    }

    /// Returns the screen now.
    fn frame(&mut self) -> Frame {
        self.console().said().frames.last().cloned().expect("it was drawn")
    }

    async fn until_elsewhere(&mut self, wanted: bool) {
        let (environment, console) = self.both();
        let is_so = |it: &F| {
            let mut attempts = it.engine().attempts().iter();
            attempts.any(|one| one.elsewhere.is_some()) == wanted
        };
        console.wait(environment, "what another console is at", is_so).await;
    }

    async fn posted(&mut self, wanted: usize) {
        let mut patience = 4_000;
        while self.environment.simulator.count("POST", "/v2/service/key") < wanted {
            let (environment, console) = self.both();
            console.receive(environment, Duration::from_millis(5)).await;
            patience -= 1;
            assert!(patience > 0, "no request came. {}", console.last());
        }
    }
}
