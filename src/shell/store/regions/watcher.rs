//! Follows the region files on a thread of its own, and edits them.
//!
//! The files are checked every two seconds by `stat`: that notices editors and `git
//! checkout`, which replace the file, on every kind of disk. A change counts once the
//! file has stayed the same for a moment.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use crate::{
    api::{RequestId, regions::Event},
    domain::{region::Edit, text::SafeText},
};

use super::{
    RegionFile, RegionFiles,
    disk::{self, Stamp},
};

const CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// How long a file must be unchanged before it is read.
const SETTLE_DELAY: Duration = Duration::from_millis(250);

/// A job for the thread.
enum Order {
    Edit(RequestId, usize, Edit),
    Undo(RequestId),
}

/// The thread that follows one account's map. It ends when this is dropped.
pub(in crate::shell) struct RegionsWatcher {
    number: u64,
    orders: Sender<Order>,
}

impl RegionsWatcher {
    /// Follows these files. The thread calls `report`; its number distinguishes it from
    /// an earlier one.
    pub(in crate::shell) fn start(
        files: RegionFiles,
        number: u64,
        report: impl Fn(Event) + Send + 'static,
    ) -> Self {
        let (orders, asked) = channel();
        let mut work = RegionsWorker::new(files);
        std::thread::spawn(move || {
            // The map may have been read again without a report of it.
            report(work.map_event());
            work.run(&asked, report);
        });
        Self { number, orders }
    }

    /// Returns its number.
    pub(in crate::shell) const fn number(&self) -> u64 {
        self.number
    }

    /// Edits a file.
    pub(in crate::shell) fn edit(&self, id: RequestId, layer: usize, edit: Edit) {
        drop(self.orders.send(Order::Edit(id, layer, edit)));
    }

    /// Takes the last edit back.
    pub(in crate::shell) fn undo(&self, id: RequestId) {
        drop(self.orders.send(Order::Undo(id)));
    }
}

/// An edit that can be undone.
struct AppliedEdit {
    file: usize,
    before: Option<String>,
    after: String,
}

/// The last known state of a file.
#[derive(Clone, PartialEq)]
struct LastRead {
    /// The stamp of the last reading.
    read: Option<Stamp>,
    /// The stamp of the last check, not read yet.
    moving: Option<Stamp>,
    /// The error that kept it from being used.
    bad: Option<String>,
}

pub(super) struct RegionsWorker {
    pub(super) files: RegionFiles,
    seen: Vec<LastRead>,
    done: Vec<AppliedEdit>,
}

impl RegionsWorker {
    pub(super) fn new(files: RegionFiles) -> Self {
        // What was written between reading and now is read once more.
        let seen = vec![LastRead { read: None, moving: None, bad: None }; files.0.len()];
        Self { files, seen, done: vec![] }
    }

    fn run(&mut self, orders: &Receiver<Order>, report: impl Fn(Event)) {
        loop {
            let moving = self.seen.iter().any(|seen| seen.moving.is_some());
            let order = if self.has_files() {
                orders.recv_timeout(if moving { SETTLE_DELAY } else { CHECK_INTERVAL })
            } else {
                // A map in memory, as in the demo, has no other editors.
                orders.recv().map_err(RecvTimeoutError::from)
            };
            let outcome = match order {
                Ok(Order::Edit(id, layer, edit)) => Some(self.edit(id, layer, &edit)),
                Ok(Order::Undo(id)) => Some(self.undo(id)),
                Err(RecvTimeoutError::Timeout) => self.check_files(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some(outcome) = outcome {
                report(outcome);
            }
        }
    }

    fn has_files(&self) -> bool {
        self.files.0.iter().any(|file| file.path.is_some())
    }

    /// Returns the map as it is, and what cannot be read.
    pub(super) fn map_event(&self) -> Event {
        let bad = self.seen.iter().find_map(|seen| seen.bad.as_deref());
        Event::Read {
            map: Box::new(self.files.map()),
            undos: self.done.len(),
            bad: bad.map(SafeText::clean),
        }
    }

    /// Checks every file; returns an event if anything changed.
    pub(super) fn check_files(&mut self) -> Option<Event> {
        let mut changed = false;
        for (file, seen) in self.files.0.iter_mut().zip(&mut self.seen) {
            let Some(path) = &file.path else { continue };
            let stamp = disk::stamp(path);
            if seen.read.as_ref() == Some(&stamp) {
                seen.moving = None;
            } else if seen.moving.as_ref() == Some(&stamp) {
                (seen.read, seen.moving) = (Some(stamp), None);
                match read_anew(file) {
                    // What was bad is good again, though it may say the same.
                    Ok(new) => changed |= seen.bad.take().is_some() || new,
                    Err(why) if seen.bad.as_ref() == Some(&why) => {}
                    Err(why) => (seen.bad, changed) = (Some(why), true),
                }
            } else {
                seen.moving = Some(stamp);
            }
        }
        changed.then(|| self.map_event())
    }

    pub(super) fn edit(&mut self, id: RequestId, layer: usize, edit: &Edit) -> Event {
        let Some(file) = self.files.0.get_mut(layer) else {
            return Event::NotSaved(id, "there is no such file".into(), None);
        };
        match reload(file) {
            Ok(false) => {}
            Ok(true) => return self.changed_meanwhile(id),
            Err(why) => return Event::NotSaved(id, SafeText::clean(&why), None),
        }
        let before = file.text.clone();
        let written = file.apply_edit(edit).and_then(|after| {
            write_file(file, before.as_deref(), Some(&after))?;
            file.set_text(Some(after.clone()))?;
            Ok(after)
        });
        match written {
            Ok(after) => {
                self.done.push(AppliedEdit { file: layer, before, after });
                self.seen_now(layer);
                Event::Saved(id, Box::new(self.files.map()), self.done.len())
            }
            Err(why) => Event::NotSaved(id, SafeText::clean(&why), None),
        }
    }

    pub(super) fn undo(&mut self, id: RequestId) -> Event {
        let Some(AppliedEdit { file: at, before, after }) = self.done.last() else {
            return Event::NotSaved(id, "there is nothing to undo".into(), None);
        };
        let (at, before, after) = (*at, before.clone(), after.clone());
        let file = &mut self.files.0[at];
        match reload(file) {
            Ok(false) if file.text.as_ref() == Some(&after) => {}
            Ok(_) => return self.changed_meanwhile(id),
            Err(why) => return Event::NotSaved(id, SafeText::clean(&why), None),
        }
        let taken =
            write_file(file, Some(&after), before.as_deref()).and_then(|()| file.set_text(before));
        match taken {
            Ok(()) => {
                self.done.pop();
                self.seen_now(at);
                Event::Undone(id, Box::new(self.files.map()), self.done.len())
            }
            Err(why) => Event::NotSaved(id, SafeText::clean(&why), None),
        }
    }

    /// Reports that the file differs from the one the screen knew: nothing was written.
    fn changed_meanwhile(&mut self, id: RequestId) -> Event {
        let why = "the file was changed meanwhile: it was reloaded, and nothing was written";
        Event::NotSaved(id, why.into(), Some(Box::new(self.files.map())))
    }

    /// Notes that our own write is no news.
    fn seen_now(&mut self, at: usize) {
        let stamp = self.files.0[at].path.as_deref().map(disk::stamp);
        self.seen[at] = LastRead { read: stamp, moving: None, bad: None };
    }
}

/// Reads a file; returns whether its text is new.
fn read_anew(file: &mut RegionFile) -> Result<bool, String> {
    let text = file.read_text()?;
    if text == file.text {
        return Ok(false);
    }
    file.set_text(text).map(|()| true)
}

/// Reads it again before an edit.
fn reload(file: &mut RegionFile) -> Result<bool, String> {
    read_anew(file).map_err(|why| format!("the file was changed, and nothing was written: {why}"))
}

fn write_file(file: &RegionFile, old: Option<&str>, new: Option<&str>) -> Result<(), String> {
    let Some(path) = &file.path else { return Ok(()) };
    disk::replace(path, old, new).map_err(|why| format!("{}: {why}", file.layer.file))
}
