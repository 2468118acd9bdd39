//! Rust source as text: its files, and what is left of them without comments
//! and without the contents of strings.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Every source file with its text, by its path below `src`.
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

/// What to do with the contents of strings and characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strings {
    /// Leave them in.
    Keep,
    /// Leave the quotes and take out what is between them.
    Empty,
}

/// The source without comments and documentation.
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

/// The length of a block comment, those inside it included.
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

/// The length of a string or character, its quotes included.
fn quoted(text: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    text.len().min(at + 1)
}

/// The length of the raw string that `text` starts with. `r#name` is none.
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

/// The words and signs of code; `::` is one sign.
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
