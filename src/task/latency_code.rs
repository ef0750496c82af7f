//! Grey values as spike times: the brighter a pixel, the earlier its one spike ([model §3](crate::model#3-inputs)).

use crate::spike::Raster;

/// Between which steps the pixels of an image spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatencyCode {
    /// Step of a pixel of value 255.
    pub earliest: usize,
    /// Step towards which the values near 0 go; a pixel of value 0 never spikes.
    pub latest: usize,
}

impl Default for LatencyCode {
    fn default() -> Self {
        Self { earliest: 0, latest: 24 }
    }
}

impl LatencyCode {
    /// Says what is wrong where the code does not fit into `steps` steps.
    pub fn check(&self, steps: usize) -> Result<(), String> {
        let Self { earliest, latest } = *self;
        if earliest > latest {
            return Err(format!(
                "The earliest step of the latency code, {earliest}, lies behind the latest, {latest}; exchange them."
            ));
        }
        if latest >= steps {
            return Err(format!(
                "The latest step of the latency code, {latest}, must lie before the end of a sample of {steps} steps; \
                 choose an earlier one or more steps."
            ));
        }
        Ok(())
    }

    /// The step at which a pixel of value `grey` spikes: earliest + ⌊(latest − earliest) · (255 − grey) / 255⌋.
    pub fn step(&self, grey: u8) -> Option<usize> {
        let span = (self.latest - self.earliest) as u64;
        (grey > 0).then(|| self.earliest + (span * (255 - u64::from(grey)) / 255) as usize)
    }

    /// Makes `raster` the code of an image, one unit a pixel, in the order of `grey`.
    pub fn encode(&self, grey: &[u8], steps: usize, raster: &mut Raster) -> Result<(), String> {
        self.check(steps)?;
        let spike = |(unit, &g): (usize, &u8)| self.step(g).map(|step| (step, unit as u32));
        raster.refill(grey.len(), steps, grey.iter().enumerate().filter_map(spike));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_whole_numbers() {
        let code = LatencyCode::default();
        assert_eq!([255, 254, 245, 244, 128, 1].map(|g| code.step(g).unwrap()), [0, 0, 0, 1, 11, 23]);
        assert_eq!(code.step(0), None);
        let late = LatencyCode { earliest: 10, latest: 10 };
        assert_eq!([255, 1].map(|g| late.step(g).unwrap()), [10, 10]);
    }

    #[test]
    fn every_pixel_but_black_spikes_once() {
        let mut raster = Raster::silent(9, 7);
        LatencyCode::default().encode(&[0, 255, 1, 128], 30, &mut raster).unwrap();
        assert_eq!((raster.units(), raster.steps()), (4, 30));
        assert_eq!(raster.iter().collect::<Vec<_>>(), [(0, 1), (11, 3), (23, 2)]);
    }

    #[test]
    fn a_code_that_does_not_fit_is_refused() {
        let (code, mut raster) = (LatencyCode::default(), Raster::new(0));
        assert!(code.encode(&[], 25, &mut raster).is_ok());
        assert!(code.encode(&[], 24, &mut raster).unwrap_err().contains("before the end of a sample of 24 steps"));
        assert!(
            LatencyCode { earliest: 3, latest: 2 }.encode(&[9], 24, &mut raster).unwrap_err().contains("exchange them")
        );
    }
}
