//! The player of a scenario: a console, or the engine alone.

use std::{collections::BTreeSet, time::Duration};

use crate::engine::{Engine, journal::Readiness};

use super::{claims::Checked, environment::TestEnvironment, frame::Frame, script::ConnectionState};

/// The timeout for an event that is sure to come. Generous: it only ends failing tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// A key that a front end has presented as created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presented {
    /// The whole key.
    pub(super) key: String,
    /// The VLAN it was ordered with.
    pub(super) vlan: Option<i64>,
    /// Whether a difference from the order was reported.
    pub(super) differs: bool,
}

/// Everything that a front end has reported.
#[derive(Default)]
pub(super) struct Said {
    /// The frames of the screen.
    pub(super) frames: Vec<Frame>,
    /// The claims, compared with the server's truth at that moment.
    pub(super) claims: Vec<Checked>,
    /// Whole keys that it has shown.
    pub(super) shown: BTreeSet<String>,
    /// Keys that were presented as created, where there is no screen to read it
    /// from.
    pub(super) presented: Vec<Presented>,
}

impl Said {
    /// Appends the later reports.
    pub(super) fn and(mut self, later: Self) -> Self {
        self.frames.extend(later.frames);
        self.claims.extend(later.claims);
        self.shown.extend(later.shown);
        self.presented.extend(later.presented);
        self
    }
}

/// The player of a scenario. Keys are those a user would press at a screen; a front end
/// without a screen does their commands.
pub(super) trait FrontEnd: Sized {
    /// Whether it has a screen whose texts can be checked.
    const HAS_SCREEN: bool;

    /// Opens one for `user`, after it has read everything.
    async fn open(environment: &mut TestEnvironment, user: &str) -> Self;

    /// Returns its user.
    fn user(&self) -> &str;

    /// Ends it at once; its reports still count.
    fn end(self) -> Said;

    /// Returns its reports so far.
    fn said(&self) -> &Said;

    /// Prepends the reports of another one of its user.
    fn said_before(&mut self, before: Said);

    /// Sets the state of its connection to the API.
    fn use_line(&mut self, environment: &mut TestEnvironment, connection: &ConnectionState);

    /// Performs what is to be done, and presents what has happened.
    fn work(&mut self);

    /// It is this time.
    fn tick(&mut self, environment: &TestEnvironment);

    /// Takes the arrived events; waits at most `limit` for the first of them.
    async fn receive(&mut self, environment: &TestEnvironment, limit: Duration) -> bool;

    /// Asks for a key on the on-ramp of this name, on this VLAN or the one that
    /// is proposed.
    fn order(&mut self, on_ramp: &str, vlan: Option<u16>);

    /// Asks for a pair in this region.
    fn order_pair(&mut self, region: &str);

    /// Presses keys.
    fn press(&mut self, keys: &str);

    /// Pastes text.
    fn paste(&mut self, text: &str);

    /// Returns its engine.
    fn engine(&self) -> &Engine;

    /// Returns whether the front end has no work of its own in progress.
    fn is_idle(&self) -> bool;

    /// Takes events until `done`.
    async fn wait(
        &mut self,
        environment: &TestEnvironment,
        what: &str,
        done: impl Fn(&Self) -> bool,
    ) {
        self.work();
        while !done(self) {
            let came = self.receive(environment, PATIENCE).await;
            assert!(came, "waited in vain for {what}. {}", self.last());
        }
    }

    /// Waits until no work is in progress.
    async fn settle(&mut self, environment: &TestEnvironment) {
        let quiet = |it: &Self| {
            let opening = it.engine().journal().readiness == Readiness::Opening;
            it.is_idle() && !it.engine().is_waiting() && !opening
        };
        self.wait(environment, "an end of it all", quiet).await;
    }

    /// It ends, and is started again.
    async fn again(self, environment: &mut TestEnvironment) -> Self {
        let user = self.user().to_owned();
        let before = self.end();
        let mut next = Self::open(environment, &user).await;
        next.said_before(before);
        next
    }

    /// Returns the last screen, or the state of the engine.
    fn last(&self) -> String {
        match self.said().frames.last() {
            Some(frame) => format!("The screen:\n{}", frame.text),
            None => format!("The requests: {:#?}", self.engine().attempts()),
        }
    }
}
