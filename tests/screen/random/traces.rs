//! Golden traces: the effects and frames of the console in 2,000 fixed random runs.
//!
//! Each seed gives the same events. They are played, and two hashes are kept: one of
//! all effects, one of all frames (text, styles and text cursor).
//! `tests/screen/traces.txt` has a line `seed effects frames` for each seed. A change
//! of the code without visible effects must not change that file.
//!
//! - See what one seed does, step by step:
//!   `ONRAMP_TRACE=17 cargo test --test screen traces -- --nocapture`. The
//!   first line in which that differs from the same on the commit before is the
//!   first step at which the console behaves otherwise. With
//!   `ONRAMP_TRACE_FRAMES=1` every frame is printed too.
//! - Rewrite the file after a change that is meant to be seen:
//!   `ONRAMP_UPDATE_TRACES=1 cargo test --test screen traces`.
//!
//! The events come from `happens` by the random numbers of the locked version of
//! proptest: a change of either rewrites the file in a commit that changes no code of
//! the console.

use std::{
    env, fmt, fs,
    ops::{Add as _, RangeInclusive},
    path::PathBuf,
    thread,
};

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    Happens, happens,
    machine::{Counts, Machine},
    play,
    stable::Hash,
};

/// The number of seeds: from 0 on.
const SEEDS: u64 = 2_000;

/// The number of events in a run.
const LENGTH: RangeInclusive<usize> = 8..=40;

/// No screen is larger: a few huge ones would take a third of the time.
const LARGEST: (u16, u16) = (160, 60);

/// The most differing seeds that are named.
const NAMED: usize = 10;

/// The recorded hashes of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Trace {
    seed: u64,
    effects: u64,
    frames: u64,
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:08x} {:08x}", self.seed, self.effects, self.frames)
    }
}

impl Trace {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let seed = words.next()?.parse().ok()?;
        let mut hash = || u64::from_str_radix(words.next()?, 16).ok();
        Some(Self { seed, effects: hash()?, frames: hash()? })
    }
}

/// Returns the events of this seed, and whether Megaport refuses taken VLANs.
fn storm(seed: u64) -> (Vec<Happens>, bool) {
    let mut bytes = [0x5a; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::XorShift, &bytes);
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, random);
    let storms = (prop::collection::vec(happens(), LENGTH), any::<bool>());
    storms.new_tree(&mut runner).expect("a storm").current()
}

fn not_too_large(happens: Happens) -> Happens {
    match happens {
        Happens::Resize(columns, rows) => {
            Happens::Resize(columns.min(LARGEST.0), rows.min(LARGEST.1))
        }
        other => other,
    }
}

/// Plays the run of `seed`. `each` receives every step: the event, the effects and the
/// frame.
fn run(seed: u64, mut each: impl FnMut(&Happens, &[String], &[Vec<String>])) -> (Trace, Counts) {
    let (storm, enforces) = storm(seed);
    let (mut effects, mut frames) = (Hash::START, Hash::START);
    let mut machine = Machine::recorded(enforces, (80, 24));
    // The first step is the start, which has settled; the last one draws.
    let storm = storm.into_iter().map(not_too_large).chain([Happens::Wait(0)]);
    for happening in std::iter::once(Happens::Settle).chain(storm) {
        play(&mut machine, happening.clone());
        let recorded = machine.take_record();
        recorded.effects.iter().for_each(|line| effects.add(line));
        recorded.frames.iter().flatten().for_each(|line| frames.add(line));
        // Which step a frame belongs to counts too.
        frames.add("step");
        effects.add("step");
        each(&happening, &recorded.effects, &recorded.frames);
    }
    if let Some(wrong) = machine.wrong() {
        panic!("seed {seed}: {wrong}");
    }
    (Trace { seed, effects: effects.short(), frames: frames.short() }, machine.counts)
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/screen/traces.txt")
}

/// Returns the traces of all seeds, by several threads.
fn all() -> Vec<(Trace, Counts)> {
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let of = |first: usize| {
        let seeds = (0..SEEDS).skip(first).step_by(threads);
        seeds.map(|seed| run(seed, |_, _, _| {})).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|first| scope.spawn(move || of(first))).collect();
        started.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    all.sort_by_key(|(trace, _): &(Trace, Counts)| trace.seed);
    all
}

/// Returns a developer's option in an environment variable.
#[expect(clippy::disallowed_methods, reason = "the command line of a test has no other place")]
fn asked(variable: &str) -> Option<String> {
    env::var(variable).ok()
}

/// Prints the run of `seed`, step by step.
#[expect(clippy::print_stdout, reason = "it is asked for by hand")]
fn print(seed: u64) {
    let with_frames = asked("ONRAMP_TRACE_FRAMES").is_some();
    let mut step = 0;
    let (trace, counts) = run(seed, |happening, effects, frames| {
        println!("{step}: {happening:?}");
        step += 1;
        for effect in effects {
            println!("    {effect}");
        }
        for frame in frames {
            println!("    frame {:08x}", Hash::of_text(&frame.join("\n")));
            for line in frame.iter().filter(|_| with_frames) {
                println!("        {line}");
            }
        }
    });
    println!("{trace} {counts:?}");
}

#[test]
fn effects_and_frames_of_fixed_random_input_are_unchanged() {
    if let Some(seed) = asked("ONRAMP_TRACE") {
        return print(seed.parse().expect("ONRAMP_TRACE is a number"));
    }
    let (now, counts): (Vec<_>, Vec<_>) = all().into_iter().unzip();
    // Traces of runs in which nothing happens would compare nothing.
    let counts = counts.into_iter().fold(Counts::default(), Counts::add);
    assert!(counts.sent > 1_000 && counts.second_halves > 50, "{counts:?}");
    assert!(counts.sent_again > 15 && counts.found > 200 && counts.changes > 400, "{counts:?}");
    let path = file();
    if asked("ONRAMP_UPDATE_TRACES").is_some() {
        let lines: Vec<_> = now.iter().map(ToString::to_string).collect();
        fs::write(&path, lines.join("\n") + "\n").expect("the traces can be written");
        return;
    }
    let kept = fs::read_to_string(&path).expect("the traces can be read");
    let kept: Vec<_> = kept.lines().map(|line| Trace::read(line).expect("a trace")).collect();
    assert_eq!(kept.len(), now.len(), "so many traces are kept");
    let different: Vec<_> = now.iter().zip(&kept).filter(|(now, kept)| now != kept).collect();
    let named: Vec<_> = different
        .iter()
        .take(NAMED)
        .map(|(now, kept)| {
            let effects = if now.effects == kept.effects { "" } else { " effects" };
            let frames = if now.frames == kept.frames { "" } else { " frames" };
            format!("seed {}:{effects}{frames}", now.seed)
        })
        .collect();
    assert!(
        different.is_empty(),
        "{} of {SEEDS} storms go otherwise than before; the first:\n{}\n\
         ONRAMP_TRACE=SEED prints one, step by step",
        different.len(),
        named.join("\n"),
    );
}
