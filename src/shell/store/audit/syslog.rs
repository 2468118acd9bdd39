//! The same line to the system log, so that a team's pipeline carries it off the host:
//! RFC 3164, to the local socket, and never waited for.

use std::path::Path;

use crate::{domain::time::Timestamp, shell::stdio::error_text};

/// The socket of the system log.
pub(super) const SOCKET_PATH: &str = "/dev/log";

/// Facility 10 (authpriv), severity 5 (notice).
const PRIORITY: u8 = 10 * 8 + 5;

/// Returns a line as the local log takes it. The time is the host's, in UTC: most take
/// their own.
fn datagram(line: &str, here: Timestamp) -> String {
    let at = match jiff::Timestamp::from_millisecond(here.as_millis()) {
        Ok(at) => at.strftime("%b %e %H:%M:%S").to_string(),
        Err(_) => "Jan  1 00:00:00".to_owned(),
    };
    format!("<{PRIORITY}>{at} onramp[{}]: {line}", std::process::id())
}

/// Sends a line; in words why it was not taken.
#[cfg(unix)]
pub(super) fn send(socket: &Path, line: &str, here: Timestamp) -> Result<(), String> {
    use std::os::unix::net::UnixDatagram;
    let sent = || {
        let letter = UnixDatagram::unbound()?;
        letter.set_nonblocking(true)?;
        letter.send_to(datagram(line, here).as_bytes(), socket)
    };
    let as_text = |error| {
        format!("{}: {}", crate::shell::store::permissions::path_text(socket), error_text(&error))
    };
    sent().map(drop).map_err(as_text)
}

/// Does nothing: other systems have no such socket.
#[cfg(not(unix))]
pub(super) fn send(_: &Path, _: &str, _: Timestamp) -> Result<(), String> {
    Err("this system has no syslog socket".to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::net::UnixDatagram;

    #[test]
    fn a_line_reaches_the_socket_as_the_log_expects_it() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("log");
        let socket = UnixDatagram::bind(&path).expect("bound");
        let here = Timestamp::from_millis(1_795_442_551_007);
        send(&path, r#"{"n":1}"#, here).expect("taken");
        let mut bytes = [0; 200];
        let length = socket.recv(&mut bytes).expect("a datagram");
        let text = std::str::from_utf8(&bytes[..length]).expect("text");
        let process = std::process::id();
        assert_eq!(text, format!("<85>Nov 23 14:02:31 onramp[{process}]: {{\"n\":1}}"));
    }

    #[test]
    fn absent_or_full_syslog_blocks_nothing() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("log");
        let now = Timestamp::from_millis(0);
        assert!(send(&path, "x", now).expect_err("nobody").contains("log: "));
        let _deaf = UnixDatagram::bind(&path).expect("bound");
        // The receiver never reads, so the send buffer fills up.
        let full = (0..100_000).find_map(|_| send(&path, &"x".repeat(1000), now).err());
        assert!(full.expect("it fills up").contains("log: "));
    }
}
