//! Markdown of lessons: paragraphs, headings, lists, **strong**, *emphasis* and `code`.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Ui, vec2};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::gui::theme::{self, Palette};

/// Points between the two strokes of stressed text.
const BOLD: f32 = 0.5;
/// Room after slanted letters, which lean over the space that follows, in points.
const SLANT: f32 = 2.5;

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
            let stressed = stressed(palette, &job, ui.available_width());
            let at = ui.add(egui::Label::new(job).wrap()).rect.min;
            if let Some(job) = stressed {
                let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
                ui.painter().galley(at + vec2(BOLD, 0.0), galley, palette.ink);
            }
        });
    }
}

/// The font has no bold face: what is stressed is drawn a second time, a little to the right. The same text with everything
/// else left out; none where nothing is stressed.
fn stressed(palette: &Palette, job: &LayoutJob, width: f32) -> Option<LayoutJob> {
    let is_strong = |format: &TextFormat| format.color == palette.strong();
    job.sections.iter().any(|section| is_strong(&section.format)).then(|| {
        let mut job = job.clone();
        job.wrap.max_width = width;
        for section in job.sections.iter_mut().filter(|section| !is_strong(&section.format)) {
            section.format.color = Color32::TRANSPARENT;
        }
        job
    })
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
                let room = room(&job);
                job.append(&text, room, TextFormat { font_id, color: colour, ..TextFormat::default() });
            }
            Event::SoftBreak | Event::HardBreak => append(&mut job, " ", format(palette, style), drawn),
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
        let room = if format.italics { 0.0 } else { room(job) };
        job.append(run, room, TextFormat { font_id, ..format.clone() });
        rest = after;
    }
}

/// Room before upright letters that follow.
fn room(job: &LayoutJob) -> f32 {
    let slanted = job.sections.last().is_some_and(|section| section.format.italics);
    if slanted { SLANT } else { 0.0 }
}

fn close(blocks: &mut Vec<(usize, LayoutJob)>, job: &mut LayoutJob, depth: usize) {
    if !job.text.is_empty() {
        blocks.push((depth, std::mem::take(job)));
    }
}

fn format(palette: &Palette, style: MarkdownStyle) -> TextFormat {
    let size = if style.heading { theme::TEXT + 2.0 } else { theme::TEXT };
    let color = if style.strong || style.heading { palette.strong() } else { palette.ink };
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
        assert!(found[1].1.sections.last().is_some_and(|section| section.format.italics));
        let after = blocks(&Palette::dark(), "raises *every* weight", &|_| true);
        assert_eq!(after[0].1.sections[2].leading_space, SLANT, "slanted letters lean over the space");
        let stressed = stressed(&Palette::dark(), &found[0].1, 100.0).unwrap();
        let seen = |n: usize| stressed.sections[n].format.color != Color32::TRANSPARENT;
        assert!(!seen(0) && seen(1) && stressed.text == "One strong line.");
        let arrow = blocks(&Palette::dark(), "a → b", &|c| c.is_ascii());
        assert_eq!((arrow[0].1.text.as_str(), arrow[0].1.sections.len()), ("a → b", 3));
    }
}
