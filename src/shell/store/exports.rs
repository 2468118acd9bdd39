//! Files that the user asked for: tables and shift reports. Each is new, and for this user
//! alone.

use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::{
    domain::{
        export::{self, FileFormat, Table, Value},
        time::Timestamp,
    },
    shell::{
        exit::ExitError,
        stdio::error_text,
        store::{
            permissions::{self, path_text},
            state_dir,
        },
    },
};

/// Writes `text` into a file that was not there; its path.
pub(in crate::shell) fn write_text(
    out: Option<&Path>,
    text: &str,
    now: Timestamp,
) -> Result<PathBuf, ExitError> {
    let path = match out {
        Some(path) => path.to_owned(),
        None => state_dir::open().map_err(ExitError::Failed)?.join(name("shift-report", now, "md")),
    };
    create(path, text)
}

/// Writes `text` into a new file that only this user may read.
pub(in crate::shell) fn create(path: PathBuf, text: &str) -> Result<PathBuf, ExitError> {
    match permissions::create(&path, text) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(ExitError::Failed(
            format!("{} already exists and was not changed", path_text(&path)),
        )),
        Err(error) => {
            Err(ExitError::Failed(format!("{}: {}", path_text(&path), error_text(&error))))
        }
    }
}

/// `shift-report-20261124-130900.md`.
pub(in crate::shell) fn name(what: &str, now: Timestamp, end: &str) -> String {
    let digits = crate::domain::words::iso(now).unwrap_or_default();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (day, time) = digits.split_at(digits.len().min(8));
    format!("{what}-{day}-{time}.{end}")
}

/// Writes a table of that name into a new file in the state directory; its path.
pub(in crate::shell) fn export(
    now: Timestamp,
    what: &str,
    table: &Table,
    form: FileFormat,
) -> Result<PathBuf, ExitError> {
    let (end, text) = match form {
        FileFormat::Csv => ("csv", export::csv(table)),
        FileFormat::Json => ("json", json(table)?),
    };
    let directory = state_dir::open().map_err(ExitError::Failed)?;
    create(directory.join(name(what, now, end)), &text)
}

/// Returns the table as a JSON array of objects, one on a line.
pub(in crate::shell) fn json(table: &Table) -> Result<String, ExitError> {
    let rows = table.rows.iter().map(|row| serde_json::to_string(&Object(&table.columns, row)));
    let rows: Result<Vec<_>, _> = rows.collect();
    let rows = rows.map_err(|error| ExitError::Failed(format!("JSON: {error}")))?;
    Ok(if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) })
}

/// A row with the names of its columns, in their order.
pub(in crate::shell) struct Object<'a>(
    pub(in crate::shell) &'a [&'static str],
    pub(in crate::shell) &'a [Value],
);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter().zip(self.1) {
            match value {
                Value::Nothing => map.serialize_entry(name, &())?,
                Value::Is(yes) => map.serialize_entry(name, yes)?,
                Value::Number(number) => map.serialize_entry(name, number)?,
                Value::Text(text) => map.serialize_entry(name, text)?,
                Value::Texts(texts) => map.serialize_entry(name, texts)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_for_this_user_only_and_never_over_another_one() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, link) = (directory.path().join("a.md"), directory.path().join("link.md"));
        let now = Timestamp::from_millis(1_752_109_200_000);
        assert_eq!(name("shift-report", now, "md"), "shift-report-20250710-010000.md");
        assert_eq!(write_text(Some(&path), "one", now).expect("written"), path);
        let again = write_text(Some(&path), "two", now).expect_err("already exists");
        assert!(again.to_string().contains("was not changed"), "{again}");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::os::unix::fs::symlink(directory.path().join("elsewhere"), &link).expect("a link");
            assert!(write_text(Some(&link), "three", now).is_err(), "no link is followed");
            assert!(!directory.path().join("elsewhere").exists());
        }
    }
}
