//! File dependencies: read from `use` declarations and from paths in the code, through
//! aliases and re-exports to the file that has the item.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Strings, code, tokens};

/// A use of a file by another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    /// The file that uses.
    pub(crate) from: String,
    /// The file that is used.
    pub(crate) to: String,
    /// Whether only a test module inside `from` uses it.
    pub(crate) by_test: bool,
}

/// The names of modules from the crate's root, as in a path.
type Path = Vec<String>;

/// A path that a file writes, and where.
#[derive(Debug, Clone)]
struct Written {
    path: Path,
    /// The modules inside the file around it.
    inside: Path,
    by_test: bool,
}

/// A name that a `use` declaration gives to a path.
#[derive(Debug, Clone)]
struct Import {
    target: Written,
    /// `None` for `*`.
    name: Option<String>,
    is_public: bool,
}

/// The module paths in one file.
#[derive(Debug, Default)]
struct File {
    children: BTreeSet<String>,
    imports: Vec<Import>,
    paths: Vec<Written>,
    /// Every word outside `use` declarations.
    words: BTreeSet<String>,
}

/// The files of a crate as a graph.
pub(crate) struct Crate {
    /// By module path.
    files: BTreeMap<Path, (String, File)>,
}

impl Crate {
    /// Reads the files of a crate, by their paths below `src`.
    pub(crate) fn read(files: &BTreeMap<String, String>) -> Self {
        let file = |(name, text): (&String, &String)| {
            let mut path: Path =
                name.trim_end_matches(".rs").split('/').map(String::from).collect();
            if path == ["lib"] {
                path.clear();
            }
            (path, (name.clone(), File::read(text)))
        };
        Self { files: files.iter().map(file).collect() }
    }

    /// Returns every use of one file by another. That a file declares its children, or
    /// offers what they have under a name of its own, is no use of them.
    pub(crate) fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (module, (from, file)) in &self.files {
            let mut add = |to: &Path, by_test| {
                if to != module {
                    let (from, to) = (from.clone(), self.files[to].0.clone());
                    edges.insert(Edge { from, to, by_test });
                }
            };
            for import in &file.imports {
                let Some((to, rest)) = self.resolve(module, &import.target, 0) else { continue };
                let only_offers = import.is_public
                    && to.starts_with(module)
                    && import.name.as_ref().is_some_and(|name| !file.words.contains(name));
                // A module that is only named is used by the paths that follow it;
                // one of another layer counts at once.
                let is_used = !rest.is_empty() || to.first() != module.first();
                if import.name.is_none() || (is_used && !only_offers) {
                    add(&to, import.target.by_test);
                }
            }
            for written in &file.paths {
                match self.resolve(module, written, 0) {
                    Some((to, rest)) if !rest.is_empty() => add(&to, written.by_test),
                    _ => {}
                }
            }
        }
        edges
    }

    /// Resolves `written` to the module whose file has it, and the rest of the path
    /// below that module. `None` for names outside of this crate.
    fn resolve(&self, module: &Path, written: &Written, depth: usize) -> Option<(Path, Path)> {
        if depth > 20 {
            return None;
        }
        let mut here = [module.clone(), written.inside.clone()].concat();
        let mut rest = written.path.as_slice();
        match rest {
            [first, ..] if first == "crate" || first == "onramp" => here.clear(),
            [first, ..] if first == "self" || first == "super" => {}
            [first, after @ ..] => return self.resolve_name(module, written, first, after, depth),
            [] => return None,
        }
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "super" => drop(here.pop()?),
                "self" | "crate" | "onramp" => {}
                _ => break,
            }
            rest = after;
        }
        here.extend_from_slice(rest);
        self.locate(here, depth)
    }

    /// Resolves a path that starts with a name of its file.
    fn resolve_name(
        &self,
        module: &Path,
        written: &Written,
        first: &String,
        after: &[String],
        depth: usize,
    ) -> Option<(Path, Path)> {
        let (_, file) = self.files.get(module)?;
        for inside in [written.inside.clone(), vec![]] {
            let named = |import: &&Import| {
                import.name.as_ref() == Some(first) && import.target.inside == inside
            };
            if let Some(import) = file.imports.iter().find(named) {
                let mut target = import.target.clone();
                if target.path.first() == Some(first) {
                    break; // `use name::..`: an outer crate, or a child
                }
                target.path.extend_from_slice(after);
                return self.resolve(module, &target, depth + 1);
            }
        }
        if !file.children.contains(first) {
            return None;
        }
        let path = [module.as_slice(), std::slice::from_ref(first), after].concat();
        self.locate(path, depth)
    }

    /// Finds the file of an absolute path, through the names that other files
    /// give to what they import.
    fn locate(&self, mut path: Path, depth: usize) -> Option<(Path, Path)> {
        let length = (0..=path.len()).rev().find(|at| self.files.contains_key(&path[..*at]))?;
        let rest = path.split_off(length);
        let (_, file) = &self.files[&path];
        let Some((first, after)) = rest.split_first() else { return Some((path, rest)) };
        let named = |import: &&Import| {
            import.name.as_ref() == Some(first) && import.target.inside.is_empty()
        };
        if let Some(import) = file.imports.iter().find(named) {
            let mut target = import.target.clone();
            target.path.extend_from_slice(after);
            if let Some(found) = self.resolve(&path, &target, depth + 1) {
                return Some(found);
            }
        }
        Some((path, rest))
    }
}

impl File {
    fn read(text: &str) -> Self {
        let code = code(text, Strings::Empty);
        let tokens = tokens(&code);
        let mut file = Self::default();
        let mut reader = Reader { depth: 0, modules: vec![], test_next: false };
        let mut at = 0;
        while at < tokens.len() {
            at += reader.read(&tokens, at, &mut file);
        }
        file
    }
}

/// The position of the reader in a file.
struct Reader<'a> {
    depth: usize,
    /// The modules around, each with the depth of its braces.
    modules: Vec<(&'a str, usize, bool)>,
    /// Whether the next module is for tests.
    test_next: bool,
}

impl<'a> Reader<'a> {
    /// Reads what starts at `at`, and returns how many tokens it has.
    fn read(&mut self, tokens: &[&'a str], at: usize, file: &mut File) -> usize {
        match &tokens[at..] {
            ["pub", "(", ..] => {
                let length = tokens[at..].iter().position(|token| *token == ")");
                return length.unwrap_or(0) + 1;
            }
            ["cfg", "(", "test", ")", ..] | ["cfg", "(", "any" | "all", "(", "test", ..] => {
                self.test_next = true;
            }
            ["mod", name, ";", ..] => {
                if self.modules.is_empty() {
                    file.children.insert((*name).to_owned());
                }
                self.test_next = false;
                return 3;
            }
            ["mod", name, "{", ..] => {
                self.modules.push((name, self.depth, self.test_next));
                (self.depth, self.test_next) = (self.depth + 1, false);
                return 3;
            }
            ["use", ..] => {
                let before = at.checked_sub(1).map(|before| tokens[before]);
                let end = tokens[at..].iter().position(|token| *token == ";").unwrap_or(0);
                let is_public = matches!(before, Some("pub" | ")"));
                self.read_tree(&tokens[at + 1..at + end], &mut vec![], is_public, file);
                return end + 1;
            }
            ["{", ..] => (self.depth, self.test_next) = (self.depth + 1, false),
            ["}", ..] => {
                self.depth = self.depth.saturating_sub(1);
                self.modules.retain(|(_, depth, _)| *depth < self.depth);
                self.test_next = false;
            }
            [";", ..] => self.test_next = false,
            [word, ..] if is_name(word) => return self.read_path(&tokens[at..], file),
            _ => {}
        }
        1
    }

    fn written(&self, path: &[&str]) -> Written {
        Written {
            path: path.iter().map(|name| (*name).to_owned()).collect(),
            inside: self.modules.iter().map(|(name, ..)| (*name).to_owned()).collect(),
            by_test: self.modules.iter().any(|(_, _, by_test)| *by_test),
        }
    }

    /// Reads a path in the code.
    fn read_path(&self, tokens: &[&'a str], file: &mut File) -> usize {
        let mut path = vec![tokens[0]];
        let mut rest = &tokens[1..];
        while let ["::", name, after @ ..] = rest
            && is_name(name)
        {
            path.push(name);
            rest = after;
        }
        file.words.extend(path.iter().map(|name| (*name).to_owned()));
        if path.len() > 1 {
            file.paths.push(self.written(&path));
        }
        tokens.len() - rest.len()
    }

    /// Reads the tree of a `use` declaration, and returns the rest after it.
    fn read_tree<'t>(
        &self,
        mut tokens: &'t [&'a str],
        path: &mut Vec<&'a str>,
        is_public: bool,
        file: &mut File,
    ) -> &'t [&'a str] {
        let before = path.len();
        while let [name, "::", after @ ..] = tokens {
            path.push(name);
            tokens = after;
        }
        match tokens {
            ["{", after @ ..] => {
                tokens = after;
                while !matches!(tokens, [] | ["}", ..]) {
                    tokens = self.read_tree(tokens, path, is_public, file);
                    tokens = tokens.strip_prefix(&[","]).unwrap_or(tokens);
                }
                tokens = tokens.get(1..).unwrap_or(&[]);
            }
            ["*", after @ ..] => {
                let target = self.written(path);
                file.imports.push(Import { target, name: None, is_public });
                tokens = after;
            }
            [name, after @ ..] => {
                if *name != "self" {
                    path.push(name);
                }
                let alias = match after {
                    ["as", alias, ..] => Some(alias),
                    _ => path.last(),
                };
                let name = alias.map(|alias| (*alias).to_owned());
                file.imports.push(Import { target: self.written(path), name, is_public });
                tokens = if after.first() == Some(&"as") { &after[2..] } else { after };
            }
            [] => {}
        }
        path.truncate(before);
        tokens
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the files that use one another in a circle: each circle with its files.
pub(crate) fn circles(edges: &BTreeSet<(String, String)>) -> Vec<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let reached = |start: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(at) = open.pop() {
            let new = next.get(at).into_iter().flatten().filter(|to| seen.insert(**to));
            open.extend(new.copied().collect::<Vec<_>>());
        }
        seen.into_iter().map(String::from).collect::<BTreeSet<_>>()
    };
    let from: BTreeMap<String, _> =
        next.keys().map(|file| ((*file).to_owned(), reached(file))).collect();
    let circle = |file: &String| -> Vec<String> {
        let back = |to: &&String| from.get(*to).is_some_and(|reached| reached.contains(file));
        from[file].iter().filter(back).cloned().collect()
    };
    let found: BTreeSet<_> = from.keys().map(circle).filter(|circle| !circle.is_empty()).collect();
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let files = files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        let edges = Crate::read(&files).edges().into_iter();
        edges.filter(|edge| !edge.by_test).map(|edge| (edge.from, edge.to)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn an_import_is_seen_through_groups_aliases_and_re_exports() {
        let found = edges(&[
            ("lib.rs", "pub mod a;"),
            ("a.rs", "mod b; mod c; mod d; pub use c::{Item, Other as Offered};"),
            ("a/c.rs", "pub struct Item; pub struct Other;"),
            ("a/d.rs", "use super::{Item, c as short}; fn f() { short::g() }"),
            ("a/b.rs", "use crate::{a::{self, Offered}}; fn f(_: a::Item) {}"),
        ]);
        assert_eq!(found, pairs(&[("a/b.rs", "a/c.rs"), ("a/d.rs", "a/c.rs")]));
    }

    #[test]
    fn a_module_of_another_layer_counts_as_soon_as_it_is_named() {
        let found = edges(&[
            ("a.rs", "use crate::b::d; mod c;"),
            ("a/c.rs", "use crate::a as whole;"),
            ("b.rs", "pub mod d;"),
            ("b/d.rs", ""),
        ]);
        assert_eq!(found, pairs(&[("a.rs", "b/d.rs")]));
    }

    #[test]
    fn a_path_in_the_code_counts_and_a_declaration_does_not() {
        let found = edges(&[
            ("a.rs", "mod c; mod d; mod e; fn f() { c::g(\"crate::a::d::x\") } // d::x()"),
            ("a/c.rs", "fn g() { super::f(); pub(in crate::a::d) struct X; }"),
            ("a/d.rs", "pub use super::super::a::e::E;"),
            ("a/e.rs", "use super::*; #[cfg(test)] mod tests { use crate::a::d::y; }"),
        ]);
        let expected =
            [("a.rs", "a/c.rs"), ("a/c.rs", "a.rs"), ("a/d.rs", "a/e.rs"), ("a/e.rs", "a.rs")];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn a_parent_that_uses_what_it_offers_uses_the_child() {
        let child = ("a/c.rs", "use super::f;");
        let offers = edges(&[("a.rs", "mod c; pub use c::X; fn f() {}"), child]);
        assert_eq!(offers, pairs(&[("a/c.rs", "a.rs")]));
        let uses = edges(&[("a.rs", "mod c; pub use c::X; fn f(_: X) {}"), child]);
        assert_eq!(uses, pairs(&[("a.rs", "a/c.rs"), ("a/c.rs", "a.rs")]));
    }

    #[test]
    fn a_circle_is_found_whatever_leads_to_it() {
        let edges = pairs(&[("a", "b"), ("b", "c"), ("c", "b"), ("d", "a"), ("c", "e")]);
        assert_eq!(circles(&edges.into_iter().collect()), [["b", "c"]]);
    }
}
