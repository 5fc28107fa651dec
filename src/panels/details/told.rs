//! What people wrote about a run: its description and its readme, Markdown shown as text.

use super::build::Builder;
use crate::insight::number;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::theme::Role;

/// A text of more lines is closed at first.
const LONG: usize = 24;
/// More lines are only counted.
const MOST: usize = 2000;
/// Lists nest no deeper than this.
const DEEPEST: u16 = 4;

/// A line of Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Gap,
    Heading(String),
    /// So deep in a list, behind its sign.
    Item(u16, String, String),
    Quote(String),
    Code(String),
    Words(String),
}

pub(super) fn documents(builder: &mut Builder<'_>, run: &Run) {
    for (name, text) in [
        ("Description", &run.facts.description),
        ("Readme", &run.facts.readme),
    ] {
        if let Some(text) = text.as_ref().filter(|text| !text.trim().is_empty()) {
            document(builder, name, text);
        }
    }
}

fn document(builder: &mut Builder<'_>, name: &'static str, text: &str) {
    let all = text.trim_end().lines().count();
    let count = match all {
        1 => String::new(),
        many => format!("{} lines", number::grouped(many as u64)),
    };
    builder.section(name, &count, all <= LONG, |builder| {
        for block in blocks(text) {
            put(builder, &block);
        }
        if all > MOST {
            let words = format!("and {} more lines", number::grouped((all - MOST) as u64));
            builder.words("", &words, Role::Quiet);
        }
    });
}

fn put(builder: &mut Builder<'_>, block: &Block) {
    match block {
        Block::Gap => builder.gap(),
        Block::Heading(words) => {
            builder.gap();
            builder.words("", words, Role::Strong);
        }
        Block::Item(depth, sign, words) => {
            builder.listed(1 + 2 * depth, &Safe::new(sign), words, Role::Text);
        }
        Block::Quote(words) => builder.words("│ ", words, Role::Quiet),
        Block::Code(line) => builder.code(line),
        Block::Words(words) => builder.words("", words, Role::Text),
    }
}

/// The lines of a text: what Markdown says of them is shown instead of its signs.
fn blocks(text: &str) -> Vec<Block> {
    let mut fence: Option<&str> = None;
    let mut found = Vec::new();
    for line in text.trim_end().lines().take(MOST) {
        let trimmed = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|m| trimmed.starts_with(m));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => found.push(Block::Code(line.trim_end().to_owned())),
            (None, None) => found.push(block(line, trimmed)),
        }
    }
    found
}

fn block(line: &str, trimmed: &str) -> Block {
    let is_rule = |sign: char| trimmed.len() > 2 && trimmed.chars().all(|c| c == sign || c == ' ');
    if trimmed.is_empty() || ['-', '*', '_', '='].into_iter().any(is_rule) {
        return Block::Gap;
    }
    let hashes = trimmed.len() - trimmed.trim_start_matches('#').len();
    if let Some(words) = trimmed[hashes..].strip_prefix(' ')
        && (1..=6).contains(&hashes)
    {
        return Block::Heading(plain(words.trim().trim_end_matches('#').trim_end()));
    }
    let blanks = line.len() - line.trim_start().len();
    let depth = ((blanks / 2) as u16).min(DEEPEST);
    for sign in ["- ", "* ", "+ "] {
        if let Some(words) = trimmed.strip_prefix(sign) {
            return Block::Item(depth, "• ".to_owned(), plain(words.trim_start()));
        }
    }
    if let Some((number, words)) = trimmed.split_once(". ")
        && (1..=3).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Block::Item(depth, format!("{number}. "), plain(words.trim_start()));
    }
    if let Some(words) = trimmed.strip_prefix('>') {
        return Block::Quote(plain(words.trim_start()));
    }
    Block::Words(plain(trimmed))
}

/// Words without the signs that make them bold or code: they say nothing without their looks.
fn plain(words: &str) -> String {
    words.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_read_as_text() {
        let text = "# A **larger** batch\nwords\n\n- one\n  - two\n12. three\n> said\n\
            ```sh\n  # no heading\n```\n---\n#tag 2. no item\n1.5 is a number\n***bold***\n\n";
        let item = |depth, sign: &str, words: &str| Block::Item(depth, sign.into(), words.into());
        let expected = [
            Block::Heading("A larger batch".into()),
            Block::Words("words".into()),
            Block::Gap,
            item(0, "• ", "one"),
            item(1, "• ", "two"),
            item(0, "12. ", "three"),
            Block::Quote("said".into()),
            Block::Code("  # no heading".into()),
            Block::Gap,
            Block::Words("#tag 2. no item".into()),
            Block::Words("1.5 is a number".into()),
            Block::Words("*bold*".into()),
        ];
        assert_eq!(blocks(text), expected);
    }

    #[test]
    fn a_fence_that_is_never_closed_is_code_to_the_end() {
        let found = blocks("a\n```\n- x\n~~~\n");
        let code = |line: &str| Block::Code(line.into());
        assert_eq!(found, [Block::Words("a".into()), code("- x"), code("~~~")]);
    }
}
