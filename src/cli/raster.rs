//! A raster drawn in text: inputs as a profile, hidden neurons in groups, every output with its target.

use crate::loss::LossKind;
use crate::spike::{Raster, Sample, Trains};

/// What is drawn.
pub struct View<'a> {
    pub sample: &'a Sample,
    /// The hidden layers from the input on, and last the output.
    pub layers: Vec<&'a Raster>,
    pub loss: LossKind,
    /// T.
    pub steps: usize,
}

/// Characters before the first step.
const LABEL: usize = 14;
/// Rows of all hidden layers together.
const HIDDEN_ROWS: usize = 20;
/// Rows of a hidden layer.
const LAYER_ROWS: usize = 10;
/// Outputs that are drawn.
const OUTPUTS: usize = 16;
/// Time is broken into at most so many lines before columns stand for several steps.
const LINES: usize = 2;

const PROFILE: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The raster in lines of at most `width` characters, with a legend.
pub fn draw(view: &View, width: usize) -> String {
    let columns = Columns::new(view.steps, width.saturating_sub(LABEL).max(10));
    let rows = view.rows(&columns);
    let mut lines = Vec::new();
    for part in columns.parts() {
        lines.push(columns.axis(part.clone()));
        for row in &rows {
            let cells: String = row.cells[part.clone()].iter().collect();
            lines.push(format!("{:>1$} {cells}", row.label, LABEL - 1).trim_end().to_owned());
        }
        lines.push(String::new());
    }
    lines.extend(view.legend(&columns));
    lines.join("\n")
}

/// A row before it is broken into lines.
struct Row {
    label: String,
    cells: Vec<char>,
}

impl View<'_> {
    fn output(&self) -> &Raster {
        self.layers[self.layers.len() - 1]
    }

    fn rows(&self, columns: &Columns) -> Vec<Row> {
        let input = columns.counts(&self.sample.input, self.sample.input.units());
        let most = input[0].iter().copied().max().unwrap_or(0).max(1) as usize;
        let level = |n: &u32| PROFILE[(*n as usize * (PROFILE.len() - 1)).div_ceil(most)];
        let mut rows = vec![Row { label: "inputs".into(), cells: input[0].iter().map(level).collect() }];
        let hidden = &self.layers[..self.layers.len() - 1];
        for (l, layer) in hidden.iter().enumerate() {
            rows.extend(hidden_rows(layer, l, hidden.len(), columns));
        }
        rows.extend(self.output_rows(columns));
        rows
    }

    fn output_rows(&self, columns: &Columns) -> Vec<Row> {
        let (spikes, targets) = (self.output().trains(), self.targets());
        let row = |unit| {
            let mut marks = vec![Mark::default(); columns.count];
            let (had, wanted) = (spikes.of(unit), targets.as_ref().map_or(&[][..], |t| t.of(unit)));
            for step in had {
                let mark = &mut marks[*step as usize / columns.steps_each];
                if targets.is_none() || wanted.binary_search(step).is_ok() {
                    mark.hit = true;
                } else {
                    mark.extra = true;
                }
            }
            for step in wanted.iter().filter(|step| had.binary_search(step).is_err()) {
                marks[*step as usize / columns.steps_each].miss = true;
            }
            Row { label: format!("output {}", unit + 1), cells: marks.into_iter().map(Mark::sign).collect() }
        };
        (0..self.output().units().min(OUTPUTS)).map(row).collect()
    }

    /// Where output spikes are wanted, if the loss cares.
    fn targets(&self) -> Option<Trains> {
        (self.loss == LossKind::SpikeTrain).then(|| self.sample.target.spikes.trains())
    }

    fn legend(&self, columns: &Columns) -> Vec<String> {
        let mut lines = Vec::new();
        if columns.steps_each > 1 {
            lines.push(format!("Each column stands for {} steps.", columns.steps_each));
        }
        lines.push("inputs ▁▄█ few to many spikes   hidden · one spike in this group  • several".to_owned());
        match self.loss {
            LossKind::SpikeTrain => {
                let several = if columns.steps_each > 1 { "  * several" } else { "" };
                lines.push(format!("output ● spike on target  ○ missed target  × spike without target{several}"));
            }
            LossKind::Count | LossKind::Latency => lines.push("output ● spike".to_owned()),
        }
        let more = self.output().units().saturating_sub(OUTPUTS);
        if more > 0 {
            lines.push(format!("{more} more outputs are not drawn."));
        }
        lines.push(self.score());
        lines
    }

    /// How near the output is to what is wanted, in a sentence.
    fn score(&self) -> String {
        let (had, target) = (self.output(), &self.sample.target);
        match self.loss {
            LossKind::SpikeTrain => {
                let hits = had.iter().filter(|&(step, unit)| target.spikes.contains(step, unit)).count();
                let (missed, extra) = (target.spikes.len() - hits, had.len() - hits);
                let wanted = target.spikes.len();
                format!("Target spikes: {wanted}, hit: {hits}, missed: {missed}. Spikes without target: {extra}.")
            }
            LossKind::Count => {
                format!("The outputs have {} spikes together, and {} are wanted.", had.len(), target.spikes.len())
            }
            LossKind::Latency => {
                let first = had.iter().next().map(|(step, unit)| format!("output {} does, at step {step}", unit + 1));
                let first = first.unwrap_or("none does".into());
                format!("Output {} should spike first; {first}.", target.label + 1)
            }
        }
    }
}

fn hidden_rows(layer: &Raster, l: usize, layers: usize, columns: &Columns) -> Vec<Row> {
    let rows = LAYER_ROWS.min(HIDDEN_ROWS / layers).max(1);
    let group = layer.units().div_ceil(rows).max(1);
    let name = if layers == 1 { "hidden".to_owned() } else { format!("hidden {}", l + 1) };
    let sign = |n: &u32| ['\u{20}', '·', '•'][(*n as usize).min(2)];
    let row = |(n, counts): (usize, Vec<u32>)| {
        let (first, last) = (n * group + 1, ((n + 1) * group).min(layer.units()));
        let label = match (layers, first == last) {
            (1, true) => format!("{name} {first}"),
            (1, false) => format!("{name} {first}–{last}"),
            _ if n == 0 => name.clone(),
            _ => String::new(),
        };
        Row { label, cells: counts.iter().map(sign).collect() }
    };
    columns.counts(layer, group).into_iter().enumerate().map(row).collect()
}

/// What there is of an output in one column.
#[derive(Clone, Copy, Default)]
struct Mark {
    hit: bool,
    miss: bool,
    extra: bool,
}

impl Mark {
    fn sign(self) -> char {
        match (self.hit, self.miss, self.extra) {
            (false, false, false) => '─',
            (true, false, false) => '●',
            (false, true, false) => '○',
            (false, false, true) => '×',
            _ => '*',
        }
    }
}

/// How time is laid out.
struct Columns {
    count: usize,
    steps_each: usize,
    /// Columns in a line.
    line: usize,
}

impl Columns {
    /// For `room` characters in a line.
    fn new(steps: usize, room: usize) -> Self {
        let steps_each = steps.div_ceil(LINES * room).max(1);
        let count = steps.div_ceil(steps_each).max(1);
        let even = count.div_ceil(count.div_ceil(room));
        // lines that begin with a round number are easier to read
        let line = if even.next_multiple_of(10) <= room { even.next_multiple_of(10) } else { even };
        Self { count, steps_each, line }
    }

    fn parts(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        (0..self.count).step_by(self.line).map(|first| first..(first + self.line).min(self.count))
    }

    /// Steps, a number at every tenth column.
    fn axis(&self, part: std::ops::Range<usize>) -> String {
        let numbers = part.clone().step_by(10).map(|c| format!("{:<10}", c * self.steps_each));
        format!("{:>1$} {2}", "step", LABEL - 1, numbers.collect::<String>()).trim_end().to_owned()
    }

    /// Spikes of each group of `group` units in each column.
    fn counts(&self, raster: &Raster, group: usize) -> Vec<Vec<u32>> {
        let mut counts = vec![vec![0; self.count]; raster.units().div_ceil(group)];
        for (step, unit) in raster.iter() {
            counts[unit as usize / group][step / self.steps_each] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::Target;

    fn drawn(steps: usize, loss: LossKind, width: usize) -> String {
        let sample = Sample {
            input: Raster::from_events(2, steps, vec![(0, 0), (0, 1), (3, 1)]),
            target: Target { spikes: Raster::from_events(1, steps, vec![(1, 0), (4, 0)]), label: 0 },
        };
        let hidden = Raster::from_events(20, steps, vec![(2, 0), (2, 1), (3, 19)]);
        let output = Raster::from_events(1, steps, vec![(4, 0), (6, 0)]);
        draw(&View { sample: &sample, layers: vec![&hidden, &output], loss, steps }, width)
    }

    fn line<'a>(text: &'a str, label: &str) -> &'a str {
        text.lines().find_map(|l| l.trim_start().strip_prefix(label)).unwrap_or_else(|| panic!("{label}\n{text}"))
    }

    #[test]
    fn hits_misses_and_extras_differ() {
        let text = drawn(10, LossKind::SpikeTrain, 80);
        assert_eq!(line(&text, "output 1 "), "─○──●─×───");
        assert_eq!(line(&text, "inputs "), "█  ▄");
        assert_eq!(line(&text, "hidden 1–2 "), "  •");
        assert_eq!(line(&text, "hidden 19–20 "), "   ·");
        assert!(text.ends_with("Target spikes: 2, hit: 1, missed: 1. Spikes without target: 1."), "{text}");
        assert_eq!(line(&drawn(10, LossKind::Count, 80), "output 1 "), "────●─●───");
        assert!(drawn(10, LossKind::Latency, 80).ends_with("Output 1 should spike first; output 1 does, at step 4."));
    }

    #[test]
    fn time_is_broken_into_lines_and_then_folded() {
        for (steps, axes, each) in
            [(60, 1, None), (100, 2, None), (132, 2, None), (133, 2, Some(2)), (5000, 2, Some(38))]
        {
            let text = drawn(steps, LossKind::SpikeTrain, 80);
            assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
            assert_eq!(text.lines().filter(|l| l.trim_start().starts_with("step ")).count(), axes, "{steps}");
            let folded = each.map(|n| format!("Each column stands for {n} steps."));
            assert_eq!(text.lines().find(|l| l.starts_with("Each")), folded.as_deref(), "{steps}");
        }
    }
}
