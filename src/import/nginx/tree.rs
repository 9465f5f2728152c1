//! What a configuration of nginx is made of.

use nginx_lint_parser::{
    ast::{Argument, Block as ParsedBlock, Directive as Parsed},
    line_index::LineIndex,
    parse_string_with_errors,
};

use super::super::notes::Notes;
use crate::config::limits::TEXT_BYTES_MAX;

/// Blocks within blocks that are read: the parser calls itself for each.
const DEPTH_MAX: usize = 64;

/// A directive: a name, arguments and, with some, a block of further ones.
#[derive(Debug, Default)]
pub struct Directive {
    pub line: usize,
    pub name: String,
    pub args: Vec<String>,
    pub block: Option<Vec<Directive>>,
}

impl Directive {
    /// The first argument, or nothing.
    pub fn first(&self) -> &str {
        self.args.first().map_or("", String::as_str)
    }

    /// What is in its block.
    pub fn inner(&self) -> &[Directive] {
        self.block.as_deref().unwrap_or_default()
    }

    /// The values of arguments such as `weight=5`.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.args.iter().find_map(|arg| arg.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Reads a text. What is no directive is noted, and the rest is read all the same.
pub fn parse(text: &str, notes: &mut Notes) -> Vec<Directive> {
    if text.len() > TEXT_BYTES_MAX {
        notes.say("the text is too long");
        return Vec::new();
    }
    if deepest(text) > DEPTH_MAX {
        notes.say(format!("blocks stand in blocks more than {DEPTH_MAX} deep"));
        return Vec::new();
    }
    let (config, errors) = parse_string_with_errors(text);
    let lines = LineIndex::new(text);
    for error in errors {
        notes.at(lines.position(error.offset).line, error.message);
    }
    config.directives().map(directive).collect()
}

/// How deep blocks may stand in blocks at most: braces in comments and texts are counted, too.
fn deepest(text: &str) -> usize {
    let mut depth = 0_usize;
    let depths = text.bytes().map(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth
    });
    depths.max().unwrap_or(0)
}

fn directive(parsed: &Parsed) -> Directive {
    let block = |block: &ParsedBlock| block.directives().map(directive).collect();
    Directive {
        line: parsed.name_span.start.line,
        name: parsed.name.clone(),
        args: arguments(&parsed.args),
        block: parsed.block.as_ref().map(block),
    }
}

/// Arguments as nginx takes them: what has no space in between is one.
fn arguments(parsed: &[Argument]) -> Vec<String> {
    let mut args: Vec<String> = Vec::new();
    let mut end = None;
    for argument in parsed {
        let text = if argument.is_quoted() { argument.as_str() } else { &argument.raw };
        match args.last_mut() {
            Some(last) if end == Some(argument.span.start.offset) => last.push_str(text),
            _ => args.push(text.to_owned()),
        }
        end = Some(argument.span.end.offset);
    }
    args
}
