//! A plot on a sheet: where values stand, and the axes around it.

use super::style::{FigurePalette, FigureStyle};
use crate::picture::sheet::{Rgb, Sheet, SheetAlign, text_width};

/// The rectangle of a plot, and the values at its sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigurePlot {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
    /// At the left and the right side.
    pub x: [f64; 2],
    /// At the foot and the top.
    pub y: [f64; 2],
}

impl FigurePlot {
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    pub fn x_of(&self, x: f64) -> f32 {
        self.left + ((x - self.x[0]) / (self.x[1] - self.x[0])) as f32 * self.width
    }

    pub fn y_of(&self, y: f64) -> f32 {
        self.bottom() - ((y - self.y[0]) / (self.y[1] - self.y[0])) as f32 * self.height
    }

    pub fn at(&self, x: f64, y: f64) -> [f32; 2] {
        [self.x_of(x), self.y_of(y)]
    }

    /// The part of a line that lies within the plot, in pieces.
    pub fn clipped(&self, line: &[[f32; 2]]) -> Vec<Vec<[f32; 2]>> {
        let mut pieces: Vec<Vec<[f32; 2]>> = Vec::new();
        for pair in line.windows(2) {
            let Some([from, to]) = self.within([pair[0], pair[1]]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// Liang and Barsky's clipping.
    fn within(&self, [a, b]: [[f32; 2]; 2]) -> Option<[[f32; 2]; 2]> {
        let way = [b[0] - a[0], b[1] - a[1]];
        let (mut from, mut to) = (0.0f32, 1.0f32);
        let sides = [
            (-way[0], a[0] - self.left),
            (way[0], self.right() - a[0]),
            (-way[1], a[1] - self.top),
            (way[1], self.bottom() - a[1]),
        ];
        for (towards, room) in sides {
            if towards == 0.0 && room < 0.0 {
                return None;
            }
            if towards < 0.0 {
                from = from.max(room / towards);
            } else if towards > 0.0 {
                to = to.min(room / towards);
            }
        }
        let at = |t: f32| [a[0] + t * way[0], a[1] + t * way[1]];
        // an end that lies inside stays exactly what it is, so that pieces meet
        (from <= to).then(|| [if from == 0.0 { a } else { at(from) }, if to == 1.0 { b } else { at(to) }])
    }
}

/// A sheet while it is drawn, with the look that all of its parts have.
pub struct FigurePen {
    pub sheet: Sheet,
    pub style: FigureStyle,
    pub colours: FigurePalette,
    /// Size of the font.
    pub font: f32,
}

impl FigurePen {
    /// A sheet of the style's width, and of this height in points.
    pub fn new(style: &FigureStyle, height: f32) -> Self {
        let colours = style.palette();
        Self { sheet: Sheet::new([style.width_pt(), height], colours.paper), style: *style, colours, font: style.font }
    }

    pub fn text(&mut self, at: [f32; 2], align: SheetAlign, colour: Rgb, text: impl Into<String>) {
        self.sheet.text(at, align, self.font, colour, text);
    }

    /// Width of a text.
    pub fn wide(&self, text: &str) -> f32 {
        text_width(text, self.font)
    }

    /// The title, above everything, where the style has one.
    pub fn title(&mut self, left: f32, title: &str) {
        if self.style.titled() {
            self.text([left, self.font], SheetAlign::Left, self.colours.ink, title);
        }
    }

    /// The ground of a plot and the lines at its left side and its foot.
    pub fn ground(&mut self, plot: &FigurePlot) {
        self.sheet.bars(self.colours.ground, vec![[plot.left, plot.top, plot.width, plot.height]]);
    }

    pub fn frame(&mut self, plot: &FigurePlot) {
        let (l, t, r, b) = (plot.left, plot.top, plot.right(), plot.bottom());
        let frame = vec![[l, t], [r, t], [r, b], [l, b], [l, t]];
        self.sheet.lines(self.colours.faint, self.style.hair(), vec![frame]);
    }

    /// Ticks with their texts below a plot, and the name of the axis below them.
    pub fn x_axis(&mut self, plot: &FigurePlot, ticks: &[(f64, String)], name: &str) {
        let (foot, long) = (plot.bottom(), self.font * 0.4);
        let lines = ticks.iter().map(|(x, _)| vec![[plot.x_of(*x), foot], [plot.x_of(*x), foot + long]]).collect();
        self.sheet.lines(self.colours.faint, self.style.hair(), lines);
        for (x, text) in ticks {
            self.text([plot.x_of(*x), foot + 1.15 * self.font], SheetAlign::Middle, self.colours.ink, text.clone());
        }
        let middle = plot.left + plot.width / 2.0;
        self.text([middle, foot + 2.4 * self.font], SheetAlign::Middle, self.colours.ink, name);
    }

    /// Ticks with their texts on the left of a plot, and the name of the axis on the left of them.
    pub fn y_axis(&mut self, plot: &FigurePlot, ticks: &[(f64, String)], name: &str) {
        let long = self.font * 0.4;
        let lines = ticks.iter().map(|(y, _)| vec![[plot.left - long, plot.y_of(*y)], [plot.left, plot.y_of(*y)]]);
        self.sheet.lines(self.colours.faint, self.style.hair(), lines.collect());
        for (y, text) in ticks {
            self.text([plot.left - 1.3 * long, plot.y_of(*y)], SheetAlign::Right, self.colours.ink, text.clone());
        }
        let widest = ticks.iter().map(|(_, text)| self.wide(text)).fold(0.0, f32::max);
        // other programs may have a wider font
        let at = [plot.left - 1.3 * long - 1.15 * widest - self.font * 0.8, plot.top + plot.height / 2.0];
        self.sheet.upwards(at, self.font, self.colours.ink, name);
    }
}

/// Room above a figure: for its title, where it has one, and else for half a line of text.
pub fn above(style: &FigureStyle) -> f32 {
    if style.titled() { 2.0 * style.font } else { 0.8 * style.font }
}

/// Room below a plot for the numbers and the name of its axis.
pub fn below(style: &FigureStyle) -> f32 {
    3.1 * style.font
}

/// Round numbers with texts on an axis of this length in points, each about as far apart as `apart` says in sizes of the font.
pub fn ticks(range: [f64; 2], length: f32, style: &FigureStyle, apart: f32) -> Vec<(f64, String)> {
    let most = (length / (style.font * apart)).max(1.0) as usize;
    crate::picture::ticks::labelled(range[0], range[1], most)
}

/// A text in lines that are no wider than `width`, where its words allow that.
pub fn wrapped(text: &str, font: f32, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), font) <= width => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_the_sides_of_its_plot() {
        let plot = FigurePlot { left: 0.0, top: 0.0, width: 10.0, height: 10.0, x: [0.0, 1.0], y: [0.0, 1.0] };
        let line = [[-5.0, 5.0], [5.0, 5.0], [5.0, 8.0], [5.0, 20.0], [20.0, 20.0], [12.0, 3.0], [8.0, 3.0]];
        let pieces = plot.clipped(&line);
        assert_eq!(pieces[0], [[0.0, 5.0], [5.0, 5.0], [5.0, 8.0], [5.0, 10.0]]);
        assert_eq!(pieces[1], [[10.0, 3.0], [8.0, 3.0]]);
        assert_eq!(pieces.len(), 2);
        assert_eq!(plot.at(0.5, 0.25), [5.0, 7.5]);
    }

    #[test]
    fn a_text_is_broken_between_its_words() {
        let text = "around the circle: true loss 0, Activation 0.5000 (50 %)";
        let lines = wrapped(text, 8.0, 100.0);
        assert!(lines.len() > 1 && lines.join(" ") == text, "{lines:?}");
        assert!(lines.iter().all(|line| text_width(line, 8.0) <= 100.0), "{lines:?}");
        assert_eq!(wrapped(text, 8.0, 1.0).len(), 10);
        assert_eq!(wrapped(text, 8.0, 1e4), [text]);
    }
}
