//! Markdown of lessons: paragraphs, headings, lists, **strong**, *emphasis* and `code`.

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Ui};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::gui::theme::{self, Palette};

/// How the text at hand is set.
#[derive(Clone, Copy, Default)]
struct MarkdownStyle {
    strong: bool,
    emphasis: bool,
    heading: bool,
}

/// Draws the text over as many lines as it needs.
pub fn show(ui: &mut Ui, palette: &Palette, text: &str) {
    let drawn = |c: char| ui.ctx().fonts_mut(|fonts| fonts.has_glyph(&FontId::proportional(theme::TEXT), c));
    let blocks = blocks(palette, text, &drawn);
    for (indent, job) in blocks {
        ui.horizontal_top(|ui| {
            if indent > 0 {
                ui.add_space(10.0 * indent as f32);
                ui.label("•");
            }
            ui.add(egui::Label::new(job).wrap());
        });
    }
}

/// The paragraphs, each with the depth of the list that it stands in. What the font of texts lacks (`drawn`) is set in that of
/// code, which has arrows.
fn blocks(palette: &Palette, text: &str, drawn: &dyn Fn(char) -> bool) -> Vec<(usize, LayoutJob)> {
    let (mut blocks, mut job) = (Vec::new(), LayoutJob::default());
    let (mut style, mut depth) = (MarkdownStyle::default(), 0);
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Strong) => style.strong = true,
            Event::End(TagEnd::Strong) => style.strong = false,
            Event::Start(Tag::Emphasis) => style.emphasis = true,
            Event::End(TagEnd::Emphasis) => style.emphasis = false,
            Event::Start(Tag::Heading { .. }) => style.heading = true,
            Event::Start(Tag::List(_)) => {
                close(&mut blocks, &mut job, depth);
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => {
                close(&mut blocks, &mut job, depth);
                depth -= 1;
            }
            Event::End(TagEnd::Heading(_)) => {
                close(&mut blocks, &mut job, depth);
                style.heading = false;
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item) => close(&mut blocks, &mut job, depth),
            Event::Text(text) => append(&mut job, &text, format(palette, style), drawn),
            Event::Code(text) => {
                let font_id = FontId::monospace(theme::TEXT - 0.5);
                let colour = palette.focus;
                job.append(&text, 0.0, TextFormat { font_id, color: colour, ..TextFormat::default() });
            }
            Event::SoftBreak | Event::HardBreak => job.append(" ", 0.0, format(palette, style)),
            _ => {}
        }
    }
    close(&mut blocks, &mut job, depth);
    blocks
}

fn append(job: &mut LayoutJob, text: &str, format: TextFormat, drawn: &dyn Fn(char) -> bool) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let here = drawn(first);
        let end = rest.find(|c| drawn(c) != here).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let font_id = if here { format.font_id.clone() } else { FontId::monospace(format.font_id.size) };
        job.append(run, 0.0, TextFormat { font_id, ..format.clone() });
        rest = after;
    }
}

fn close(blocks: &mut Vec<(usize, LayoutJob)>, job: &mut LayoutJob, depth: usize) {
    if !job.text.is_empty() {
        blocks.push((depth, std::mem::take(job)));
    }
}

fn format(palette: &Palette, style: MarkdownStyle) -> TextFormat {
    let size = if style.heading { theme::TEXT + 2.0 } else { theme::TEXT };
    let color = if style.strong || style.heading { palette.focus } else { palette.ink };
    TextFormat { font_id: FontId::proportional(size), color, italics: style.emphasis, ..TextFormat::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lists_are_blocks_and_marks_are_gone() {
        let found = blocks(&Palette::dark(), "One **strong**\nline.\n\n- a *b*\n- `c`\n\nEnd.", &|_| true);
        let texts: Vec<_> = found.iter().map(|(depth, job)| (*depth, job.text.as_str())).collect();
        assert_eq!(texts, [(0, "One strong line."), (1, "a b"), (1, "c"), (0, "End.")]);
        assert!(found[1].1.sections.iter().any(|section| section.format.italics));
        let arrow = blocks(&Palette::dark(), "a → b", &|c| c.is_ascii());
        assert_eq!((arrow[0].1.text.as_str(), arrow[0].1.sections.len()), ("a → b", 3));
    }
}
