//! Prints every string of the program with its place: `cargo run --example strings`.
//! Whoever changes words reads them from top to bottom here.

#[path = "../tests/architecture/strings.rs"]
mod strings;

#[expect(clippy::print_stdout, reason = "the strings are what it prints")]
fn main() {
    for one in strings::strings() {
        println!("{}\t{:?}", one.place, one.text);
    }
}
