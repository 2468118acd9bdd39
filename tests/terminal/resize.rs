//! A terminal that changes its size.

use vt100::Screen;

use crate::support::demo;

#[test]
fn fifty_sizes_later_the_screen_is_the_one_a_fresh_start_draws() {
    let pty = demo((80, 24));
    let sizes = [(1, 1), (120, 36), (60, 16), (80, 24), (20, 5), (200, 50), (59, 15), (100, 30)];
    for step in 0..48 {
        pty.resize(sizes[step % sizes.len()]);
    }
    pty.resize((1, 1));
    pty.settle();
    for size in [(120, 36), (60, 16)] {
        pty.resize(size);
        let expected = look(&demo(size).screen());
        pty.wait_for(&format!("the screen of a fresh start:\n{}", expected.join("\n")), |screen| {
            look(screen) == expected
        });
    }
}

/// Returns the visible screen, a line for each cell row: symbols and their styles. The
/// figures in the header and the message line differ between two starts: the time of
/// the data and the port.
fn look(screen: &Screen) -> Vec<String> {
    let (rows, columns) = screen.size();
    let varies = |row: u16| row == 0 || row == rows.get() - 2;
    let cell = |row: u16, column: u16| {
        let Some(cell) = screen.cell(row, column) else { return String::new() };
        let symbol = match cell.contents() {
            "" | " " if cell.inverse() => return "[]".to_owned(),
            "" | " " => return " ".to_owned(),
            digit if varies(row) && digit.chars().all(|c| c.is_ascii_digit()) => "#",
            symbol => symbol,
        };
        let marks = [(cell.bold(), "*"), (cell.dim(), "~"), (cell.inverse(), "!")];
        let marks = marks.into_iter().filter_map(|(set, mark)| set.then_some(mark));
        let colour = match cell.fgcolor() {
            vt100::Color::Default => String::new(),
            colour => format!("{colour:?}"),
        };
        format!("{symbol}{}{colour}", marks.collect::<String>())
    };
    (0..rows.get())
        .map(|row| (0..columns.get()).map(|column| cell(row, column)).collect())
        .collect()
}
