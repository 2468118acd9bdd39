//! Reads a `.tape`, the script of a recorded demo: as much of the language as
//! `demo.tape` uses. An unknown word is an error, so that no step of the tape is left
//! unplayed.

/// A step of a tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Bytes for the keyboard.
    Keys(String),
    /// Wait until the screen has this text on it.
    Wait(String),
    /// Wait until the shell asks for the next command.
    Prompt,
    /// Take a picture, under this path.
    Screenshot(String),
}

/// A tape: how to set the terminal up, and the steps to play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tape {
    /// The shell that is typed into.
    pub(crate) shell: String,
    /// Columns and rows, from a comment: the language itself counts in pixels.
    pub(crate) size: (u16, u16),
    /// The programs that have to be there.
    pub(crate) requires: Vec<String>,
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
}

/// Settings of the recording's look, which play nothing.
const LOOKS: [&str; 8] =
    ["FontSize", "Width", "Height", "Padding", "Theme", "TypingSpeed", "WaitTimeout", "Framerate"];

impl Tape {
    /// Reads a tape; an error names the line number.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut tape =
            Self { shell: "bash".to_owned(), size: (80, 24), requires: vec![], steps: vec![] };
        for (index, line) in text.lines().enumerate() {
            tape.line(line.trim()).map_err(|what| format!("line {}: {what}: {line}", index + 1))?;
        }
        Ok(tape)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(comment) = line.strip_prefix('#') {
            return self.comment(comment.trim());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (word, rest) = (word.trim(), rest.trim());
        // `Type@50ms` types slower; how fast is nothing that is played.
        let name = word.split('@').next().unwrap_or(word);
        match name {
            "" | "Output" | "Sleep" | "Hide" | "Show" => {}
            "Require" => self.requires.push(rest.to_owned()),
            "Set" => self.set(rest)?,
            "Type" => self.steps.push(Step::Keys(quoted(rest)?)),
            "Wait+Screen" => self.steps.push(Step::Wait(literal(rest)?)),
            "Wait" if rest.is_empty() => self.steps.push(Step::Prompt),
            "Screenshot" => self.steps.push(Step::Screenshot(rest.to_owned())),
            name => {
                let bytes = key(name).ok_or("a word this player does not know")?;
                let times = if rest.is_empty() { Ok(1) } else { rest.parse::<usize>() };
                let times = times.map_err(|_| "not a number of times")?;
                self.steps.push(Step::Keys(bytes.repeat(times)));
            }
        }
        Ok(())
    }

    /// `columns=120 rows=36` fixes the size.
    fn comment(&mut self, comment: &str) -> Result<(), String> {
        for word in comment.split_whitespace() {
            let number = |digits: &str| digits.parse().map_err(|_| "not a size".to_owned());
            if let Some(columns) = word.strip_prefix("columns=") {
                self.size.0 = number(columns)?;
            } else if let Some(rows) = word.strip_prefix("rows=") {
                self.size.1 = number(rows)?;
            }
        }
        Ok(())
    }

    fn set(&mut self, rest: &str) -> Result<(), String> {
        let (name, value) = rest.split_once(' ').ok_or("a setting without a value")?;
        match name {
            "Shell" => self.shell = quoted(value.trim())?,
            name if LOOKS.contains(&name) => {}
            _ => return Err("a setting this player does not know".to_owned()),
        }
        Ok(())
    }
}

/// Returns the bytes a key sends.
fn key(name: &str) -> Option<String> {
    let bytes = match name {
        "Enter" => "\r",
        "Tab" => "\t",
        "Space" => " ",
        "Escape" => "\x1b",
        "Backspace" => "\x7f",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        name => {
            let letter = name.strip_prefix("Ctrl+")?;
            let [letter @ b'A'..=b'Z'] = letter.as_bytes() else {
                return None;
            };
            return Some(char::from(letter - b'A' + 1).to_string());
        }
    };
    Some(bytes.to_owned())
}

/// Returns a text between quotes of one kind.
fn quoted(text: &str) -> Result<String, String> {
    let inner = ['"', '\'', '`'].iter().find_map(|quote| {
        text.strip_prefix(*quote)?.strip_suffix(*quote).filter(|inner| !inner.contains(*quote))
    });
    inner.map(str::to_owned).ok_or_else(|| "expected a text in quotes".to_owned())
}

/// Returns a regular expression for plain text, with one meaning in every dialect.
fn literal(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('/').and_then(|text| text.strip_suffix('/'));
    let inner = inner.ok_or("expected /text/ to wait for")?;
    if inner.is_empty() || inner.contains(|c: char| "\\.+*?()|[]{}^$/".contains(c)) {
        return Err("expected plain text between the slashes".to_owned());
    }
    Ok(inner.to_owned())
}
