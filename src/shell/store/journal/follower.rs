//! Notifies the journal's thread that other consoles may have written, or ended.
//!
//! On Linux the kernel notifies, and nothing wakes while no console writes. A process
//! that ends, however it ends, closes the file of its session, which notifies, too.
//! Elsewhere, and on file systems of other hosts, the journal is checked once a second.

use std::{path::Path, thread, time::Duration};

/// The interval of checks where the kernel does not notify.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Follows a journal until it is dropped.
#[derive(Debug)]
pub(super) struct Follower {
    /// The end of a pipe whose other end the thread waits for.
    _stop: std::io::PipeWriter,
}

impl Follower {
    /// Follows the journals in this directory, and calls `tell` when one may have
    /// changed, until it returns that its receiver is gone. Without a thread, writes of
    /// others are found with the next record.
    pub(super) fn start(
        directory: &Path,
        tell: impl Fn() -> bool + Send + 'static,
    ) -> Option<Self> {
        let (stopped, stop) = std::io::pipe().ok()?;
        let directory = directory.to_owned();
        let named = thread::Builder::new().name("journal-follower".to_owned());
        let work = move || {
            let mut changes = DirectoryChanges::watch(&directory);
            while changes.wait(&stopped) && tell() {}
        };
        named.spawn(work).ok()?;
        Some(Self { _stop: stop })
    }
}

#[cfg(target_os = "linux")]
use linux::DirectoryChanges;
#[cfg(not(target_os = "linux"))]
use other::Changes;

#[cfg(target_os = "linux")]
mod linux {
    use std::{io::PipeReader, mem::MaybeUninit, os::fd::OwnedFd, path::Path};

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        fs::inotify::{self, CreateFlags, WatchFlags},
        io::Errno,
    };

    use super::{super::owned_file::is_on_network_file_system, CHECK_INTERVAL};

    /// The kernel's notifications about a directory.
    pub(super) struct DirectoryChanges {
        /// `None` if the kernel cannot notify.
        watch: Option<OwnedFd>,
    }

    impl DirectoryChanges {
        pub(super) fn watch(directory: &Path) -> Self {
            let flags = WatchFlags::MODIFY
                | WatchFlags::CLOSE_WRITE
                | WatchFlags::CREATE
                | WatchFlags::DELETE
                | WatchFlags::MOVED_FROM
                | WatchFlags::MOVED_TO
                | WatchFlags::ONLYDIR;
            // The kernel does not notify about writes of other hosts.
            let is_remote = is_on_network_file_system(rustix::fs::statfs(directory));
            let watch = (!is_remote)
                .then(|| inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok())
                .flatten();
            let watch = watch.filter(|watch| inotify::add_watch(watch, directory, flags).is_ok());
            Self { watch }
        }

        /// Waits until something may have changed; `false` once it is to end.
        pub(super) fn wait(&mut self, stopped: &PipeReader) -> bool {
            loop {
                let mut fds = vec![PollFd::new(stopped, PollFlags::IN)];
                fds.extend(self.watch.as_ref().map(|watch| PollFd::new(watch, PollFlags::IN)));
                let every = Timespec::try_from(CHECK_INTERVAL).ok();
                let limit = every.as_ref().filter(|_| self.watch.is_none());
                match poll(&mut fds, limit) {
                    Err(Errno::INTR) => continue,
                    Err(_) => return false,
                    Ok(_) => {}
                }
                if !fds[0].revents().is_empty() {
                    return false;
                }
                if self.is_about_a_journal() {
                    return true;
                }
            }
        }

        /// Takes the notifications; returns whether any is about a journal. Others keep
        /// their files in the same directory.
        fn is_about_a_journal(&self) -> bool {
            let Some(watch) = &self.watch else { return true };
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut flags = inotify::Reader::new(watch, &mut buffer);
            let mut about = false;
            while let Ok(event) = flags.next() {
                let name = event.file_name().map(|name| name.to_bytes().to_vec());
                about |= name.is_none_or(|name| name.starts_with(b"journal-"));
            }
            about
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::{io::PipeReader, path::Path};

    use super::EVERY;

    /// A journal that is checked at intervals.
    pub(super) struct Changes;

    impl Changes {
        pub(super) fn watch(_: &Path) -> Self {
            Self
        }

        /// Waits until it is time; `false` once it is to end.
        pub(super) fn wait(&mut self, stopped: &PipeReader) -> bool {
            use rustix::event::{PollFd, PollFlags, Timespec, poll};
            let mut fds = [PollFd::new(stopped, PollFlags::IN)];
            let every = Timespec::try_from(EVERY).ok();
            matches!(poll(&mut fds, every.as_ref()), Ok(0))
        }
    }
}
