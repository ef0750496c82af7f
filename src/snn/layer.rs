//! A layer: its kind, the shapes of its input and output, and where its parameters lie
//! ([model §2](crate::model#2-layers)).

use std::fmt;
use std::ops::Range;

use super::lanes::{self, LANES};
use super::{Params, Shape};

/// The kind of a layer, with its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// Fully connected: `out` neurons, each of which sees every input.
    Fc { out: usize },
    /// Convolution: `out` channels of neurons, each of which sees `kernel` × `kernel` positions of every channel; stride 1,
    /// zero padding, the kernel not flipped, one bias per channel.
    Conv { out: usize, kernel: usize },
    /// The mean of each block of `size` × `size`; a remainder at the edge is dropped.
    AvgPool { size: usize },
    /// The maximum of each such block.
    MaxPool { size: usize },
    /// `[c, h, w]` → `[c·h·w]`, row-major.
    Flatten,
}

impl LayerKind {
    /// The word for it in cases ([model §9](crate::model#9-cases)).
    pub fn key(self) -> &'static str {
        match self {
            Self::Fc { .. } => "fc",
            Self::Conv { .. } => "conv",
            Self::AvgPool { .. } => "avg_pool",
            Self::MaxPool { .. } => "max_pool",
            Self::Flatten => "flatten",
        }
    }

    /// Whether it has neurons, and so weights, biases and potentials.
    pub fn has_weights(self) -> bool {
        matches!(self, Self::Fc { .. } | Self::Conv { .. })
    }

    /// The shape of its output for an input of the shape `from`.
    ///
    /// # Errors
    /// When it cannot take such an input; a sentence says what it needs.
    pub fn output_shape(self, from: Shape) -> Result<Shape, String> {
        let image = || match from {
            Shape::Grid(dims) => Ok(dims),
            Shape::Flat(n) => Err(format!("`{self}` needs an image, as in 2x34x34; what comes to it is flat ({n})")),
        };
        match self {
            Self::Fc { out: 0 } => Err("`fc` needs at least one neuron, as in fc10".into()),
            Self::Fc { out } => match from {
                Shape::Flat(_) => Ok(Shape::Flat(out)),
                Shape::Grid(_) => Err(format!("`{self}` needs a flat input and gets {from}; put `flatten` before it")),
            },
            Self::Conv { out: 0, .. } => Err("`conv` needs at least one channel, as in conv12k5".into()),
            Self::Conv { kernel, .. } if kernel % 2 == 0 => {
                Err(format!("a convolution's kernel must be odd, as in conv12k5; this one is {kernel}"))
            }
            Self::Conv { out, .. } => image().map(|[_, h, w]| Shape::Grid([out, h, w])),
            Self::AvgPool { size: 0 } | Self::MaxPool { size: 0 } => {
                Err("a pooling block must be at least 1 × 1, as in avg2".into())
            }
            Self::AvgPool { size } | Self::MaxPool { size } => {
                let [c, h, w] = image()?;
                if size > h.min(w) {
                    return Err(format!("the blocks of `{self}` are larger than the image, which is {h} × {w}"));
                }
                Ok(Shape::Grid([c, h / size, w / size]))
            }
            Self::Flatten => {
                let units = from.checked_units().ok_or_else(|| format!("{from} is more units than can be counted"))?;
                Ok(Shape::Flat(units))
            }
        }
    }
}

/// The layer as it is written in a network's text.
impl fmt::Display for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Fc { out } => write!(f, "fc{out}"),
            Self::Conv { out, kernel } => write!(f, "conv{out}k{kernel}"),
            Self::AvgPool { size } => write!(f, "avg{size}"),
            Self::MaxPool { size } => write!(f, "max{size}"),
            Self::Flatten => f.write_str("flatten"),
        }
    }
}

/// A layer and its place among the parameters.
///
/// Values that exist for every unit (potentials and their gradients) lie as `[time][position][lanes]`: channels are
/// neighbours and padded to whole blocks. A flat layer has one position, so its row is `[lanes]` and units lie in the
/// order of their numbers.
///
/// Weights lie as `[input][lanes]` (fc) or `[input channel][tap][lanes]` (conv), so that the weights which a spike adds
/// are contiguous. Taps are numbered by where the *output* lies as seen from the input, row by row: the file's kernel
/// rotated by 180°. An input event of a convolution thus adds contiguous weights to contiguous potentials. The padding is
/// zero and stays zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub kind: LayerKind,
    /// Shape of the input.
    pub from: Shape,
    /// Shape of the output.
    pub to: Shape,
    /// Units of the layer below.
    pub inputs: usize,
    /// Units of this layer.
    pub outputs: usize,
    /// Channels, padded: the length of one row of weights and of the biases.
    pub lanes: usize,
    /// The values of one step, padding included: positions · `lanes`.
    pub stride: usize,
    weight: usize,
    bias: usize,
    end: usize,
}

impl Layer {
    /// A layer whose parameters begin at `place` of the vector.
    ///
    /// # Errors
    /// When the kind cannot take this input, or the sizes are more than can be counted; a sentence says which.
    pub fn new(kind: LayerKind, from: Shape, place: usize) -> Result<Self, String> {
        let to = kind.output_shape(from)?;
        let large = || format!("`{kind}` is more than can be counted");
        let lanes = to.channels().checked_next_multiple_of(LANES).ok_or_else(large)?;
        // events are numbered in 32 bits
        let stride = lanes.checked_mul(to.positions()).filter(|n| *n <= u32::MAX as usize).ok_or_else(large)?;
        let rows = match kind {
            LayerKind::Fc { .. } => Some(from.units()),
            LayerKind::Conv { kernel, .. } => kernel.checked_mul(kernel).and_then(|k| k.checked_mul(from.channels())),
            _ => Some(0),
        };
        let bias = rows.and_then(|r| r.checked_mul(lanes)).and_then(|n| n.checked_add(place)).ok_or_else(large)?;
        let own = if kind.has_weights() { lanes } else { 0 };
        let end = bias.checked_add(own).filter(|n| *n <= isize::MAX as usize / size_of::<f64>()).ok_or_else(large)?;
        let (inputs, outputs) = (from.units(), to.units());
        Ok(Self { kind, from, to, inputs, outputs, lanes, stride, weight: place, bias, end })
    }

    /// Whether it has neurons, and so weights, biases and potentials.
    pub fn has_weights(&self) -> bool {
        self.kind.has_weights()
    }

    /// The place of the weights in the parameter vector; empty where there are none.
    pub fn weights(&self) -> Range<usize> {
        self.weight..self.bias
    }

    /// The place of the biases `[lanes]`.
    pub fn biases(&self) -> Range<usize> {
        self.bias..self.end
    }

    /// Weights and biases together.
    pub fn all(&self) -> Range<usize> {
        self.weight..self.end
    }

    /// Number of filters, the sets of weights through which neurons see their inputs: one per neuron (fc) or per channel
    /// (conv), none where there are no weights.
    pub fn filters(&self) -> usize {
        if self.has_weights() { self.to.channels() } else { 0 }
    }

    /// Inputs of one neuron, the weights of a filter ([model §2](crate::model#2-layers)).
    pub fn fan_in(&self) -> usize {
        match self.kind {
            LayerKind::Fc { .. } => self.inputs,
            LayerKind::Conv { kernel, .. } => self.from.channels() * kernel * kernel,
            _ => 0,
        }
    }

    /// Number of weights and biases, padding left out.
    pub fn parameter_count(&self) -> usize {
        self.filters() * (self.fan_in() + 1)
    }

    /// The shape of the weights in files: `[out, in]` or `[out, in, k, k]`; empty where there are no weights.
    pub fn weight_shape(&self) -> Vec<usize> {
        match self.kind {
            LayerKind::Fc { out } => vec![out, self.inputs],
            LayerKind::Conv { out, kernel } => vec![out, self.from.channels(), kernel, kernel],
            _ => Vec::new(),
        }
    }

    /// The place in the parameter vector of weight `index` of `filter`. `index` counts the weights of a filter as files
    /// do: the input (fc), or `[input channel, row, column]` (conv).
    #[inline(always)]
    pub fn weight_at(&self, filter: usize, index: usize) -> usize {
        let row = match self.kind {
            LayerKind::Conv { kernel, .. } => {
                let taps = kernel * kernel;
                index / taps * taps + (taps - 1 - index % taps)
            }
            _ => index,
        };
        self.weight + row * self.lanes + filter
    }

    /// The place of a unit, by its row-major number, within the [`stride`](Layer::stride) values of a step.
    #[inline(always)]
    pub fn place(&self, unit: usize) -> usize {
        match self.to {
            Shape::Flat(_) => unit,
            Shape::Grid([_, h, w]) => unit % (h * w) * self.lanes + unit / (h * w),
        }
    }

    /// The strips of the values of a step, `widest` blocks wide at most: see [`lanes::strips`].
    #[inline(always)]
    pub fn strips(&self, widest: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        lanes::strips(self.lanes, self.to.positions(), widest)
    }

    /// Weights `[filter, index]`, row by row, as files have them.
    pub fn export_weights(&self, params: &Params) -> Vec<f32> {
        let at = |f, i| params.0[self.weight_at(f, i)];
        (0..self.filters()).flat_map(|f| (0..self.fan_in()).map(move |i| at(f, i))).collect()
    }

    /// Takes weights `[filter, index]`, row by row; where they end early, the other weights stay as they are.
    pub fn import_weights(&self, params: &mut Params, weights: impl IntoIterator<Item = f32>) {
        let mut next = weights.into_iter();
        for f in 0..self.filters() {
            for (i, w) in (0..self.fan_in()).zip(next.by_ref()) {
                params.0[self.weight_at(f, i)] = w;
            }
        }
    }

    /// Length of the least group of weights whose gradient a thread can sum by itself: the weights of one input (fc), or
    /// of one input channel and one row of taps (conv).
    pub fn gradient_group(&self) -> usize {
        match self.kind {
            LayerKind::Conv { kernel, .. } => kernel * self.lanes,
            _ => self.lanes,
        }
    }

    /// Multiply-adds of one step if every input spiked, as a measure of the work.
    pub fn effort(&self) -> usize {
        self.all().len() * self.to.positions()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(kind: LayerKind, from: Shape) -> Layer {
        Layer::new(kind, from, 0).unwrap()
    }

    #[test]
    fn a_kernel_lies_rotated_by_180_degrees() {
        let conv = layer(LayerKind::Conv { out: 3, kernel: 3 }, Shape::Grid([2, 4, 5]));
        let mut p = Params(vec![0.0; conv.all().end]);
        let w: Vec<f32> = (1..=54).map(|x| x as f32).collect();
        conv.import_weights(&mut p, w.iter().copied());
        assert_eq!(conv.export_weights(&p), w);
        assert_eq!((p.0[0], p.0[8 * 8]), (9.0, 1.0), "the first tap is the file's last");
        assert_eq!(p.0[9 * 8 + 2], 54.0);
        assert_eq!(conv.weights().len(), 2 * 9 * 8);
        assert_eq!((conv.fan_in(), conv.filters(), conv.parameter_count()), (18, 3, 57));
        assert_eq!(conv.weight_shape(), [3, 2, 3, 3]);
        assert_eq!((conv.stride, conv.outputs), (20 * 8, 60));
        assert_eq!(conv.place(20 + 7), 7 * 8 + 1);
    }

    #[test]
    fn pooling_has_no_parameters_and_drops_the_remainder() {
        let pool = layer(LayerKind::MaxPool { size: 2 }, Shape::Grid([3, 7, 5]));
        assert_eq!((pool.to, pool.all(), pool.fan_in()), (Shape::Grid([3, 3, 2]), 0..0, 0));
        assert_eq!(pool.export_weights(&Params::default()), [0.0f32; 0]);
        let flat = layer(LayerKind::Flatten, pool.to);
        assert_eq!((flat.to, flat.stride), (Shape::Flat(18), 24));
    }

    #[test]
    fn what_does_not_fit_gets_a_sentence() {
        let wrong = |kind, from| Layer::new(kind, from, 0).unwrap_err();
        let (image, flat) = (Shape::Grid([2, 4, 6]), Shape::Flat(48));
        assert!(wrong(LayerKind::Fc { out: 3 }, image).contains("flatten"));
        assert!(wrong(LayerKind::Fc { out: 0 }, flat).contains("neuron"));
        assert!(wrong(LayerKind::Conv { out: 3, kernel: 3 }, flat).contains("image"));
        assert!(wrong(LayerKind::Conv { out: 3, kernel: 4 }, image).contains("odd"));
        assert!(wrong(LayerKind::Conv { out: 0, kernel: 3 }, image).contains("channel"));
        assert!(wrong(LayerKind::AvgPool { size: 5 }, image).contains("4 × 6"));
        assert!(wrong(LayerKind::MaxPool { size: 0 }, image).contains("at least"));
        for most in [usize::MAX, usize::MAX / 3, 1 << 60] {
            wrong(LayerKind::Fc { out: most }, flat);
            wrong(LayerKind::Conv { out: most, kernel: 3 }, image);
            wrong(LayerKind::Conv { out: 1, kernel: most | 1 }, image);
        }
    }
}
