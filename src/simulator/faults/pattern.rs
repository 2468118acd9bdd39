//! Patterns: which calls a fault waits for.

use serde::{Deserialize, Deserializer, de};

/// A method and a path, as described in the parent module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    method: String,
    segments: Vec<String>,
    query: String,
}

/// The methods a pattern may name.
const METHODS: [&str; 6] = ["*", "GET", "POST", "PUT", "DELETE", "HEAD"];

impl Pattern {
    /// Reads `POST /v2/service/key`; anything without method and path is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, rest) = text.trim().split_once(' ')?;
        let (path, query) = rest.trim().split_once('?').unwrap_or((rest.trim(), ""));
        if !METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
            return None;
        }
        let segments = path.strip_prefix('/')?.split('/').map(str::to_owned).collect();
        Some(Self { method: method.to_uppercase(), segments, query: query.to_owned() })
    }

    /// Returns whether a call fits.
    pub fn matches(&self, method: &str, path: &str, query: &str) -> bool {
        let given: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        (self.method == "*" || self.method == method)
            && query.contains(&self.query)
            && segments_match(&self.segments, &given)
    }
}

fn segments_match(pattern: &[String], given: &[&str]) -> bool {
    match (pattern, given) {
        ([last], _) if last == "**" => true,
        ([], []) => true,
        ([one, pattern @ ..], [segment, given @ ..]) => {
            (one == "*" || one == segment) && segments_match(pattern, given)
        }
        _ => false,
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            let wrong = de::Unexpected::Str(&text);
            de::Error::invalid_value(wrong, &"a method and a path, as in \"GET /v2/products\"")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_segment_and_two_stars_are_any_rest() {
        let fits = |pattern: &str, method: &str, path: &str, query: &str| {
            Pattern::parse(pattern).is_some_and(|pattern| pattern.matches(method, path, query))
        };
        assert!(fits("GET /v2/products", "GET", "/v2/products", "country=USA"));
        assert!(!fits("GET /v2/products", "POST", "/v2/products", ""));
        assert!(fits("* /v2/product/*/x", "PUT", "/v2/product/7/x", ""));
        assert!(!fits("* /v2/product/*", "PUT", "/v2/product/7/x", ""));
        assert!(fits("GET /**", "GET", "/anything/at/all", ""));
        assert!(fits("GET /k?key=", "GET", "/k", "key=1"));
        assert!(!fits("GET /k?key=", "GET", "/k", ""));
        assert_eq!(Pattern::parse("POST"), None);
    }
}
