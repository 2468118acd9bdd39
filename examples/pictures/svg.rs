//! Draws a terminal's screen as an SVG.
//!
//! Text goes by runs of one style, each at its own place and with its length
//! given, so that it lies in its cells whatever font the reader has. Frames
//! and bars are drawn as shapes: no font joins them without gaps.

use std::fmt::{self, Write as _};

use vt100::{Cell, Color, Screen};

/// A cell's size, in the picture's own units: letters of most fonts for
/// terminals are 0.6 of their size wide, and this is for size 15.
const CELL: (u32, u32) = (9, 20);

/// From a cell's upper edge down to the line the letters stand on.
const BASELINE: u32 = 15;

/// The margin around the screen.
const MARGIN: u32 = 14;

const GROUND: &str = "#1a1d24";
const TEXT: &str = "#d5dae3";
const DIM: &str = "#7f8896";

/// The terminal's first sixteen colours, on a dark ground.
const PALETTE: [&str; 16] = [
    "#3a404c", "#f0717a", "#8fd17f", "#e6c068", "#6ea8fe", "#c792ea", "#5ccfe6", "#d5dae3",
    "#636d7d", "#f58a92", "#a8e09a", "#f0d080", "#8fbcff", "#d7aef2", "#80dbee", "#ffffff",
];

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: &'static str,
    ground: Option<&'static str>,
    bold: bool,
    underlined: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let plain = if cell.dim() { DIM } else { TEXT };
        let ink = colour(cell.fgcolor()).unwrap_or(plain);
        let ground = colour(cell.bgcolor());
        let (ink, ground) =
            if cell.inverse() { (ground.unwrap_or(GROUND), Some(ink)) } else { (ink, ground) };
        Self { ink, ground, bold: cell.bold(), underlined: cell.underline() }
    }
}

fn colour(colour: Color) -> Option<&'static str> {
    match colour {
        Color::Idx(index) => PALETTE.get(usize::from(index)).copied(),
        Color::Default | Color::Rgb(..) => None,
    }
}

/// A stretch of one row in one look.
struct Run {
    x: u32,
    y: u32,
    cells: u32,
    text: String,
    look: Look,
}

/// The screen as an SVG document.
pub(crate) fn draw(screen: &Screen) -> String {
    let mut svg = String::new();
    document(screen, &mut svg).expect("a text takes every line");
    svg
}

fn document(screen: &Screen, svg: &mut String) -> fmt::Result {
    let (rows, columns) = screen.size();
    let width = u32::from(columns.get()) * CELL.0 + 2 * MARGIN;
    let height = u32::from(rows.get()) * CELL.1 + 2 * MARGIN;
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" \
         font-family=\"ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"15\">"
    )?;
    writeln!(svg, "<style>text{{white-space:pre}}.b{{font-weight:700}}</style>")?;
    writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{GROUND}\"/>")?;
    writeln!(svg, "<g transform=\"translate({MARGIN} {MARGIN})\">")?;
    let mut lines = Lines::default();
    for row in 0..rows.get() {
        for run in runs(screen, row) {
            run.draw(svg)?;
        }
        for column in 0..columns.get() {
            if let Some(cell) = screen.cell(row, column) {
                lines.add(cell, u32::from(column) * CELL.0, u32::from(row) * CELL.1);
            }
        }
    }
    lines.draw(svg)?;
    cursor(screen, svg)?;
    writeln!(svg, "</g>\n</svg>")
}

/// The runs of one row, without the blanks at its ends.
fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    let columns = screen.size().1.get();
    let mut open = false;
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else { continue };
        if let Some(run) = runs.last_mut().filter(|_| cell.is_wide_continuation()) {
            run.cells += 1;
            continue;
        }
        let (x, y) = (u32::from(column) * CELL.0, u32::from(row) * CELL.1);
        let look = Look::of(cell);
        let symbol = match cell.contents() {
            "" => " ",
            symbol if is_shape(symbol) => " ",
            symbol => symbol,
        };
        // One blank may stand between words; two end a run.
        let blank = symbol == " " && look.ground.is_none();
        let fits = |run: &Run| run.look == look || (blank && run.look.ground.is_none());
        let joins = open && runs.last().is_some_and(fits);
        let two = blank && runs.last().is_some_and(|run| run.text.ends_with(' '));
        if is_shape(cell.contents()) || (blank && !joins) || (two && look.ground.is_none()) {
            open = false;
            continue;
        }
        if joins && let Some(run) = runs.last_mut() {
            run.text.push_str(symbol);
            run.cells += 1;
        } else {
            runs.push(Run { x, y, cells: 1, text: symbol.to_owned(), look });
            open = true;
        }
    }
    for run in &mut runs {
        if run.look.ground.is_none() {
            let kept = run.text.trim_end().len();
            run.cells -= u32::try_from(run.text.len() - kept).unwrap_or(0);
            run.text.truncate(kept);
        }
    }
    runs
}

impl Run {
    fn draw(&self, svg: &mut String) -> fmt::Result {
        let Self { x, y, cells, look, .. } = self;
        let length = cells * CELL.0;
        if let Some(ground) = look.ground {
            let high = CELL.1;
            writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"{high}\" fill=\"{ground}\"/>"
            )?;
        }
        // Readers drop blanks at the ends: the text starts where its letters do.
        let letters = self.text.trim();
        let blanks = |rest: &str| u32::try_from(self.text.len() - rest.len()).unwrap_or(0);
        let (before, behind) = (blanks(self.text.trim_start()), blanks(self.text.trim_end()));
        if letters.is_empty() {
            return Ok(());
        }
        let class = if look.bold { " class=\"b\"" } else { "" };
        let line = if look.underlined { " text-decoration=\"underline\"" } else { "" };
        let (x, base) = (x + before * CELL.0, y + BASELINE);
        let wide = (cells - before - behind) * CELL.0;
        // A single letter has no spacing that could be stretched.
        let length = if wide > CELL.0 { format!(" textLength=\"{wide}\"") } else { String::new() };
        let (ink, text) = (look.ink, escaped(letters));
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"{base}\"{length} fill=\"{ink}\"{class}{line}>{text}</text>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Whether a symbol is drawn as a shape: frames, bars, and the cursor's mark.
fn is_shape(symbol: &str) -> bool {
    let mut letters = symbol.chars();
    matches!(letters.next(), Some('\u{2500}'..='\u{257f}' | '\u{2581}'..='\u{2588}' | '░' | '▸'))
}

/// Shapes, gathered by colour so that each colour is one path.
#[derive(Default)]
struct Lines {
    paths: std::collections::BTreeMap<(&'static str, Kind), String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A line, one unit wide.
    Stroke,
    /// An area.
    Fill,
    /// An area that shows the ground through.
    Faint,
}

impl Lines {
    fn add(&mut self, cell: &Cell, x: u32, y: u32) {
        let Some(letter) = cell.contents().chars().next().filter(|_| is_shape(cell.contents()))
        else {
            return;
        };
        let ink = Look::of(cell).ink;
        let (wide, high) = CELL;
        let (middle, centre) = (x * 2 + wide, y * 2 + high);
        let (middle, centre) = (format!("{}", Half(middle)), format!("{}", Half(centre)));
        let (right, bottom) = (x + wide, y + high);
        let path = |this: &mut Self, kind, data: String| {
            this.paths.entry((ink, kind)).or_default().push_str(&data);
        };
        match letter {
            '─' => path(self, Kind::Stroke, format!("M{x} {centre}H{right}")),
            '│' => path(self, Kind::Stroke, format!("M{middle} {y}V{bottom}")),
            // Dashes of a third of a cell each, as terminals draw them.
            '┄' => {
                let dash = |n: u32| format!("M{} {centre}h2", x + n * wide / 3);
                path(self, Kind::Stroke, (0..3).map(dash).collect());
            }
            '┆' => {
                let dash = |n: u32| format!("M{middle} {}v4", y + n * high / 3);
                path(self, Kind::Stroke, (0..3).map(dash).collect());
            }
            '┌' => path(self, Kind::Stroke, format!("M{right} {centre}H{middle}V{bottom}")),
            '┐' => path(self, Kind::Stroke, format!("M{x} {centre}H{middle}V{bottom}")),
            '└' => path(self, Kind::Stroke, format!("M{right} {centre}H{middle}V{y}")),
            '┘' => path(self, Kind::Stroke, format!("M{x} {centre}H{middle}V{y}")),
            '▸' => {
                let (left, top, low, tip) = (x + 1, y + 5, y + 15, x + 8);
                path(self, Kind::Fill, format!("M{left} {top}L{tip} {centre}L{left} {low}z"));
            }
            '░' => path(self, Kind::Faint, block(x, y + 3, high - 6)),
            '█' => path(self, Kind::Fill, block(x, y + 3, high - 6)),
            eighths => {
                let eighths = u32::from(eighths) - 0x2580;
                let part = (high - 6) * eighths / 8;
                path(self, Kind::Fill, block(x, y + high - 3 - part, part));
            }
        }
    }

    fn draw(&self, svg: &mut String) -> fmt::Result {
        for ((ink, kind), data) in &self.paths {
            let paint = match kind {
                Kind::Stroke => format!("fill=\"none\" stroke=\"{ink}\""),
                Kind::Fill => format!("fill=\"{ink}\""),
                Kind::Faint => format!("fill=\"{ink}\" fill-opacity=\".25\""),
            };
            writeln!(svg, "<path {paint} d=\"{data}\"/>")?;
        }
        Ok(())
    }
}

/// The path of a block as wide as a cell.
fn block(x: u32, y: u32, high: u32) -> String {
    format!("M{x} {y}h{}v{high}h-{}z", CELL.0, CELL.0)
}

/// A number of half units, so that one-unit lines are sharp.
struct Half(u32);

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0 / 2, if self.0 % 2 == 1 { ".5" } else { "" })
    }
}

/// The text cursor, where it is shown.
fn cursor(screen: &Screen, svg: &mut String) -> fmt::Result {
    if screen.hide_cursor() {
        return Ok(());
    }
    let (row, column) = screen.cursor_position();
    let (x, y) = (u32::from(column) * CELL.0, u32::from(row) * CELL.1);
    let (wide, high) = CELL;
    writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\" fill=\"{TEXT}\" fill-opacity=\".6\"/>"
    )
}
