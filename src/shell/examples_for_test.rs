//! The examples in the documents, for the tests that read them as the program would.

/// Returns the blocks of a document that are written in a language.
pub(crate) fn blocks<'d>(document: &'d str, language: &str) -> Vec<&'d str> {
    let mut parts = document.split("```");
    let mut found = vec![];
    parts.next();
    while let Some(block) = parts.next() {
        let (first, body) = block.split_once('\n').unwrap_or((block, ""));
        if first == language {
            found.push(body);
        }
        parts.next();
    }
    assert!(!found.is_empty(), "the document has no {language}");
    found
}
