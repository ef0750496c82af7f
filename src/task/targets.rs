//! Targets that a person draws: single spikes added and removed, each logged, so that a run can be replayed.

use std::fmt;

use crate::spike::Raster;

/// One target spike that comes or goes. As text `+0:3@52`: sample 0, output 3, step 52.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetEdit {
    /// Added; removed otherwise.
    pub add: bool,
    /// Number of the training sample.
    pub sample: u32,
    pub output: u32,
    pub step: u32,
}

impl TargetEdit {
    /// Reads what [`TargetEdit`] is written as.
    pub fn parse(text: &str) -> Option<Self> {
        let (add, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('-')?),
        };
        let (sample, rest) = rest.split_once(':')?;
        let (output, step) = rest.split_once('@')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(Self { add, sample: number(sample)?, output: number(output)?, step: number(step)? })
    }

    /// What takes it back.
    pub fn inverse(self) -> Self {
        Self { add: !self.add, ..self }
    }

    /// Whether it lies within `samples` samples of `outputs` outputs and `steps` steps.
    pub fn fits(&self, samples: usize, outputs: usize, steps: usize) -> bool {
        (self.sample as usize) < samples && (self.output as usize) < outputs && (self.step as usize) < steps
    }

    /// The raster with the spike or without it. What is there already stays, what is not there is not missed.
    pub fn apply(&self, target: &Raster) -> Raster {
        let spike = (self.step, self.output);
        let all = target.iter().map(|(step, unit)| (step as u32, unit)).filter(|s| *s != spike);
        Raster::from_events(target.units(), target.steps(), all.chain(self.add.then_some(spike)).collect())
    }
}

impl fmt::Display for TargetEdit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { add, sample, output, step } = self;
        write!(f, "{}{sample}:{output}@{step}", if *add { '+' } else { '-' })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_read_as_it_is_written() {
        let edit = TargetEdit { add: true, sample: 0, output: 3, step: 52 };
        assert_eq!(edit.to_string(), "+0:3@52");
        for edit in [edit, edit.inverse()] {
            assert_eq!(TargetEdit::parse(&edit.to_string()), Some(edit));
        }
        for wrong in ["", "+", "0:3@52", "+0:3", "+0:3@", "+a:3@4", "+0:-3@4", "+0:3@99999999999"] {
            assert_eq!(TargetEdit::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spikes_come_and_go_and_come_back() {
        let target = Raster::from_events(3, 9, vec![(1, 2), (4, 0)]);
        let add = TargetEdit { add: true, sample: 0, output: 1, step: 4 };
        let more = add.apply(&target);
        assert_eq!(more.iter().collect::<Vec<_>>(), [(1, 2), (4, 0), (4, 1)]);
        assert_eq!(add.apply(&more), more);
        assert_eq!(add.inverse().apply(&more), target);
        assert!(add.fits(1, 2, 5) && !add.fits(0, 2, 5) && !add.fits(1, 1, 5) && !add.fits(1, 2, 4));
    }
}
