//! The output to the terminal: a frame in few bytes, in one write.
//!
//! The library's own backend places the cursor again for every gap, names colours at
//! length and flushes two or three times a frame, which is as many packets over SSH.
//! This one knows what is on the screen, so a short gap is overwritten with its own
//! contents, and an unchanged frame costs nothing.

use std::io;

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::{Buffer, Cell},
    layout::{Position, Rect, Size},
};

use crate::domain::cells::width;

use super::sgr::CellStyle;

/// The frame being built, and the last one shown by the terminal.
#[derive(Debug, Default)]
pub(in crate::shell) struct FrameWriter {
    bytes: Vec<u8>,
    shown: Buffer,
    /// The position of the next character; `None` if unknown.
    at: Option<Position>,
    /// Whether steps from there are safe: terminals disagree on the width of some
    /// characters, so after one of those the cursor is placed, not moved.
    sure: bool,
    style: Option<CellStyle>,
    cursor_shown: Option<bool>,
}

impl FrameWriter {
    /// Returns the bytes of the frame; from here on they count as written.
    pub(in crate::shell) fn take_frame(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Moves to a cell: by overwriting the gap, by a step, or by its address.
    fn move_cursor(&mut self, to: Position) {
        if self.at == Some(to) {
            return;
        }
        let step = self.at.filter(|at| self.sure && at.y == to.y && at.x < to.x).map(|at| {
            let gap = to.x - at.x;
            let step = if gap == 1 { "\x1b[C".to_owned() } else { format!("\x1b[{gap}C") };
            self.gap_text(at, to).filter(|over| over.len() <= step.len()).unwrap_or(step)
        });
        let go = step.unwrap_or_else(|| {
            self.sure = true;
            match (to.x, to.y) {
                (0, 0) => "\x1b[H".to_owned(),
                (0, y) => format!("\x1b[{}H", y + 1),
                (x, y) => format!("\x1b[{};{}H", y + 1, x + 1),
            }
        });
        self.bytes.extend_from_slice(go.as_bytes());
        self.at = Some(to);
    }

    /// Returns the text between two cells of a row, if it can be written as it is.
    fn gap_text(&self, from: Position, to: Position) -> Option<String> {
        let style = self.style?;
        (from.x..to.x)
            .map(|x| {
                let cell = self.shown.cell((x, from.y))?;
                let (symbol, own) = (cell.symbol(), CellStyle::of_cell(cell));
                let same = own == style || (symbol == " " && own.is_same_blank(style));
                (symbol.len() == 1 && same).then_some(symbol)
            })
            .collect()
    }

    fn put_cell(&mut self, at: Position, cell: &Cell) {
        self.move_cursor(at);
        let (symbol, style) = (cell.symbol(), CellStyle::of_cell(cell));
        let blank = symbol == " " && self.style.is_some_and(|now| now.is_same_blank(style));
        if self.style != Some(style) && !blank {
            self.bytes.extend_from_slice(style.change_from(self.style).as_bytes());
            self.style = Some(style);
        }
        self.bytes.extend_from_slice(symbol.as_bytes());
        self.sure &= symbol.is_ascii();
        let wide = u16::try_from(width(symbol)).unwrap_or(1).max(1);
        // After the last column terminals disagree on where the cursor is.
        let next = at.x.saturating_add(wide);
        self.at = (next < self.shown.area.width).then_some(Position { x: next, ..at });
        for x in at.x..next {
            if let Some(shown) = self.shown.cell_mut((x, at.y)) {
                // Every cell of a wide letter has all of it: none is written alone.
                shown.clone_from(cell);
            }
        }
    }
}

impl Backend for FrameWriter {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.put_cell(Position { x, y }, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown.replace(false) != Some(false) {
            self.bytes.extend_from_slice(b"\x1b[?25l");
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown.replace(true) != Some(true) {
            self.bytes.extend_from_slice(b"\x1b[?25h");
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.move_cursor(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        let Size { width, height } = self.size()?;
        // Terminals clear with the ground they write with.
        self.bytes.extend_from_slice(b"\x1b[m\x1b[2J");
        self.shown = Buffer::empty(Rect::new(0, 0, width, height));
        (self.at, self.style, self.cursor_shown) = (None, Some(CellStyle::PLAIN), None);
        Ok(())
    }

    /// Clears everything: a console that has the whole screen asks for no less.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    /// Does nothing: the screen writes the frame once it is whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::{
        Terminal, TerminalOptions, Viewport,
        style::{Color, Modifier, Style},
    };

    use super::*;

    const SCREEN: Rect = Rect::new(0, 0, 24, 6);

    /// Words at places in styles: what a frame consists of.
    type Words = Vec<(u16, u16, String, Style)>;

    fn style() -> impl Strategy<Value = Style> {
        let colour = prop::sample::select(vec![Color::Reset, Color::Red, Color::Indexed(99)]);
        let attributes = prop::sample::select(vec![
            Modifier::empty(),
            Modifier::BOLD,
            Modifier::DIM,
            Modifier::REVERSED,
            Modifier::UNDERLINED | Modifier::BOLD,
        ]);
        // A word inherits nothing from the one below it.
        (colour.clone(), colour, attributes).prop_map(|(text, ground, set)| {
            let unset = Modifier::all() - set;
            Style::new().fg(text).bg(ground).add_modifier(set).remove_modifier(unset)
        })
    }

    fn words() -> impl Strategy<Value = Words> {
        // No wide characters: terminals differ in what remains of a half overwritten
        // one.
        let text = "[a-c ]{1,6}|[│▸ab ]{1,3}";
        prop::collection::vec((0..SCREEN.width, 0..SCREEN.height, text, style()), 0..8)
    }

    /// Returns what a terminal shows of a cell; on a blank only its visible attributes.
    fn seen(cell: &vt100::Cell) -> String {
        let symbol = match cell.contents() {
            "" => " ",
            symbol => symbol,
        };
        let base = format!("{symbol:?}{:?}", (cell.bgcolor(), cell.inverse(), cell.underline()));
        if symbol == " " && !cell.inverse() && !cell.underline() {
            return base;
        }
        format!("{base}{:?}", (cell.fgcolor(), cell.bold(), cell.dim()))
    }

    fn screen(parser: &vt100::Parser) -> Vec<String> {
        let at = (0..SCREEN.height).flat_map(|y| (0..SCREEN.width).map(move |x| (y, x)));
        at.filter_map(|(y, x)| parser.screen().cell(y, x)).map(seen).collect()
    }

    fn parser() -> vt100::Parser {
        let cells = |cells| std::num::NonZeroU16::new(cells).expect("some cells");
        vt100::Parser::new(cells(SCREEN.height), cells(SCREEN.width), 0)
    }

    fn draw(terminal: &mut Terminal<FrameWriter>, words: &Words) -> Vec<u8> {
        let drawn = terminal.draw(|frame| {
            for (x, y, text, style) in words {
                frame.buffer_mut().set_string(*x, *y, text, *style);
            }
        });
        drawn.expect("writer takes everything");
        terminal.backend_mut().take_frame()
    }

    fn terminal() -> Terminal<FrameWriter> {
        let writer = FrameWriter { shown: Buffer::empty(SCREEN), ..FrameWriter::default() };
        let options = TerminalOptions { viewport: Viewport::Fixed(SCREEN) };
        Terminal::with_options(writer, options).expect("a terminal")
    }

    proptest! {
        #[test]
        fn a_frame_after_another_shows_what_it_shows_alone(frames in prop::collection::vec(words(), 1..5)) {
            let (mut after, mut seen_after) = (terminal(), parser());
            for words in &frames {
                seen_after.process(&draw(&mut after, words));
                let mut seen_alone = parser();
                seen_alone.process(&draw(&mut terminal(), words));
                prop_assert_eq!(screen(&seen_after), screen(&seen_alone));
            }
        }
    }

    #[test]
    fn an_unchanged_frame_costs_nothing() {
        let mut terminal = terminal();
        let words = vec![(1, 1, "on-ramp".to_owned(), Style::new())];
        assert!(!draw(&mut terminal, &words).is_empty());
        assert_eq!(draw(&mut terminal, &words), b"");
    }

    #[test]
    fn after_a_letter_of_doubtful_width_the_cursor_is_placed() {
        let mut terminal = terminal();
        let frame = |text: &str| vec![(0, 0, text.to_owned(), Style::new())];
        draw(&mut terminal, &frame("東京 1 free, 2 held"));
        assert_eq!(
            draw(&mut terminal, &frame("大京 1 free, 3 held")),
            "\x1b[H大\x1b[1;14H3".as_bytes()
        );
    }

    #[test]
    fn a_short_gap_is_written_over_and_a_long_one_stepped_over() {
        let mut terminal = terminal();
        let frame = |text: &str| vec![(0, 0, text.to_owned(), Style::new())];
        draw(&mut terminal, &frame("1 on-ramp, 2 keys"));
        assert_eq!(draw(&mut terminal, &frame("2 In-ramp, 3 keys")), b"\x1b[H2 I\x1b[8C3");
    }
}
