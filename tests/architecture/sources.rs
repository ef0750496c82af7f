//! The source files of the crate as the compiler finds them, and what each of them names: files are found through their
//! `mod` lines, so that a file of tests is never read, and every name is followed to the file that defines it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

/// The segments of a path within the crate, without `crate`; or of one that begins with a package.
type Segments = Vec<String>;

/// What one file says, its tests left out.
#[derive(Default)]
pub struct Source {
    /// Below `src`, as in `gui/app/mod.rs`.
    pub name: String,
    /// Paths of other modules of the crate, each followed to the file that defines it.
    pub uses: BTreeSet<String>,
    /// Paths of packages, as in `std::fs::File`.
    pub packages: BTreeSet<String>,
    /// Macros that are called, as in `println`.
    pub macros: BTreeSet<String>,
    /// Structs, enums, traits and type names that are defined.
    pub types: BTreeSet<String>,
}

/// Reads every file that `src/lib.rs` and `src/main.rs` reach, in the order of their names.
pub fn read() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    walk(&src, &src.join("lib.rs"), Vec::new(), &mut modules);
    walk(&src, &src.join("main.rs"), vec!["main".to_owned()], &mut modules);
    let mut found: BTreeMap<String, Source> = BTreeMap::new();
    for (module, Module { file, names, .. }) in &modules {
        let source = found.entry(file.clone()).or_insert_with(|| Source { name: file.clone(), ..Source::default() });
        source.macros.extend(names.macros.iter().cloned());
        source.types.extend(names.types.iter().cloned());
        for path in &names.paths {
            match absolute(path, module, &modules) {
                Some(path) => source.uses.extend(file_of(&path, &modules, 0).filter(|other| other != file)),
                None if path[0].starts_with(char::is_lowercase) => drop(source.packages.insert(path.join("::"))),
                None => {}
            }
        }
    }
    found.into_values().collect()
}

/// A module: where it stands, what it gives names to, and what it names.
#[derive(Default)]
struct Module {
    file: String,
    children: BTreeSet<String>,
    /// What the `use` lines call the things that they bring in.
    imports: BTreeMap<String, Segments>,
    names: Names,
}

impl Module {
    /// Adds another of the same path: a module may be written once for each kind of machine.
    fn join(&mut self, other: Self) {
        self.file = other.file;
        self.children.extend(other.children);
        self.imports.extend(other.imports);
        self.names.paths.extend(other.names.paths);
        self.names.macros.extend(other.names.macros);
        self.names.types.extend(other.names.types);
    }
}

#[derive(Default)]
struct Names {
    paths: BTreeSet<Segments>,
    macros: BTreeSet<String>,
    types: BTreeSet<String>,
}

fn walk(src: &Path, file: &Path, module: Segments, modules: &mut BTreeMap<Segments, Module>) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{} cannot be read: {e}", file.display()));
    let tree = syn::parse_file(&text).unwrap_or_else(|e| panic!("{} is not Rust: {e}", file.display()));
    // `mod.rs` and `lib.rs` have their children beside them, every other file in a folder of its own name
    let root = file.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
    let folder = if root { file.with_file_name("") } else { file.with_extension("") };
    enter(src, file, &folder, &tree.items, module, modules);
}

fn enter(
    src: &Path,
    file: &Path,
    folder: &Path,
    items: &[Item],
    module: Segments,
    modules: &mut BTreeMap<Segments, Module>,
) {
    let name = file.strip_prefix(src).expect("a file below src").to_string_lossy().replace('\\', "/");
    let children = items.iter().filter_map(|item| match item {
        Item::Mod(child) => Some(child.ident.to_string()),
        _ => None,
    });
    let mut entry = Module { file: name, children: children.collect(), ..Module::default() };
    for item in items.iter().filter(|item| !is_test(attributes(item))) {
        match item {
            Item::Mod(child) => {
                let name = child.ident.to_string();
                let inner = [&module[..], std::slice::from_ref(&name)].concat();
                match &child.content {
                    Some((_, items)) => enter(src, file, &folder.join(&name), items, inner, modules),
                    None => walk(src, &child_file(folder, &name), inner, modules),
                }
            }
            Item::Use(line) => import(line, &mut entry),
            item => {
                entry.names.types.extend(type_name(item));
                entry.names.visit_item(item);
            }
        }
    }
    modules.entry(module).or_default().join(entry);
}

fn child_file(folder: &Path, name: &str) -> PathBuf {
    let plain = folder.join(format!("{name}.rs"));
    if plain.exists() { plain } else { folder.join(name).join("mod.rs") }
}

/// Takes in a `use` line. What a module hands on of its own children is no use of them: whoever names it is followed to
/// the child.
fn import(line: &syn::ItemUse, into: &mut Module) {
    let before = into.names.paths.clone();
    flatten(&line.tree, &mut Vec::new(), into);
    if !matches!(line.vis, syn::Visibility::Inherited) {
        let children = into.children.clone();
        let own = |path: &Segments| {
            let inner = if path[0] == "self" { &path[1..] } else { &path[..] };
            inner.first().is_some_and(|name| children.contains(name))
        };
        into.names.paths.retain(|path| before.contains(path) || !own(path));
    }
}

/// Adds every path of a `use` line.
fn flatten(tree: &UseTree, before: &mut Segments, into: &mut Module) {
    let add = |name: String, path: Segments, into: &mut Module| {
        into.names.paths.insert(path.clone());
        into.imports.insert(name, path);
    };
    match tree {
        UseTree::Path(part) => {
            before.push(part.ident.to_string());
            flatten(&part.tree, before, into);
            before.pop();
        }
        UseTree::Name(last) if last.ident == "self" => {
            add(before.last().cloned().unwrap_or_default(), before.clone(), into);
        }
        UseTree::Name(last) => add(last.ident.to_string(), [&before[..], &[last.ident.to_string()]].concat(), into),
        UseTree::Rename(last) => add(last.rename.to_string(), [&before[..], &[last.ident.to_string()]].concat(), into),
        UseTree::Glob(_) => drop(into.names.paths.insert(before.clone())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, into)),
    }
}

fn attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::Fn(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Macro(i) => &i.attrs,
        Item::Mod(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

/// The name of the type that an item defines.
fn type_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(i) => Some(i.ident.to_string()),
        Item::Enum(i) => Some(i.ident.to_string()),
        Item::Trait(i) => Some(i.ident.to_string()),
        Item::Type(i) => Some(i.ident.to_string()),
        _ => None,
    }
}

/// Whether what has these attributes is compiled for tests alone.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    let is = |a: &syn::Attribute, name: &str| a.path().is_ident(name);
    let cfg_test = |a: &syn::Attribute| is(a, "cfg") && a.parse_args::<syn::Ident>().is_ok_and(|of| of == "test");
    attributes.iter().any(|a| is(a, "test") || cfg_test(a))
}

impl Visit<'_> for Names {
    fn visit_item(&mut self, item: &Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    /// A `use` line within a function.
    fn visit_item_use(&mut self, line: &syn::ItemUse) {
        let mut module = Module::default();
        flatten(&line.tree, &mut Vec::new(), &mut module);
        self.paths.extend(module.names.paths);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        if path.segments.len() > 1 {
            self.paths.insert(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    /// What stands in brackets, as in `derive(serde::Serialize)`.
    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        self.macros.extend(call.path.segments.last().map(|s| s.ident.to_string()));
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

impl Names {
    /// What is handed to a macro is not parsed: every `a::b` in it counts as a path.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Segments = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => self.end(std::mem::replace(&mut path, vec![name.to_string()])),
                TokenTree::Punct(p) if p.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.end(std::mem::take(&mut path));
                    self.tokens(group.stream());
                }
                _ => self.end(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.end(path);
    }

    fn end(&mut self, path: Segments) {
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }
}

/// A path of `module` from the root of the crate; none where it begins with a package, or with what is in scope anyway.
fn absolute(path: &[String], module: &[String], modules: &BTreeMap<Segments, Module>) -> Option<Segments> {
    let child = |name: &String| modules.contains_key(&[module, std::slice::from_ref(name)].concat());
    let mut rest = path;
    let mut base = match rest.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ if child(&rest[0]) => return Some([module, path].concat()),
        // a name that a `use` line brought in: that line is counted
        name if modules[module].imports.contains_key(name) => return Some(module.to_vec()),
        _ => return None,
    };
    while let [first, more @ ..] = rest {
        match first.as_str() {
            "crate" | "self" => {}
            "super" => drop(base.pop()),
            _ => break,
        }
        rest = more;
    }
    Some([&base[..], rest].concat())
}

/// The file that defines what stands at `path`: a name that its module has from elsewhere is followed there.
fn file_of(path: &[String], modules: &BTreeMap<Segments, Module>, depth: usize) -> Option<String> {
    let held = (0..=path.len()).rev().find(|n| modules.contains_key(&path[..*n]))?;
    let module = &modules[&path[..held]];
    let imported = path.get(held).and_then(|name| module.imports.get(name));
    if let Some(target) = imported.and_then(|target| absolute(target, &path[..held], modules)).filter(|_| depth < 8) {
        return file_of(&[&target[..], &path[held + 1..]].concat(), modules, depth + 1);
    }
    Some(module.file.clone())
}
