//! Reads the end of the log for the screen.

use std::io::{Read as _, Seek as _, SeekFrom};

use crate::{
    api::log::Tail,
    domain::text::SafeText,
    shell::{
        stdio::error_text,
        store::permissions::{self, path_text},
    },
};

use super::{LOG, Level, flush_log, path};

/// The most that is read: 64 KiB.
const TAIL_MAX_BYTES: u64 = 64 << 10;

/// Returns the state of the log, with its last lines. Reads a file.
pub(in crate::shell) fn read_tail() -> Tail {
    flush_log();
    let log = LOG.get();
    let path = path();
    let setting = log.map(|log| log.setting);
    let mut trouble = log.and_then(|log| log.state.trouble());
    let mut lines = vec![];
    match path.as_deref().map(read) {
        Some(Ok(text)) => lines = text.lines().map(SafeText::clean).collect(),
        Some(Err(why)) => trouble = trouble.or(Some(why)),
        None => {}
    }
    Tail {
        path: path.as_deref().map(path_text),
        level: setting.map_or("off", |setting| setting.level.word()),
        because: setting.map_or("the default", |setting| setting.because),
        is_on: setting.is_some_and(|setting| setting.level != Level::Off),
        trouble: trouble.as_deref().map(SafeText::clean),
        lines,
    }
}

/// Returns the end of the file, whole lines only. No file is no line.
fn read(path: &std::path::Path) -> Result<String, String> {
    let Some(mut file) = permissions::reopen(path)? else { return Ok(String::new()) };
    let failed = |error: std::io::Error| format!("{}: {}", path_text(path), error_text(&error));
    let length = file.metadata().map_err(failed)?.len();
    let skipped = length.saturating_sub(TAIL_MAX_BYTES);
    file.seek(SeekFrom::Start(skipped)).map_err(failed)?;
    let mut bytes = vec![];
    file.take(TAIL_MAX_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = match text.split_once('\n') {
        Some((_, whole)) if skipped > 0 => whole,
        _ => &text,
    };
    Ok(whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_long_file_is_read_and_only_whole_lines() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("onramp.log");
        assert_eq!(read(&path), Ok(String::new()), "no file, no lines");
        let lines = (0..5000).map(|n| format!("line {n:05} of some length\n"));
        let text = lines.collect::<Vec<_>>().concat();
        std::fs::write(&path, &text).expect("written");
        let tail = read(&path).expect("read");
        assert!(tail.len() <= 64 << 10 && tail.len() > 60 << 10);
        assert!(tail.starts_with("line ") && text.ends_with(&tail));
    }
}
