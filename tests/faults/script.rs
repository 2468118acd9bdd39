//! The format of a scenario file.

use serde::Deserialize;

use crate::simulator::{Fault, Switches, world::Key};

/// A row: the events, the steps, and the expected outcome.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// The row's name, as its file is called.
    pub(super) id: String,
    /// The row in a sentence.
    pub(super) what: String,
    /// The deviation of the console from the row, with its reason.
    pub(super) note: Option<String>,
    /// The part of its order that is left to chance, without random input.
    pub(super) races: Option<String>,
    /// Whether it is played with several seeds, which its `pass_some` turn on.
    #[serde(default)]
    pub(super) seeds: bool,
    #[serde(default)]
    server: Switches,
    #[serde(default)]
    world_keys: Vec<Key>,
    #[serde(default)]
    on: Vec<Fault>,
    #[serde(default)]
    play: Vec<Step>,
    #[serde(default)]
    expect: Expect,
    #[serde(default)]
    run: Vec<Variant>,
}

/// The parts that differ in one run of several; the rest is in the row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    server: Option<Switches>,
    on: Option<Vec<Fault>>,
    play: Option<Vec<Step>>,
    expect: Option<Expect>,
}

/// A run of a row.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Its name, if there are several.
    pub(super) name: String,
    /// The behaviour of the server.
    pub(super) server: Switches,
    /// Keys that are there besides those of the demo's world.
    pub(super) world_keys: Vec<Key>,
    /// The faults of the server.
    pub(super) on: Vec<Fault>,
    /// The steps, in order.
    pub(super) play: Vec<Step>,
    /// The expected outcome.
    pub(super) expect: Expect,
}

/// A step.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Step {
    /// Goes to the on-ramp of this name and on to an armed review.
    Review(String),
    /// Opens the review on this VLAN.
    ReviewOn {
        /// The on-ramp's name.
        on_ramp: String,
        /// The VLAN.
        vlan: u16,
    },
    /// As `Review`, and `y`.
    Make(String),
    /// The armed review of a pair in this region.
    ReviewPair(String),
    /// Opens that review and presses `y`.
    MakePair(String),
    /// Presses keys: `\n` is Enter, `\u001b` Esc, `\u0015` Ctrl-U.
    Keys(String),
    /// A key that is held down.
    Hold {
        /// The key.
        key: String,
        /// The number of repetitions.
        times: usize,
    },
    /// Pastes text.
    Paste(String),
    /// Waits until no work is in progress.
    Settle,
    /// Lets 0.5 s pass without a key press.
    Arm,
    /// Lets so many seconds pass, with everything that happens in them.
    Pass(u64),
    /// Lets some seconds of this range pass, by the seed of the run.
    PassSome([u64; 2]),
    /// Moves the clocks by so many seconds while work is in progress.
    Skip(u64),
    /// Waits until the server has received so many requests to create a key.
    Posted(usize),
    /// Waits until it is known that another console is at a request.
    Elsewhere,
    /// Waits until no other console is known to be at a request.
    Alone,
    /// Waits until a record is reported as not on the disk.
    Unwritten,
    /// This is on the screen now.
    See(String),
    /// This is not.
    Unseen(String),
    /// Another agent of the company creates a key.
    OtherAgent {
        /// The on-ramp's name.
        on_ramp: String,
        /// On which VLAN.
        vlan: i64,
        /// With which label.
        label: String,
    },
    /// From now on the journal's disk fails so.
    Disk(Failing),
    /// The disk is well again.
    DiskIsWell,
    /// Sets the state of the connection to the API.
    Line(ConnectionState),
    /// Clears the remaining faults of the server.
    Clear,
    /// Goes wrong from now on.
    On(Fault),
    /// From now on the server loses the labels of keys that are changed.
    LosesLabels,
    /// Every token of the company ends.
    TokensEnd,
    /// The console ends and is started again.
    Restart,
    /// The console is killed.
    Kill,
    /// Another client of the account changes a key by the API: of the on-ramp, on the
    /// VLAN. Omitted fields are reset, as the vendor does.
    ChangedElsewhere {
        /// The on-ramp's name.
        on_ramp: String,
        /// The key.
        vlan: i64,
        /// The fields it sends besides the key and its on-ramp.
        sends: serde_json::Map<String, serde_json::Value>,
    },
    /// Goes on in another console, of this user.
    Console(String),
}

/// The faults of a disk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failing {
    /// `append` or `sync`.
    pub(super) op: String,
    /// Of which record: `prepared`, `sending`, `created`.
    pub(super) record: String,
    /// The system's number for it: 28 is ENOSPC, 5 is EIO.
    pub(super) errno: i32,
    /// Whether it lasts.
    #[serde(default)]
    pub(super) lasting: bool,
}

/// The state of the connection to the API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ConnectionState {
    /// As it should be.
    Well,
    /// The connection is refused.
    Refused,
    /// The host does not exist. The name is not even resolvable, so that no query
    /// leaves this host.
    NoName,
    /// TLS with this certificate of `tests/certificates`.
    Tls(String),
}

/// The expected outcome of a run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Expect {
    /// The states of all intents in the journals, in the order of confirmation.
    pub(super) states: Vec<String>,
    /// Complete requests to create a key at the server.
    pub(super) posts: usize,
    /// The keys they created.
    pub(super) keys: usize,
    /// Requests to change one.
    pub(super) puts: usize,
    /// Requests for a token.
    pub(super) tokens: Option<usize>,
    /// The number of reads of an on-ramp's keys after the first request.
    pub(super) looks: Option<usize>,
    /// The unfinished work at the end.
    pub(super) unfinished: Option<usize>,
    /// On the last screen.
    pub(super) screen: Vec<String>,
    /// On some screen.
    pub(super) said: Vec<String>,
    /// On no screen.
    pub(super) never: Vec<String>,
}

impl Scenario {
    /// Reads the file of a row.
    pub(super) fn read(id: &str) -> Self {
        let path = format!("{}/tests/faults/scenarios/{id}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let read: Self = toml_edit::de::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(read.id, id, "{path} is of another row");
        read
    }

    /// Returns its runs: one where it names none.
    pub(super) fn runs(&self) -> Vec<Run> {
        let all = Run {
            name: String::new(),
            server: self.server.clone(),
            world_keys: self.world_keys.clone(),
            on: self.on.clone(),
            play: self.play.clone(),
            expect: self.expect.clone(),
        };
        let one = |variant: &Variant| {
            let Variant { name, server, on, play, expect } = variant.clone();
            Run {
                name,
                server: server.unwrap_or_else(|| all.server.clone()),
                world_keys: all.world_keys.clone(),
                on: on.unwrap_or_else(|| all.on.clone()),
                play: play.unwrap_or_else(|| all.play.clone()),
                expect: expect.unwrap_or_else(|| all.expect.clone()),
            }
        };
        if self.run.is_empty() { vec![all] } else { self.run.iter().map(one).collect() }
    }
}
