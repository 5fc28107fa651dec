//! Reads a question, and says which bytes of it are wrong.

use std::ops::Range;

use super::subject::{self, Subject};
use super::text::Pattern;
use super::{Compare, Mistake, Node, Sign, Wanted, amount};

/// Deeper than this nobody nests.
const DEEPEST: usize = 40;

pub(super) fn read(text: &str) -> Result<Option<Node>, Mistake> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    reader.skip_blanks();
    if reader.rest().is_empty() {
        return Ok(None);
    }
    let node = reader.any(None)?;
    match reader.rest() {
        "" => Ok(Some(node)),
        _ => Err(mistake(
            reader.at..reader.at + 1,
            "there is no ( before this )",
        )),
    }
}

fn mistake(at: Range<usize>, words: impl Into<String>) -> Mistake {
    Mistake {
        at,
        words: words.into(),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// A name, a value or a word as it was typed.
struct Piece {
    at: Range<usize>,
    text: String,
    /// It was enclosed in quotes: nothing in it has a meaning of its own.
    is_quoted: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes `or` or `and`, when it stands alone here.
    fn keyword(&mut self, words: [&str; 2]) -> Option<Range<usize>> {
        let end = self
            .rest()
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
        let word = &self.rest()[..end.unwrap_or(self.rest().len())];
        words.contains(&word).then(|| {
            let at = self.at..self.at + word.len();
            self.at = at.end;
            self.skip_blanks();
            at
        })
    }

    /// `a b or c`. `open` is where a parenthesis was opened around it.
    fn any(&mut self, open: Option<usize>) -> Result<Node, Mistake> {
        let mut parts = vec![self.all(open)?];
        while self.keyword(["or", "OR"]).is_some() {
            parts.push(self.all(open)?);
        }
        Ok(one_or(parts, Node::Any))
    }

    /// `a b`, up to an `or`, a closing parenthesis or the end.
    fn all(&mut self, open: Option<usize>) -> Result<Node, Mistake> {
        let mut parts = Vec::new();
        loop {
            self.skip_blanks();
            let before = self.at;
            let is_or = self.keyword(["or", "OR"]);
            match (self.next(), &is_or) {
                (_, Some(_)) if !parts.is_empty() => {
                    self.at = before;
                    break;
                }
                (_, Some(at)) => {
                    return Err(mistake(at.clone(), "expected something before this or"));
                }
                (None | Some(')'), None) => break,
                _ => {}
            }
            if !parts.is_empty() && self.keyword(["and", "AND"]).is_some() {
                continue;
            }
            parts.push(self.one()?);
        }
        if parts.is_empty() {
            return Err(self.nothing(open));
        }
        Ok(one_or(parts, Node::All))
    }

    /// Why there is nothing where something is expected.
    fn nothing(&self, open: Option<usize>) -> Mistake {
        let before = self.text[..self.at].trim_end();
        match (open, self.next()) {
            (None, Some(')')) if before.is_empty() => {
                mistake(self.at..self.at + 1, "there is no ( before this )")
            }
            (Some(open), _) if before.len() == open + 1 => {
                let end = self.at + usize::from(self.next().is_some());
                mistake(open..end, "expected something between ( and )")
            }
            _ => mistake(
                before.len().saturating_sub(2)..before.len(),
                "expected something after this or",
            ),
        }
    }

    /// A word, a comparison, a group, or the opposite of one of them.
    fn one(&mut self) -> Result<Node, Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(mistake(self.at..self.at + 1, "this is nested too deeply"));
        }
        let node = self.one_within();
        self.depth -= 1;
        node
    }

    fn one_within(&mut self) -> Result<Node, Mistake> {
        let rest = self.rest();
        let mut following = rest.chars().skip(1);
        let begins = following
            .next()
            .is_some_and(|c| !c.is_whitespace() && c != ')');
        match self.next() {
            Some('-' | '!') if begins && !rest.starts_with("!=") => {
                self.at += 1;
                Ok(Node::Not(Box::new(self.one()?)))
            }
            Some('(') => {
                let open = self.at;
                self.at += 1;
                let node = self.any(Some(open))?;
                if self.next() != Some(')') {
                    return Err(mistake(open..open + 1, "this ( is not closed"));
                }
                self.at += 1;
                Ok(node)
            }
            Some('/') => {
                let piece = self.slashed()?;
                self.pattern(&piece).map(Node::Pattern)
            }
            _ => self.word_or_comparison(),
        }
    }

    fn word_or_comparison(&mut self) -> Result<Node, Mistake> {
        if let Some(sign) = self.sign(false).filter(|sign| *sign != Sign::Like) {
            let at = self.at..self.at + sign.text().len();
            let words = format!("expected a name before {0}, such as lr{0}0.1", sign.text());
            return Err(mistake(at, words));
        }
        let piece = self.piece(true)?;
        let sign = self.sign(subject::fact_named(&piece.text).is_some());
        // A sign may stand alone between its name and its value.
        let after = self.at;
        self.skip_blanks();
        let sign = sign.or_else(|| self.sign(false).filter(|sign| self.stands_alone(*sign)));
        match sign {
            Some(sign) => self.comparison(piece, sign),
            None => {
                self.at = after;
                self.word(&piece)
            }
        }
    }

    /// Whether a sign behind blanks belongs to the name before them: `~/runs` is a path.
    fn stands_alone(&self, sign: Sign) -> bool {
        let blank = self.rest().chars().nth(1).is_none_or(char::is_whitespace);
        sign != Sign::Like || blank
    }

    fn word(&self, piece: &Piece) -> Result<Node, Mistake> {
        if !piece.is_quoted && piece.text.contains('*') {
            let pattern = Pattern::starred(&piece.text);
            return pattern
                .map(Node::Pattern)
                .map_err(|words| mistake(piece.at.clone(), words));
        }
        Ok(Node::Word(piece.text.to_lowercase()))
    }

    fn pattern(&self, piece: &Piece) -> Result<Pattern, Mistake> {
        Pattern::regex(&piece.text).map_err(|words| mistake(piece.at.clone(), words))
    }

    /// The sign that begins here. Of `:` only when a name that every run has is before it.
    fn sign(&self, has_fact: bool) -> Option<Sign> {
        let begins = |sign: &Sign| self.rest().starts_with(sign.text());
        Sign::ALL
            .into_iter()
            .find(begins)
            .filter(|sign| match sign {
                Sign::Has => has_fact,
                _ => true,
            })
    }

    fn comparison(&mut self, key: Piece, sign: Sign) -> Result<Node, Mistake> {
        let at = self.at..self.at + sign.text().len();
        self.at = at.end;
        if sign == Sign::Is && self.next() == Some('=') {
            self.at += 1;
        }
        if let Some('=' | '<' | '>' | '~') = self.next() {
            let words = "expected one of = != < <= > >= ~";
            return Err(mistake(at.start..self.at + 1, words));
        }
        self.skip_blanks();
        if self.next().is_none_or(|c| c == ')') {
            let words = format!("expected a value after {}", sign.text());
            return Err(mistake(at, words));
        }
        let value = if self.next() == Some('/') && matches!(sign, Sign::Like) {
            self.slashed()?
        } else {
            self.piece(false)?
        };
        let subject = subject::subject(&key.text).map_err(|words| mistake(key.at, words))?;
        let wanted = self.wanted(&subject, sign, &value)?;
        Ok(Node::Compare(Compare {
            key: key.text,
            subject,
            sign,
            wanted,
        }))
    }

    fn wanted(&self, subject: &Subject, sign: Sign, value: &Piece) -> Result<Wanted, Mistake> {
        let wrong = |words: String| Err(mistake(value.at.clone(), words));
        if sign == Sign::Like {
            return self.pattern(value).map(Wanted::Pattern);
        }
        let text = &value.text;
        if text == "*" && !value.is_quoted && !sign.is_order() {
            return Ok(Wanted::Anything);
        }
        let number = || match subject {
            Subject::Span(_) => amount::seconds(text),
            _ => amount::number(text),
        };
        let number = number().filter(|_| !value.is_quoted);
        match (subject, number) {
            (Subject::State, _) if !sign.is_order() && (value.is_quoted || !text.contains('*')) => {
                let lower = text.to_lowercase();
                if !subject::state_words().any(|word| word.starts_with(&lower)) {
                    let all: Vec<&str> = subject::state_words().collect();
                    return wrong(format!("no state is called so: {}", all.join(", ")));
                }
                Ok(Wanted::Text(lower))
            }
            (Subject::State | Subject::Tag | Subject::Words(_), _) if sign.is_order() => {
                wrong(format!(
                    "texts are not ordered: expected = or ~, not {}",
                    sign.text()
                ))
            }
            (Subject::Span(_) | Subject::Count(_) | Subject::Named(_), Some(number)) => {
                Ok(Wanted::Number(number, text.clone()))
            }
            (Subject::Span(_), None) => {
                wrong("expected a time, such as 90s, 10m or 2h30m".to_owned())
            }
            (Subject::Count(_), None) => {
                wrong("expected a number, such as 20, 1e-3 or 10k".to_owned())
            }
            (Subject::Named(_), None) if sign.is_order() => wrong(format!(
                "expected a number after {}, such as 1e-3",
                sign.text()
            )),
            _ if text.contains('*') && !value.is_quoted => {
                Pattern::whole(text).map(Wanted::Pattern).or_else(wrong)
            }
            _ => Ok(Wanted::Text(text.to_lowercase())),
        }
    }

    /// A text in quotes, or one that ends before a blank, a parenthesis or, for a name, a sign.
    fn piece(&mut self, is_name: bool) -> Result<Piece, Mistake> {
        match self.next() {
            Some(quote @ ('"' | '\'')) => self.in_quotes(quote),
            _ => self.bare(is_name),
        }
    }

    fn in_quotes(&mut self, quote: char) -> Result<Piece, Mistake> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            let escaped = chars.peek().map(|(_, next)| *next);
            let escaped = escaped.filter(|next| *next == quote || *next == '\\');
            match (c, escaped) {
                ('\\', Some(next)) => {
                    text.push(next);
                    chars.next();
                }
                _ if c == quote => {
                    self.at = start + at + c.len_utf8();
                    return Ok(Piece {
                        at: start..self.at,
                        text,
                        is_quoted: true,
                    });
                }
                _ => text.push(c),
            }
        }
        Err(mistake(start..self.text.len(), "this quote is not closed"))
    }

    fn bare(&mut self, is_name: bool) -> Result<Piece, Mistake> {
        let (start, rest) = (self.at, self.rest());
        let mut open = Vec::new();
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            let is_sign = is_name && at > 0 && {
                let tail = &rest[at..];
                let has_fact = subject::fact_named(&rest[..at]).is_some();
                tail.starts_with(['=', '<', '>', '~'])
                    || tail.starts_with("!=")
                    || has_fact && c == ':'
            };
            match c {
                '(' => open.push(at),
                ')' if open.pop().is_none() => end = at,
                _ if c.is_whitespace() || is_sign => end = at,
                _ => {}
            }
            if end == at {
                break;
            }
        }
        if let Some(at) = open.last() {
            return Err(mistake(start + at..start + at + 1, "this ( is not closed"));
        }
        self.at += end;
        Ok(Piece {
            at: start..self.at,
            text: rest[..end].to_owned(),
            is_quoted: false,
        })
    }

    /// An expression between slashes; without the second one it ends before a blank.
    fn slashed(&mut self) -> Result<Piece, Mistake> {
        let (start, rest) = (self.at, self.rest());
        let mut chars = rest.char_indices().skip(1);
        let mut closed = None;
        while let Some((at, c)) = chars.next() {
            let after = rest[at + c.len_utf8()..].chars().next();
            if c == '\\' {
                chars.next();
            } else if c == '/' && after.is_none_or(|c| c.is_whitespace() || c == ')') {
                closed = Some(at);
                break;
            }
        }
        let open = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (end, len) = closed.map_or((open, open), |at| (at, at + 1));
        self.at += len;
        Ok(Piece {
            at: start..self.at,
            text: rest[1..end].to_owned(),
            is_quoted: true,
        })
    }
}

fn one_or(mut parts: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            many(parts)
        }
        (_, None) => many(parts),
    }
}
