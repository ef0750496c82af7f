//! A sheet as SVG.

use std::fmt::{self, Write};

use super::font::FAMILY;
use super::{Rgb, Sheet, SheetAlign, SheetFacts, SheetMark, SheetText};
use crate::picture::Bitmap;
use crate::picture::figure::{base64, escaped};

/// Pixels along a side that a picture of cells is enlarged to, so that programs that smooth pictures show cells all the
/// same.
const ENLARGED: usize = 600;

/// The whole file.
pub fn write(sheet: &Sheet, facts: &SheetFacts) -> Result<String, png::EncodingError> {
    let [width, height] = sheet.size.map(Short);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} \
         {height}\" font-family=\"{FAMILY}\">\n<title>{}</title>\n<desc>{}</desc>\n<metadata>{}</metadata>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        escaped(&facts.title),
        escaped(&facts.origin),
        escaped(&facts.json),
        Hex(sheet.ground)
    );
    for mark in &sheet.marks {
        match mark {
            SheetMark::Cells { at, columns, rgb } => out += &cells(*at, *columns, rgb)?,
            _ => element(&mut out, mark).expect("a String takes everything"),
        }
    }
    Ok(out + "</svg>\n")
}

fn element(out: &mut String, mark: &SheetMark) -> fmt::Result {
    match mark {
        SheetMark::Bars { colour, bars } => {
            write!(out, "<path fill=\"{}\" d=\"", Hex(*colour))?;
            for [x, y, w, h] in bars.iter().map(|bar| bar.map(Short)) {
                write!(out, "M{x} {y}h{w}v{h}h{}z", Short(-w.0))?;
            }
            out.push_str("\"/>\n");
        }
        SheetMark::Polygons { colour, rim, polygons } => {
            write!(out, "<path fill=\"{}\"", Hex(*colour))?;
            if *rim > 0.0 {
                let (colour, rim) = (Hex(*colour), Short(*rim));
                write!(out, " stroke=\"{colour}\" stroke-width=\"{rim}\" stroke-linejoin=\"round\"")?;
            }
            out.push_str(" d=\"");
            for polygon in polygons {
                points(out, polygon)?;
                out.push('z');
            }
            out.push_str("\"/>\n");
        }
        SheetMark::Lines { colour, width, dash, lines } => {
            write!(out, "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", Hex(*colour), Short(*width))?;
            if let Some([on, off]) = dash.map(|dash| dash.map(Short)) {
                write!(out, " stroke-dasharray=\"{on} {off}\"")?;
            }
            out.push_str(" stroke-linejoin=\"round\" d=\"");
            for line in lines {
                points(out, line)?;
            }
            out.push_str("\"/>\n");
        }
        SheetMark::Circles { colour, radius, ring, centres } => {
            match ring {
                Some(width) => {
                    write!(out, "<g fill=\"none\" stroke=\"{}\" stroke-width=\"{}\">", Hex(*colour), Short(*width))?;
                }
                None => write!(out, "<g fill=\"{}\">", Hex(*colour))?,
            }
            for [x, y] in centres.iter().map(|centre| centre.map(Short)) {
                write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", Short(*radius))?;
            }
            out.push_str("</g>\n");
        }
        SheetMark::Text(text) => self::text(out, text)?,
        SheetMark::Cells { .. } => {}
    }
    Ok(())
}

fn points(out: &mut String, points: &[[f32; 2]]) -> fmt::Result {
    for (k, [x, y]) in points.iter().map(|point| point.map(Short)).enumerate() {
        write!(out, "{}{x} {y}", if k == 0 { 'M' } else { 'L' })?;
    }
    Ok(())
}

fn text(out: &mut String, t: &SheetText) -> fmt::Result {
    let anchor = match t.align {
        SheetAlign::Left => "start",
        SheetAlign::Middle => "middle",
        SheetAlign::Right => "end",
    };
    // the line of a text lies about a third of its height below its middle
    let line = t.size * super::LINE;
    let [x, y] = if t.upwards { [t.at[0] + line, t.at[1]] } else { [t.at[0], t.at[1] + line] }.map(Short);
    write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"", Short(t.size), Hex(t.colour))?;
    write!(out, " text-anchor=\"{anchor}\"")?;
    if t.upwards {
        write!(out, " transform=\"rotate(-90 {x} {y})\"")?;
    }
    writeln!(out, ">{}</text>", escaped(&t.text))
}

fn cells([x, y, width, height]: [f32; 4], columns: usize, rgb: &[Rgb]) -> Result<String, png::EncodingError> {
    let rows = rgb.len() / columns.max(1);
    let times = (ENLARGED / columns.max(rows).max(1)).max(1);
    let (wide, high) = (columns * times, rows * times);
    let pixel = |place: usize| {
        let [r, g, b] = rgb[place / wide / times * columns + place % wide / times];
        [r, g, b, 255]
    };
    let rgba = (0..wide * high).flat_map(pixel).collect();
    let png = base64(&Bitmap { width: wide, height: high, rgba }.png(&[])?);
    let [x, y, width, height] = [x, y, width, height].map(Short);
    Ok(format!(
        "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" \
         image-rendering=\"pixelated\" href=\"data:image/png;base64,{png}\"/>\n"
    ))
}

/// A length with at most three places.
#[derive(Clone, Copy)]
struct Short(f32);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = format!("{:.3}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

struct Hex(Rgb);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}
