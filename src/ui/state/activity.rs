//! The activity view: unfinished work, the keys of today, every act.
//!
//! The acts are read back from the audit. Unfinished work comes from the journal, as in
//! the inbox behind `!`, so that both always agree.

pub(in crate::ui) mod group;
pub(in crate::ui) mod words;

use group::Group;
use tui_input::Input;

use crate::{
    api::{RequestId, audit::Page},
    domain::{audit::Entry, intent::IntentId, time::Timestamp},
};

/// The subject of a line of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowId {
    /// An intent that is not settled.
    Unfinished(IntentId),
    /// Everything that was written of one intent, by the number of its last
    /// entry.
    Key(u64),
    /// An entry, by its number.
    Act(u64),
}

/// The view.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    /// The last reading; `None` before that.
    pub page: Option<Box<Page>>,
    /// The time, by the server's clock.
    pub read_at: Option<Timestamp>,
    /// The reading in progress.
    pub asked: Option<RequestId>,
    /// Whether something was written meanwhile.
    pub again: bool,
    /// The filter of the lines.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The line under the cursor.
    pub selected: Option<RowId>,
    /// The first line shown.
    pub offset: usize,
    /// The entries of each intent, the newest first.
    pub(in crate::ui) groups: Vec<Group>,
    /// Every entry, the newest first.
    pub(in crate::ui) acts: Vec<(Entry, String)>,
}

impl Activity {
    /// Applies the entries read.
    pub(in crate::ui) fn apply_page(&mut self, mut page: Page, now: Timestamp) {
        let mut entries = std::mem::take(&mut page.entries);
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));
        self.groups = group::groups(&entries);
        let searched = |entry: Entry| {
            let text = words::haystack(&entry);
            (entry, text)
        };
        self.acts = entries.into_iter().map(searched).collect();
        self.page = Some(Box::new(page));
        self.read_at = Some(now);
    }

    /// Returns an entry by its number.
    pub fn entry(&self, number: u64) -> Option<&Entry> {
        self.acts.iter().map(|(entry, _)| entry).find(|entry| entry.number == number)
    }

    /// Returns every entry that was read, the newest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.acts.iter().map(|(entry, _)| entry)
    }

    /// Returns the number of acts read.
    pub const fn len(&self) -> usize {
        self.acts.len()
    }

    /// Returns whether none was.
    pub const fn is_empty(&self) -> bool {
        self.acts.is_empty()
    }
}
