//! The report of `onramp doctor`, line by line, and the exit code that follows from it.

use std::fmt::Write as _;

use crate::{domain::cells::pad, shell::exit::ExitError};

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// As it should be.
    Well,
    /// Good to know.
    Note,
    /// Wrong.
    Bad,
    /// Wrong with the credentials.
    Keys,
}

/// The results so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) found: Vec<(Mark, &'static str, String)>,
}

impl Report {
    /// Adds a line.
    pub(super) fn add(&mut self, mark: Mark, label: &'static str, says: impl Into<String>) {
        self.found.push((mark, label, says.into()));
    }

    /// Returns the whole report.
    pub(super) fn text(&self) -> String {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        let mut text = format!("onramp {} on {os} {arch}\n", env!("CARGO_PKG_VERSION"));
        for (mark, label, says) in &self.found {
            let word = match mark {
                Mark::Well => "ok",
                Mark::Note => "--",
                Mark::Bad | Mark::Keys => "BAD",
            };
            let _infallible = writeln!(text, "{} {} {says}", pad(word, 4), pad(label, 9));
        }
        text
    }

    /// Returns 1 if there is a problem, 3 if only the credentials have one.
    pub(super) fn exit_result(&self) -> Result<(), ExitError> {
        let bad = self.found.iter().filter(|(mark, ..)| matches!(mark, Mark::Bad | Mark::Keys));
        let mut names: Vec<&str> = vec![];
        for (_, label, _) in bad.clone() {
            if !names.contains(label) {
                names.push(label);
            }
        }
        let says = format!("problems: {}", names.join(", "));
        match bad.map(|(mark, ..)| *mark).collect::<Vec<_>>().as_slice() {
            [] => Ok(()),
            marks if marks.contains(&Mark::Bad) => Err(ExitError::Failed(says)),
            _ => Err(ExitError::Credentials(says)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_tells_the_line_from_the_credentials() {
        let code = |marks: &[Mark]| {
            let mut report = Report::default();
            for mark in marks {
                report.add(*mark, "thing", "so");
            }
            report.exit_result().err().map_or(0, |ending| ending.code())
        };
        assert_eq!(code(&[Mark::Well, Mark::Note]), 0);
        assert_eq!(code(&[Mark::Well, Mark::Keys]), 3);
        assert_eq!(code(&[Mark::Bad, Mark::Keys]), 1);
    }

    #[test]
    fn everything_that_is_bad_is_named_once() {
        let mut report = Report::default();
        for (mark, label) in [
            (Mark::Bad, "DNS"),
            (Mark::Keys, "token"),
            (Mark::Note, "clock"),
            (Mark::Bad, "api"),
            (Mark::Bad, "DNS"),
        ] {
            report.add(mark, label, "so");
        }
        let says = report.exit_result().expect_err("it is not well").to_string();
        assert!(says.ends_with("problems: DNS, token, api"), "{says}");
    }
}
