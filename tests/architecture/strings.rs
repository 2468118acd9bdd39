//! The strings of the program with their places: what a user may read.

use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A string and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// The file, from the project's root, and the line.
    pub(crate) place: String,
    /// The text itself, with its escapes resolved.
    pub(crate) text: String,
}

/// Returns every string of the program: literals of `src` outside of tests and
/// attributes, the help that `src/cli` writes as documentation, and the texts in
/// `assets`.
pub(crate) fn strings() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![];
    for path in files(&root.join("src"), "rs") {
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        if !name.ends_with("tests.rs") && !name.contains("/tests/") {
            let source = fs::read_to_string(&path).expect("a source file can be read");
            found.extend(of_source(&name, &source));
        }
    }
    let texts = ["txt", "md", "toml"].map(|ending| files(&root.join("assets"), ending));
    for path in texts.into_iter().flatten() {
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        let text = fs::read_to_string(&path).expect("an asset can be read");
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let line = |(at, line): (usize, &str)| Text {
            place: format!("{name}:{}", at + 1),
            text: line.to_owned(),
        };
        found.extend(lines.map(line));
    }
    found
}

/// Returns the strings of one file.
fn of_source(name: &str, source: &str) -> Vec<Text> {
    let tokens = TokenStream::from_str(source).expect("the source is Rust");
    let mut found = vec![];
    collect(tokens, name, &mut found);
    found
}

fn collect(tokens: TokenStream, name: &str, found: &mut Vec<Text>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut skip_item = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let inner = |t: &TokenTree| matches!(t, TokenTree::Punct(p) if p.as_char() == '!');
                let _ = tokens.next_if(inner);
                if let Some(TokenTree::Group(attribute)) = tokens.next() {
                    let text = attribute.stream().to_string();
                    let compact = text.replace(' ', "");
                    skip_item |= compact.starts_with("cfg(") && compact.contains("test");
                    let is_error = text.starts_with("error");
                    let is_help = text.starts_with("doc") || text.starts_with("command");
                    let is_help = is_help || text.starts_with("arg");
                    let in_cli = name.starts_with("src/cli/") || name == "src/cli.rs";
                    if (is_error || in_cli && is_help) && !skip_item {
                        collect(attribute.stream(), name, found);
                    }
                }
            }
            TokenTree::Group(group) => {
                let ends_item = group.delimiter() == Delimiter::Brace;
                if !skip_item {
                    collect(group.stream(), name, found);
                }
                skip_item &= !ends_item;
            }
            TokenTree::Punct(sign) if sign.as_char() == ';' => skip_item = false,
            TokenTree::Literal(literal) if !skip_item => {
                if let Some(text) = unquoted(&literal.to_string()) {
                    let place = format!("{name}:{}", literal.span().start().line);
                    found.push(Text { place, text });
                }
            }
            _ => {}
        }
    }
}

/// Returns the text of a literal, if it is a string.
fn unquoted(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return Some(raw.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
    let (mut text, mut chars) = (String::new(), inside.chars().peekable());
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next()? {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            // A line that goes on: its break and the blanks after it are not there.
            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            'u' => {
                let hex: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.push(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32)?);
            }
            other => text.push(other),
        }
    }
    Some(text)
}

/// Returns the files below `directory` with an ending, in order.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(directory).expect("the folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn strings_are_found_but_in_tests_and_attributes() {
    let source = r#"
        #[serde(rename = "no")]
        fn f() { format!("a {}\
            b", r"raw one"); }
        #[cfg(test)]
        mod tests { fn g() { "no"; } }
        const A: &str = "c\u{20ac}";
    "#;
    let texts: Vec<_> = of_source("src/x.rs", source).into_iter().map(|one| one.text).collect();
    assert_eq!(texts, ["a {}b", "raw one", "c€"]);
}
