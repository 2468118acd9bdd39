//! Follows the region files on a thread of its own, and edits them.
//!
//! The files are checked every two seconds, by what `stat` says: that notices editors and
//! `git checkout`, which put another file in its place, on every kind of disk. A change
//! counts once the file has stayed the same for a moment.

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
/// How long a change has to stand still.
const SETTLE_DELAY: Duration = Duration::from_millis(250);

/// What is wanted of the thread.
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
    /// Follows these files. The thread calls `report`; its number tells it from
    /// an earlier one.
    pub(in crate::shell) fn start(
        sheets: RegionFiles,
        number: u64,
        report: impl Fn(Event) + Send + 'static,
    ) -> Self {
        let (orders, asked) = channel();
        let mut work = RegionsWorker::new(sheets);
        std::thread::spawn(move || {
            // The map may have been read anew without a report of it.
            report(work.map_event());
            work.run(&asked, report);
        });
        Self { number, orders }
    }

    /// Its number.
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

/// An edit that can be taken back.
struct AppliedEdit {
    sheet: usize,
    before: Option<String>,
    after: String,
}

/// How a file was seen last.
#[derive(Clone, PartialEq)]
struct LastRead {
    /// What was read.
    read: Option<Stamp>,
    /// What it was at the last look, and not read yet.
    moving: Option<Stamp>,
    /// Why it could not be taken over.
    bad: Option<String>,
}

pub(super) struct RegionsWorker {
    pub(super) sheets: RegionFiles,
    seen: Vec<LastRead>,
    done: Vec<AppliedEdit>,
}

impl RegionsWorker {
    pub(super) fn new(sheets: RegionFiles) -> Self {
        // What was written between reading and now is read once more.
        let seen = vec![LastRead { read: None, moving: None, bad: None }; sheets.0.len()];
        Self { sheets, seen, done: vec![] }
    }

    fn run(&mut self, orders: &Receiver<Order>, report: impl Fn(Event)) {
        loop {
            let moving = self.seen.iter().any(|seen| seen.moving.is_some());
            let order = if self.has_files() {
                orders.recv_timeout(if moving { SETTLE_DELAY } else { CHECK_INTERVAL })
            } else {
                // What is in memory only, as in the demo, nobody else changes.
                orders.recv().map_err(RecvTimeoutError::from)
            };
            let told = match order {
                Ok(Order::Edit(id, layer, edit)) => Some(self.edit(id, layer, &edit)),
                Ok(Order::Undo(id)) => Some(self.undo(id)),
                Err(RecvTimeoutError::Timeout) => self.check_files(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some(told) = told {
                report(told);
            }
        }
    }

    fn has_files(&self) -> bool {
        self.sheets.0.iter().any(|sheet| sheet.path.is_some())
    }

    /// The map as it is, and what cannot be read.
    pub(super) fn map_event(&self) -> Event {
        let bad = self.seen.iter().find_map(|seen| seen.bad.as_deref());
        Event::Read {
            map: Box::new(self.sheets.map()),
            undos: self.done.len(),
            bad: bad.map(SafeText::clean),
        }
    }

    /// Looks at every file; what there is to say, if anything changed.
    pub(super) fn check_files(&mut self) -> Option<Event> {
        let mut changed = false;
        for (sheet, seen) in self.sheets.0.iter_mut().zip(&mut self.seen) {
            let Some(path) = &sheet.path else { continue };
            let stamp = disk::stamp(path);
            if seen.read.as_ref() == Some(&stamp) {
                seen.moving = None;
            } else if seen.moving.as_ref() == Some(&stamp) {
                (seen.read, seen.moving) = (Some(stamp), None);
                match read_anew(sheet) {
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
        let Some(sheet) = self.sheets.0.get_mut(layer) else {
            return Event::NotSaved(id, "there is no such file".into(), None);
        };
        match reload(sheet) {
            Ok(false) => {}
            Ok(true) => return self.changed_meanwhile(id),
            Err(why) => return Event::NotSaved(id, SafeText::clean(&why), None),
        }
        let before = sheet.text.clone();
        let written = sheet.apply_edit(edit).and_then(|after| {
            write_file(sheet, before.as_deref(), Some(&after))?;
            sheet.set_text(Some(after.clone()))?;
            Ok(after)
        });
        match written {
            Ok(after) => {
                self.done.push(AppliedEdit { sheet: layer, before, after });
                self.seen_now(layer);
                Event::Saved(id, Box::new(self.sheets.map()), self.done.len())
            }
            Err(why) => Event::NotSaved(id, SafeText::clean(&why), None),
        }
    }

    pub(super) fn undo(&mut self, id: RequestId) -> Event {
        let Some(AppliedEdit { sheet: at, before, after }) = self.done.last() else {
            return Event::NotSaved(id, "there is nothing to take back".into(), None);
        };
        let (at, before, after) = (*at, before.clone(), after.clone());
        let sheet = &mut self.sheets.0[at];
        match reload(sheet) {
            Ok(false) if sheet.text.as_ref() == Some(&after) => {}
            Ok(_) => return self.changed_meanwhile(id),
            Err(why) => return Event::NotSaved(id, SafeText::clean(&why), None),
        }
        let taken = write_file(sheet, Some(&after), before.as_deref())
            .and_then(|()| sheet.set_text(before));
        match taken {
            Ok(()) => {
                self.done.pop();
                self.seen_now(at);
                Event::Undone(id, Box::new(self.sheets.map()), self.done.len())
            }
            Err(why) => Event::NotSaved(id, SafeText::clean(&why), None),
        }
    }

    /// The file is another one than the screen knew: nothing was written.
    fn changed_meanwhile(&mut self, id: RequestId) -> Event {
        let why = "the file was changed meanwhile: it was read again, and nothing was written";
        Event::NotSaved(id, why.into(), Some(Box::new(self.sheets.map())))
    }

    /// What we wrote ourselves is no news.
    fn seen_now(&mut self, at: usize) {
        let stamp = self.sheets.0[at].path.as_deref().map(disk::stamp);
        self.seen[at] = LastRead { read: stamp, moving: None, bad: None };
    }
}

/// Reads a file; whether it says something new.
fn read_anew(sheet: &mut RegionFile) -> Result<bool, String> {
    let text = sheet.read_text()?;
    if text == sheet.text {
        return Ok(false);
    }
    sheet.set_text(text).map(|()| true)
}

/// The same before it is edited.
fn reload(sheet: &mut RegionFile) -> Result<bool, String> {
    read_anew(sheet).map_err(|why| format!("the file was changed, and nothing was written: {why}"))
}

fn write_file(sheet: &RegionFile, old: Option<&str>, new: Option<&str>) -> Result<(), String> {
    let Some(path) = &sheet.path else { return Ok(()) };
    disk::replace(path, old, new).map_err(|why| format!("{}: {why}", sheet.layer.file))
}
