//! The rows that are played here, one test each.

use super::play;

macro_rules! rows {
    ($($row:ident)*) => {
        $(
            #[tokio::test]
            async fn $row() {
                play::row(&stringify!($row).to_uppercase()).await;
            }
        )*

        /// The rows with a scenario file.
        const PLAYED: &[&str] = &[$(stringify!($row)),*];
    };
}

rows! { f01 f08 }

#[test]
fn every_scenario_file_is_played() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().to_lowercase())
        .collect();
    files.sort();
    assert_eq!(files, PLAYED);
}
