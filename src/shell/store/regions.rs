//! The files of the region map: choice, reading, following and editing.
//!
//! There is a team's file (`regions.path` in `config.toml`) and over it the user's own,
//! `regions.toml` in the configuration directory. `--regions` names one file instead of
//! both. The demo keeps its edits in memory.

pub(in crate::shell) mod check;
mod disk;
mod read;
mod watcher;
mod write;

use std::path::{Path, PathBuf};

use crate::{
    domain::{
        region::{Edit, Layer, LayerOwner, RegionMap},
        text::SafeText,
    },
    shell::{exit::ExitError, source_location},
};

use super::permissions::path_text;

pub(in crate::shell) use crate::shell::store::regions::watcher::RegionsWatcher;

/// The demo's regions.
const DEMO: &str = include_str!("../../../assets/regions.demo.toml");

/// The files that the configuration names.
#[derive(Debug, Clone, Default)]
pub struct Configured {
    /// The user's own file, which may be missing.
    pub own: Option<PathBuf>,
    /// The team's.
    pub team: Option<PathBuf>,
}

/// One file of the map, or a text in its place.
#[derive(Debug, Clone, Default)]
struct RegionFile {
    /// Its path; a text in memory has none.
    path: Option<PathBuf>,
    /// Whether the file has to be there.
    named: bool,
    /// Its text at the last reading; `None` means no file.
    text: Option<String>,
    layer: Layer,
}

/// The files of the map, in rising precedence, with their texts at the last reading.
#[derive(Debug, Clone, Default)]
pub struct RegionFiles(Vec<RegionFile>);

impl RegionFiles {
    /// Returns the files of an account: `file` is that of `--regions`, else those that
    /// are `configured`. All are read; the first one that is not legal is an error.
    pub fn open(
        file: Option<&Path>,
        configured: impl FnOnce() -> Result<Configured, ExitError>,
    ) -> Result<Self, ExitError> {
        let own = |path: PathBuf, named| RegionFile::at_path(path, named, LayerOwner::Own);
        if let Some(file) = file {
            return Ok(Self(vec![own(file.to_owned(), true)?]));
        }
        let mut files = vec![];
        let Configured { own: mine, team } = configured()?;
        if let Some(team) = team {
            let same = |mine: &PathBuf| mine.canonicalize().ok() == team.canonicalize().ok();
            if !mine.as_ref().is_some_and(same) {
                files.push(RegionFile::at_path(team, true, LayerOwner::Team)?);
            }
        }
        if let Some(mine) = mine {
            files.push(own(mine, false)?);
        }
        Ok(Self(files))
    }

    /// Returns those of the demo: its own, else `file`, which is read and never
    /// written. Mappings stay in memory.
    pub fn demo(file: Option<&Path>) -> Result<Self, ExitError> {
        let Some(file) = file else {
            return Ok(Self(vec![RegionFile::memory(DEMO)?]));
        };
        let mut file = RegionFile::at_path(file.to_owned(), true, LayerOwner::Team)?;
        file.layer.fixed = true;
        Ok(Self(vec![file, RegionFile::memory("")?]))
    }

    /// Returns the resulting map.
    pub fn map(&self) -> RegionMap {
        RegionMap::from_layers(self.0.iter().map(|file| file.layer.clone()).collect())
    }
}

impl RegionFile {
    fn at_path(path: PathBuf, named: bool, whose: LayerOwner) -> Result<Self, ExitError> {
        let layer = Layer { file: path_text(&path), whose, ..Layer::default() };
        let mut file = Self { path: Some(path), named, text: None, layer };
        let text = file.read_text().map_err(ExitError::Usage)?;
        file.set_text(text).map_err(ExitError::Usage)?;
        Ok(file)
    }

    fn memory(text: &str) -> Result<Self, ExitError> {
        let file = "the demo's regions".into();
        let layer = Layer { file, whose: LayerOwner::Memory, ..Layer::default() };
        let mut file = Self { layer, ..Self::default() };
        file.set_text(Some(text.to_owned())).map_err(ExitError::Usage)?;
        Ok(file)
    }

    /// Reads its present text from the disk.
    fn read_text(&self) -> Result<Option<String>, String> {
        let Some(path) = &self.path else { return Ok(self.text.clone()) };
        let unread = |why: String| format!("{} could not be read: {why}", self.layer.file);
        match disk::read(path).map_err(unread)? {
            None if self.named => Err(unread("there is no such file".to_owned())),
            text => Ok(text),
        }
    }

    /// Takes a text over, if it is legal; else file, line, column and why.
    fn set_text(&mut self, text: Option<String>) -> Result<(), String> {
        let Layer { file, whose, fixed, .. } = self.layer.clone();
        let layer = parse(text.as_deref().unwrap_or_default(), &file)?;
        self.layer = Layer { file, whose, fixed, ..layer };
        self.text = text;
        Ok(())
    }

    /// Returns its text after `edit`: legal, and what the screen has shown.
    fn apply_edit(&self, edit: &Edit) -> Result<String, String> {
        let expected = self.layer.edited(edit).map_err(|why| why.to_string())?;
        let text = write::edit_text(self.text.as_deref().unwrap_or_default(), edit)?;
        let Layer { regions, unmapped, .. } = parse(&text, &self.layer.file)?;
        if (&regions, &unmapped) != (&expected.regions, &expected.unmapped) {
            return Err("its layout cannot be edited automatically; edit it by hand".to_owned());
        }
        Ok(text)
    }
}

/// Returns the map for what needs no screen.
pub fn load(
    file: Option<&Path>,
    configured: impl FnOnce() -> Result<Configured, ExitError>,
) -> Result<RegionMap, ExitError> {
    RegionFiles::open(file, configured).map(|files| files.map())
}

/// Reads regions; an error names file, line, column and what was expected.
fn parse(text: &str, file: &SafeText) -> Result<Layer, String> {
    let read = read::read(text).map_err(|(at, what)| {
        source_location::error_at(text, file.as_str(), at, &what).to_string()
    })?;
    Ok(Layer { regions: read.regions, unmapped: read.unmapped, ..Layer::default() })
}

#[cfg(test)]
mod tests;
