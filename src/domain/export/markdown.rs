//! Text from elsewhere, put into Markdown.

/// `text` on one line, with everything escaped that Markdown, or a ticket
/// system beyond it, could take for a mark, a link, an address or HTML.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // After an escaped mark no text becomes a link.
            ':' => out.push_str("&#58;"),
            '@' => out.push_str("&#64;"),
            '.' => out.push_str("&#46;"),
            '/' => out.push_str("&#47;"),
            c if c.is_control() => out.push(' '),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// Returns `text` as code, on one line, between more backticks than it has in a row.
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Without a blank a backtick at the end would belong to the fence, and blanks at
    // both ends are dropped by Markdown readers.
    let edge = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty();
    let gap = if edge { " " } else { "" };
    // A `|` would end the cell of a table, also within code.
    format!("{fence}{gap}{}{gap}{fence}", text.replace('|', "¦"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVIL: &[&str] = &[
        "[x](http://evil.example)",
        "![x](http://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "<http://evil.example>",
        "https://evil.example",
        "www.evil.example",
        "mail@evil.example",
        "# head",
        "- item",
        "1. item",
        "a | b",
        "**bold** _it_ ~~no~~",
        "`code`",
        "&lt;b&gt;",
        "a\n\n# head",
        "\\[x](y)",
    ];

    /// Returns the marks without a preceding backslash.
    fn bare(text: &str) -> Vec<char> {
        let (mut found, mut escaped) = (vec![], false);
        for c in text.chars() {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c.is_ascii_punctuation() && !matches!(c, '&' | ';' | '#') {
                found.push(c);
            }
        }
        found
    }

    #[test]
    fn no_text_can_become_a_mark_a_link_or_html() {
        for text in EVIL {
            let out = plain(text);
            assert!(bare(&out).is_empty(), "{out}");
            assert!(!out.contains(['\n', '<', '>', '@', '/', ':']), "{out}");
            // The only bare `&` and `#` are those of our own entities.
            let rest = ["&amp;", "&lt;", "&gt;", "&#58;", "&#64;", "&#46;", "&#47;"]
                .iter()
                .fold(out.replace("\\#", ""), |rest, entity| rest.replace(entity, ""));
            assert!(!rest.contains(['&', '#']), "{out}");
        }
    }

    #[test]
    fn code_can_not_be_left_from_inside() {
        assert_eq!(code("106e…851d"), "`106e…851d`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("a|b\nc"), "`a¦b c`");
        assert_eq!(code(""), "`  `");
    }

    proptest! {
        #[test]
        fn the_fence_is_longer_than_anything_inside(text in "[`a \n|]{0,12}") {
            let out = code(&text);
            let fence = out.chars().take_while(|&c| c == '`').count();
            let inside = &out[fence..out.len() - fence];
            prop_assert!(!inside.contains(&"`".repeat(fence)), "{out}");
            prop_assert!(!inside.starts_with('`') && !inside.ends_with('`'), "{out}");
        }
    }
}
