//! Failures the audit survives: other consoles, full disks, unfinished lines. And that
//! no key is in it.

use std::sync::{Arc, Mutex, PoisonError, mpsc::Receiver};

use crate::{
    api::{
        account::{EnvironmentKind, Session},
        audit::{Event, State},
    },
    domain::{
        audit::{Disclosure, Happened, KeyMark},
        intent::samples::{THEN, intent},
        service_key::samples::key,
        text::SafeText,
    },
};

use super::{
    chain::ChainReport,
    storage::{AuditTail, WrittenLine},
    *,
};

const CANARY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

fn place(account: &str) -> AuditAccount {
    let session = Session {
        environment: EnvironmentKind::Custom,
        host: "api.example.net".to_owned(),
        profile: Some("main".to_owned()),
        ..Session::nowhere()
    };
    AuditAccount::for_session(&session, account, false)
}

/// An audit on a storage, with its reports.
struct Bench {
    audit: Audit,
    reports: Receiver<AuditReport>,
    /// The last reported state of writing.
    state: State,
}

impl Bench {
    fn new(paper: impl AuditStorage + Clone + 'static, required: bool) -> Self {
        let (sender, reports) = channel();
        let setting = AuditSetting { required, syslog: false };
        let open = move || -> Result<Box<dyn AuditStorage>, String> { Ok(Box::new(paper.clone())) };
        let report = move |report| drop(sender.send(report));
        let audit = Audit::start_with(open, place("one"), setting, 1, report);
        Self { audit, reports, state: State::default() }
    }

    fn receive_report(&mut self) -> AuditReport {
        let report = self.reports.recv().expect("a report");
        if let AuditReport::Event(Event::State(state)) = &report {
            self.state = state.clone();
        }
        report
    }

    /// Returns whether a key may be ordered now; everything asked before is done.
    fn is_clear(&mut self) -> bool {
        self.audit.clear(RequestId(7));
        loop {
            match self.receive_report() {
                AuditReport::Clear(RequestId(7)) => return true,
                AuditReport::NotClear(RequestId(7), _) => return false,
                _ => {}
            }
        }
    }

    /// Returns the state of writing.
    fn state(&mut self) -> State {
        self.is_clear();
        self.state.clone()
    }

    fn write(&mut self, act: Act) {
        self.audit.write(THEN, Box::new(act));
    }
}

/// A disk that is full while it is set to be.
#[derive(Debug, Clone, Default)]
struct Disk(Arc<Mutex<(Memory, bool)>>);

impl Disk {
    fn fill(&self, full: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = full;
    }
}

impl AuditStorage for Disk {
    fn append(&mut self, members: &str) -> Result<WrittenLine, String> {
        let mut disk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if disk.1 { Err("no space left".to_owned()) } else { disk.0.append(members) }
    }

    fn end(&mut self, most: u64) -> Result<AuditTail, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.end(most)
    }
}

/// Returns an audit that nothing can be written to.
pub(in crate::shell) fn on_a_full_disk(
    required: bool,
    report: impl Fn(AuditReport) + Send + 'static,
) -> Audit {
    let disk = Disk::default();
    disk.fill(true);
    let setting = AuditSetting { required, syslog: false };
    let open = move || -> Result<Box<dyn AuditStorage>, String> { Ok(Box::new(disk.clone())) };
    Audit::start_with(open, place("one"), setting, 1, report)
}

fn follow(end: &AuditTail) -> ChainReport {
    let mut walk = chain::ChainReader::from_the_start();
    let (lines, open) = end.lines();
    lines.for_each(|line| drop(walk.read_line(line)));
    walk.into_report(open, end.head.as_ref())
}

#[test]
fn no_key_is_in_any_line_however_it_came_there() {
    let disk = Disk::default();
    let mut bench = Bench::new(disk.clone(), false);
    let key = key(CANARY, "p", 142);
    let mark = || KeyMark::new(&key);
    let says = || SafeText::clean(&format!("copied {CANARY} to the clipboard"));
    let mut labelled = key.clone();
    labelled.label = SafeText::clean(&format!("for {CANARY}"));
    bench.write(Act::revealed([&labelled], Disclosure::Card));
    bench.write(Act::Copied { keys: vec![mark()], outcome: "done", says: says() });
    bench.write(Act::Order {
        intent: Box::new(intent(1)),
        happened: Happened::Refused,
        key: Some(mark()),
        why: Some(says()),
        trace: Some("uuid-1:2".into()),
    });
    bench.write(Act::Changed {
        key: mark(),
        reached: crate::domain::audit::Reached::Done,
        what: says(),
        why: Some(says()),
        trace: None,
    });
    bench.write(Act::HandedOver { keys: vec![mark()], how: says(), to: says() });
    assert!(bench.is_clear());
    drop(bench);
    let end = disk.clone().end(u64::MAX).expect("memory");
    let text = String::from_utf8(end.bytes.clone()).expect("text");
    assert_eq!(follow(&end), ChainReport { lines: 6, ..ChainReport::default() }, "and its end");
    assert!(text.contains("…851d") && text.contains("uuid-1:2"), "{text}");
    let parts = [&CANARY[..18], &CANARY[9..23], &CANARY[24..32]];
    for part in parts {
        assert!(!text.to_lowercase().contains(part), "{part} in {text}");
    }
}

#[test]
fn lines_unwritten_on_full_disk_are_kept_and_written_in_order() {
    let disk = Disk::default();
    let mut bench = Bench::new(disk.clone(), false);
    bench.write(Act::Started { writes: true });
    assert_eq!(bench.state(), State::default());
    disk.fill(true);
    bench.write(Act::order(&intent(1), Happened::Prepared));
    let state = bench.state();
    assert_eq!((state.unwritten, state.trouble), (1, Some("no space left".into())));
    bench.write(Act::order(&intent(1), Happened::Sent));
    assert_eq!(bench.state().unwritten, 2);
    disk.fill(false);
    bench.write(Act::order(&intent(1), Happened::Created));
    assert_eq!(bench.state(), State::default(), "nothing is owed any more");
    let end = disk.clone().end(u64::MAX).expect("memory");
    let acts: Vec<_> = read::build_page(Ok(end), &place("one")).entries;
    let acts: Vec<_> = acts.iter().map(|entry| entry.act.to_string()).collect();
    assert_eq!(acts, ["session.started", "key.prepared", "key.sent", "key.created"]);
}

#[test]
fn required_audit_clears_a_key_only_once_all_is_written() {
    let disk = Disk::default();
    for required in [true, false] {
        let mut bench = Bench::new(disk.clone(), required);
        bench.write(Act::Started { writes: true });
        assert!(bench.is_clear());
        disk.fill(true);
        bench.write(Act::order(&intent(1), Happened::Prepared));
        assert!(!bench.is_clear());
        assert_eq!(bench.state.blocks().is_some(), required, "and the screen says why");
        disk.fill(false);
        assert!(bench.is_clear(), "it is tried again");
        assert_eq!(bench.state.blocks(), None);
    }
}

#[test]
fn session_without_an_end_says_so_in_its_last_line() {
    let disk = Disk::default();
    let mut bench = Bench::new(disk.clone(), false);
    bench.write(Act::Started { writes: false });
    drop(bench);
    let mut left = Bench::new(disk.clone(), false);
    left.write(Act::Started { writes: false });
    left.audit.end("left");
    drop(left);
    let end = disk.clone().end(u64::MAX).expect("memory");
    let page = read::build_page(Ok(end), &place("one"));
    let ends = page.entries.iter().filter_map(|entry| entry.fact("how"));
    assert_eq!(ends.collect::<Vec<_>>(), ["a defect in the program", "left"]);
}

/// A disk that takes a line only once it is let.
#[derive(Clone, Default)]
struct Slow(Disk, Arc<(Mutex<bool>, std::sync::Condvar)>);

impl AuditStorage for Slow {
    fn append(&mut self, members: &str) -> Result<WrittenLine, String> {
        let may = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.1.1.wait_while(may, |may| !*may));
        self.0.append(members)
    }

    fn end(&mut self, most: u64) -> Result<AuditTail, String> {
        self.0.end(most)
    }
}

#[test]
fn exit_waits_for_an_end_requested_by_another_thread() {
    let disk = Slow::default();
    let Bench { audit, reports, .. } = Bench::new(disk.clone(), false);
    let line = Arc::clone(&audit.line);
    audit.end("by signal 1");
    let leaves = thread::spawn(move || drop(audit));
    while line.queue().jobs.is_some() {
        thread::yield_now();
    }
    let (tell, received) = channel();
    let ends = thread::spawn(move || {
        line.end_and_close("too late");
        line.wait();
        tell.send(()).expect("heard");
    });
    let early = received.recv_timeout(Duration::from_millis(100));
    assert!(early.is_err(), "nothing is written yet");
    *disk.1.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    disk.1.1.notify_all();
    received.recv().expect("it goes on");
    let page = read::build_page(disk.0.clone().end(u64::MAX), &place("one"));
    let ends_with: Vec<_> = page.entries.iter().filter_map(|entry| entry.fact("how")).collect();
    assert_eq!(ends_with, ["by signal 1"]);
    leaves.join().and_then(|()| ends.join()).expect("both go on");
    drop(reports);
}

#[test]
fn lines_of_other_accounts_are_counted_and_not_shown() {
    let disk = Disk::default();
    let mut bench = Bench::new(disk.clone(), false);
    bench.write(Act::Started { writes: false });
    drop(bench);
    let page = |account: &str| read::build_page(disk.clone().end(u64::MAX), &place(account));
    assert_eq!((page("one").entries.len(), page("one").others), (2, 0));
    assert_eq!((page("two").entries.len(), page("two").others), (0, 2));
    let trouble = read::build_page(Err("it is a link".to_owned()), &place("one")).trouble;
    assert_eq!(trouble, Some("it is a link".into()));
}

#[test]
fn long_audit_is_read_from_its_end_and_says_so() {
    let mut memory = Memory::default();
    let facts: Vec<_> = place("one").facts();
    let members = record::line_members(&Act::order(&intent(1), Happened::Sent), THEN, THEN, &facts);
    for _ in 0..100 {
        memory.append(&members).expect("memory");
    }
    let page = read::build_page(memory.end(20_000), &place("one"));
    assert!(page.more && page.entries.len() > 10, "{}", page.entries.len());
    assert_eq!(page.broken, None, "it is followed from its middle");
    assert_eq!(page.entries.last().map(|entry| entry.number), Some(100));
    let mut end = memory.end(20_000).expect("memory");
    let at = end.bytes.len() / 2;
    end.bytes[at] ^= 1;
    let broken = read::build_page(Ok(end), &place("one")).broken.expect("found");
    assert!(broken.as_str().starts_with("of the lines read, line "), "{broken}");
}

#[cfg(unix)]
mod files {
    use super::*;
    use std::{
        io::Write as _,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    fn verified(path: &std::path::Path) -> ChainReport {
        verify::check_chain(path).expect("read").expect("there")
    }

    #[test]
    fn several_consoles_write_one_chain_to_one_audit_file() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("audit.jsonl");
        let consoles = (0..4).map(|n| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut book = AuditFile::new(path);
                for m in 0..8 {
                    book.append(&format!(r#""act":"{n}.{m}""#)).expect("written");
                }
            })
        });
        let consoles: Vec<_> = consoles.collect();
        for one in consoles {
            one.join().expect("no panic");
        }
        assert_eq!(verified(&path), ChainReport { lines: 32, ..ChainReport::default() });
        for file in ["audit.jsonl", "audit.head"] {
            let mode = top.path().join(file).metadata().expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn unfinished_line_is_kept_and_noted_by_the_next_one() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("audit.jsonl");
        let mut book = AuditFile::new(path.clone());
        book.append(r#""act":"one""#).expect("written");
        let mut file = std::fs::File::options().append(true).open(&path).expect("ours");
        file.write_all(br#"{"n":2,"prev":"#).expect("written");
        assert!(verified(&path).open_end);
        book.append(r#""act":"two""#).expect("written");
        assert_eq!(verified(&path), ChainReport { lines: 3, torn: 1, ..ChainReport::default() });
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.contains("{\"n\":2,\"prev\":\n{\"n\":2,"), "nothing is lost: {text}");
    }

    #[test]
    fn removal_of_the_last_line_is_detected_and_stays_visible() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("audit.jsonl");
        let mut book = AuditFile::new(path.clone());
        for n in 0..3 {
            book.append(&format!(r#""act":"{n}""#)).expect("written");
        }
        let whole = std::fs::read_to_string(&path).expect("text");
        let cut: String = whole.split_inclusive('\n').take(2).collect();
        std::fs::write(&path, &cut).expect("written");
        assert_eq!(verified(&path).broken.map(|(line, _)| line), Some(3));
        book.append(r#""act":"later""#).expect("written");
        assert_eq!(verified(&path).broken.map(|(line, _)| line), Some(3), "for good");
        std::fs::remove_file(&path).expect("ours");
        assert_eq!(verified(&path).broken.map(|(line, _)| line), Some(1), "nor all of it");
    }

    #[test]
    fn what_is_planted_in_its_place_is_not_written_to() {
        let top = tempfile::tempdir().expect("a directory");
        let (path, other) = (top.path().join("audit.jsonl"), top.path().join("other"));
        std::fs::write(&other, "").expect("written");
        symlink(&other, &path).expect("a link");
        assert!(AuditFile::new(path.clone()).append(r#""act":"x""#).is_err());
        assert!(verify::check_chain(&path).is_err(), "nor read");
        assert_eq!(std::fs::read_to_string(&other).expect("read"), "");
        let head = path.with_extension("head");
        std::fs::remove_file(&path).expect("ours");
        symlink(&other, &head).expect("a link");
        AuditFile::new(path.clone()).append(r#""act":"x""#).expect("written");
        assert_eq!(verified(&path).lines, 1);
    }
}
