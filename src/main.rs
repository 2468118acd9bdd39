//! The `onramp` program: arguments in, exit code out.

fn main() {}
