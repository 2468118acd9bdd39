//! Takes the pictures of the README: plays `demo.tape` in a pseudo-terminal
//! and draws an SVG at every `Screenshot`.
//!
//! `cargo run --example pictures`

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/harness/mod.rs"]
mod harness;
#[path = "pictures/svg.rs"]
mod svg;

use harness::{player::play, tape::Tape};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = build(root)?;
    let tape = Tape::read(&fs::read_to_string(root.join("demo.tape"))?)?;
    let mut pictures: Vec<(PathBuf, String)> = vec![];
    let mut pty = play(&tape, &program, |path, screen| {
        // The tape's own player writes PNG; a drawing stays sharp at any size.
        let path = root.join(path).with_extension("svg");
        pictures.push((path, svg::draw(screen)));
    });
    pty.send("exit\r");
    if pty.exit_code() != 0 {
        return Err("the tape did not play to its end".into());
    }
    for (path, picture) in pictures {
        fs::write(&path, &picture)?;
        say(&format!("{} ({} bytes)", path.display(), picture.len()));
    }
    Ok(())
}

/// Builds the program: an example does not bring it along.
fn build(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--bin", "onramp"])
        .current_dir(root)
        .status()?;
    if !built.success() {
        return Err("the program does not build".into());
    }
    let example = std::env::current_exe()?;
    let target = example.ancestors().nth(3).ok_or("an example lies in the target directory")?;
    Ok(target.join("debug").join("onramp"))
}

#[expect(clippy::print_stdout, reason = "the example says what it wrote")]
fn say(line: &str) {
    println!("{line}");
}
