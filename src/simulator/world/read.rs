//! Reads a world file, and says where one is wrong.

use super::{World, check};

/// Why a world cannot be used, with the place in its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {expected}")]
pub struct WorldError {
    /// The file's name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong there and what was expected.
    pub expected: String,
}

impl World {
    /// Reads a world from `text`; `name` is what errors call the file.
    pub fn from_json(text: &str, name: &str) -> Result<Self, WorldError> {
        let world: Self = serde_json::from_str(text).map_err(|error| WorldError {
            file: name.to_owned(),
            line: error.line(),
            column: error.column(),
            expected: plain(&error),
        })?;
        match check::complaint(&world) {
            None => Ok(world),
            Some(complaint) => {
                let (line, column, expected) = complaint.located(text);
                Err(WorldError { file: name.to_owned(), line, column, expected })
            }
        }
    }
}

/// The error's text without its own "at line … column …".
pub(in crate::simulator) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |at| text[..at].to_owned())
}
