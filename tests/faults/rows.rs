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

rows! { f01 f02 f03 f04 f05 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f44 f45 f46 f47 f48 f54 f55 f56 }

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
