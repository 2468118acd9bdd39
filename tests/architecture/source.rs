//! Rust source as text: its files, without comments and without the contents of
//! strings.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Returns every source file with its text, by its path below `src`.
pub(crate) fn files() -> BTreeMap<String, String> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("src can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    walk(&source, &mut found);
    let file = |path: PathBuf| {
        let name = path.strip_prefix(&source).expect("below src").display().to_string();
        (name, fs::read_to_string(path).expect("a source file can be read"))
    };
    found.into_iter().map(file).collect()
}

/// The treatment of the contents of strings and characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strings {
    /// Keeps them.
    Keep,
    /// Keeps the quotes and removes the text between them.
    Empty,
}

/// Returns the source without comments and documentation.
///
/// It knows strings, so that `//` inside one starts no comment and `"` inside
/// a comment starts no string.
pub(crate) fn code(text: &str, strings: Strings) -> String {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut code) = (0, String::new());
    while at < text.len() {
        let rest = &text[at..];
        let token = match rest {
            ['/', '/', ..] => line_comment(rest),
            ['/', '*', ..] => block_comment(rest),
            ['"', ..] => quoted(rest, '"'),
            ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, '\''),
            _ => raw_string(rest).filter(|_| at == 0 || !is_word(text[at - 1])).unwrap_or(1),
        };
        let token = &rest[..token];
        match (token, strings) {
            (['/', '/' | '*', ..], _) => code.push(' '),
            (['"' | '\'', _, ..], Strings::Empty) => code.extend([token[0], token[0]]),
            ([_, _, ..], Strings::Empty) => code.push_str("\"\""),
            (token, _) => code.extend(token),
        }
        at += token.len();
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_comment(text: &[char]) -> usize {
    text.iter().position(|c| *c == '\n').unwrap_or(text.len())
}

/// Returns the length of a block comment, those inside it included.
fn block_comment(text: &[char]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        match text[at..] {
            ['/', '*', ..] => (at, depth) = (at + 2, depth + 1),
            ['*', '/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns the length of a string or character, its quotes included.
fn quoted(text: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    text.len().min(at + 1)
}

/// Returns the length of the raw string that `text` starts with. `r#name` is none.
fn raw_string(text: &[char]) -> Option<usize> {
    let start = match text {
        ['r', ..] => 1,
        ['b' | 'c', 'r', ..] => 2,
        _ => return None,
    };
    let hashes = text[start..].iter().take_while(|c| **c == '#').count();
    let body = start + hashes + 1;
    if text.get(body - 1) != Some(&'"') {
        return None;
    }
    let end = (body..text.len()).find(|at| {
        let after = text[at + 1..].iter().take_while(|c| **c == '#').count();
        text[*at] == '"' && after >= hashes
    })?;
    Some(end + 1 + hashes)
}

/// Returns the words and signs of code; `::` is one sign.
pub(crate) fn tokens(code: &str) -> Vec<&str> {
    let (mut rest, mut found) = (code.trim_start(), vec![]);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        found.push(token);
        rest = after.trim_start();
    }
    found
}

#[test]
fn a_string_hides_no_code_and_a_comment_no_string() {
    let cases = [
        ("a(\"http://x\"); b // c", "a(\"\"); b  "),
        ("a /* \" /* // */ \" */ b", "a   b"),
        ("let q = '\"'; // \" ends nothing\nb", "let q = ''; \u{20}\nb"),
        ("let s = \"\\\"//\"; b", "let s = \"\"; b"),
        ("r#\"a \" // b\"# c, br\"//\" d", "\"\" c, \"\" d"),
        ("fn f<'a>(x: &'a str, y: 'static) // z", "fn f<'a>(x: &'a str, y: 'static)  "),
        ("r#type::x, '\\'' // y", "r#type::x, ''  "),
        ("\"several\n// lines\"\nb", "\"\"\nb"),
        ("for\"//\"b", "for\"\"b"),
    ];
    for (text, expected) in cases {
        assert_eq!(code(text, Strings::Empty), expected, "{text}");
    }
    assert_eq!(code("a(\"{:<4} // b\"); // c", Strings::Keep), "a(\"{:<4} // b\");  ");
}

/// A function of a file.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its file.
    #[expect(dead_code, reason = "it is printed where a function is too long")]
    pub(crate) file: String,
    /// From its name to its body.
    pub(crate) signature: String,
    /// Its number of lines.
    pub(crate) lines: usize,
}

/// Returns the functions of a file's code, which has no contents of strings any more.
pub(crate) fn functions(file: &str, code: &str) -> Vec<Function> {
    let mut found = vec![];
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        let rest = &code[at..];
        let Some(open) = rest.find(['{', ';']).filter(|_| before.is_none_or(char::is_whitespace))
        else {
            continue;
        };
        let signature = rest[..open].split_whitespace().collect::<Vec<_>>().join(" ");
        let mut depth = 0usize;
        let mut end = open;
        for (place, c) in rest[open..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                end = open + place;
                break;
            }
        }
        let lines = rest[..end].lines().count();
        found.push(Function { file: file.to_owned(), signature, lines });
    }
    found
}

/// Returns the strings of a file's code, but for those of the rows of a key table.
pub(crate) fn literals(code: &str) -> Vec<String> {
    let mut found = vec![];
    for line in code.lines().filter(|line| !line.contains("command(") && !line.contains(".doc(")) {
        let mut parts = line.split('"');
        parts.next();
        while let Some(inside) = parts.next() {
            found.push(inside.to_owned());
            parts.next();
        }
    }
    found
}

/// Returns the key that a message names by a literal, if it does.
pub(crate) fn literal_key(text: &str) -> Option<String> {
    const DOES: [&str; 12] = [
        ": ", " opens", " brings", " works", " tries", " maps ", " takes ", " puts ", " sends ",
        " signs", " closes", " allows",
    ];
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (n, &(at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| chars[n].1);
        // `1 s:` is a span of time.
        let unit = n.checked_sub(2).is_some_and(|n| chars[n].1.is_ascii_digit());
        let starts = before.is_none_or(|c| c == ' ' || c == '(') && !unit;
        let is_key = (c.is_ascii_alphabetic() && c != 'y') || c == '!' || c == '?';
        let rest = &text[at + c.len_utf8()..];
        // `y`, `n`, Esc and Enter answer every question.
        let answers = c == 'n' && rest.starts_with(": ");
        if starts && is_key && !answers && DOES.iter().any(|does| rest.starts_with(does)) {
            return Some(c.to_string());
        }
    }
    [":rw", ":ro", "(!)"].into_iter().find(|one| text.contains(one)).map(str::to_owned)
}
