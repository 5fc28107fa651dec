//! Elements of a picture: text that is made harmless, lines and areas in few digits.

use std::fmt::{self, Write as _};

use crate::figure::Tone;
use crate::widgets::Safe;
use crate::widgets::theme::Hue;

/// Writes elements one after the other.
#[derive(Debug)]
pub(super) struct Pen {
    out: String,
}

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Color(pub(super) [u8; 3]);

/// A coordinate in tenths of a pixel.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub(super) f64);

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) size: f64,
    pub(super) color: Color,
    pub(super) bold: bool,
    /// With a white edge, where it may lie over lines.
    pub(super) halo: bool,
}

/// Which point of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) color: Color,
    pub(super) width: f64,
    pub(super) opacity: f64,
    /// `4 3`: so long are dashes and gaps.
    pub(super) dashes: Option<&'static str>,
}

pub(super) const TEXT: Color = Color([30, 32, 36]);
pub(super) const QUIET: Color = Color([90, 95, 104]);
pub(super) const GRID: Color = Color([226, 229, 233]);
pub(super) const FRAME: Color = Color([150, 154, 160]);
pub(super) const BAD: Color = Color([190, 20, 50]);
pub(super) const WARNING: Color = Color([148, 108, 0]);

/// What a character takes of the size of its font, on average and in digits.
const CHARACTER: f64 = 0.56;

impl Color {
    pub(super) fn of(tone: &Tone) -> Self {
        tone.hue().map_or(TEXT, |hue: Hue<'_>| Self(hue.on_paper()))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Minus zero is zero.
        write!(f, "{}", tenths + 0.0)
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            size: 11.0,
            color: TEXT,
            bold: false,
            halo: false,
        }
    }
}

impl Words {
    /// About how wide a text is.
    pub(super) fn width(&self, text: &Safe) -> f64 {
        let wider = if self.bold { 1.08 } else { 1.0 };
        text.width() as f64 * self.size * CHARACTER * wider
    }

    /// The text with as much of its middle left out as it must be.
    pub(super) fn fit(&self, text: &Safe, room: f64) -> Safe {
        let wider = if self.bold { 1.08 } else { 1.0 };
        let cells = room.max(0.0) / (self.size * CHARACTER * wider);
        text.elide_middle(cells as usize)
    }
}

impl Stroke {
    pub(super) fn new(color: Color, width: f64) -> Self {
        Self {
            color,
            width,
            opacity: 1.0,
            dashes: None,
        }
    }
}

impl Pen {
    /// On white paper of this size.
    pub(super) fn new(width: f64, height: f64) -> Self {
        let (width, height) = (At(width), At(height));
        let out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             font-family=\"Helvetica, Arial, sans-serif\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        );
        Self { out }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// What the elements that follow, or all of the picture, are called by who reads it aloud.
    pub(super) fn name(&mut self, name: &Safe) {
        self.out.push_str("<title>");
        self.escape(name.as_str());
        self.out.push_str("</title>\n");
    }

    pub(super) fn begin(&mut self) {
        self.out.push_str("<g>\n");
    }

    /// What follows is drawn only within an area of this number.
    pub(super) fn begin_clipped(&mut self, number: usize, corner: (f64, f64), size: (f64, f64)) {
        let ((x, y), (width, height)) = (tenths(corner), tenths(size));
        self.put(format_args!(
            "<clipPath id=\"plot{number}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\"/></clipPath>\n<g clip-path=\"url(#plot{number})\">\n"
        ));
    }

    pub(super) fn end(&mut self) {
        self.out.push_str("</g>\n");
    }

    pub(super) fn text(&mut self, at: (f64, f64), text: &Safe, words: &Words, anchor: Anchor) {
        if text.is_empty() {
            return;
        }
        if words.halo {
            // An element of its own: not everybody who draws SVG knows of an order of painting.
            let halo = "#ffffff\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round";
            self.put_text(at, text, words, anchor, halo);
        }
        self.put_text(at, text, words, anchor, &words.color.to_string());
    }

    fn put_text(&mut self, at: (f64, f64), text: &Safe, words: &Words, anchor: Anchor, fill: &str) {
        let ((x, y), size) = (tenths(at), At(words.size));
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\""
        ));
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => self.out.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.out.push_str(" text-anchor=\"end\""),
        }
        if words.bold {
            self.out.push_str(" font-weight=\"bold\"");
        }
        self.out.push('>');
        self.escape(text.as_str());
        self.out.push_str("</text>\n");
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &Stroke) {
        let ((x, y), (to_x, to_y)) = (tenths(from), tenths(to));
        self.stroke(format_args!("M{x} {y}L{to_x} {to_y}"), stroke);
    }

    /// A path of `M` and `L` commands.
    pub(super) fn path(&mut self, path: &str, stroke: &Stroke) {
        if !path.is_empty() {
            self.stroke(format_args!("{path}"), stroke);
        }
    }

    pub(super) fn area(&mut self, path: &str, color: Color, opacity: f64) {
        if !path.is_empty() {
            self.put(format_args!(
                "<path d=\"{path}\" fill=\"{color}\" fill-opacity=\"{opacity}\"/>\n"
            ));
        }
    }

    pub(super) fn frame(&mut self, corner: (f64, f64), size: (f64, f64)) {
        let ((x, y), (width, height)) = (tenths(corner), tenths(size));
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
             stroke=\"{FRAME}\"/>\n"
        ));
    }

    fn stroke(&mut self, path: fmt::Arguments<'_>, stroke: &Stroke) {
        let Stroke { color, width, .. } = stroke;
        self.put(format_args!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" \
             stroke-linejoin=\"round\" stroke-linecap=\"round\""
        ));
        if stroke.opacity < 1.0 {
            self.put(format_args!(" stroke-opacity=\"{}\"", stroke.opacity));
        }
        if let Some(dashes) = stroke.dashes {
            self.put(format_args!(" stroke-dasharray=\"{dashes}\""));
        }
        self.out.push_str("/>\n");
    }

    fn put(&mut self, words: fmt::Arguments<'_>) {
        // Writing to memory cannot fail.
        let _ = self.out.write_fmt(words);
    }

    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                // These are characters, but not of XML.
                '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
    }
}

fn tenths((x, y): (f64, f64)) -> (At, At) {
    (At(x), At(y))
}
