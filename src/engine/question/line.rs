//! Spike times along a single weight, coarse to fine.

use std::sync::Arc;
use std::time::Instant;

use super::job::{Job, PieceSize, Question, QuestionKind, Step};
use super::watched::WatchedSetup;
use crate::engine::frame::Frame;
use crate::explain::line::{LineDesk, LineScale, NeuronAt, SpikeCurve, SpikeLine, Tangent, WeightLine};
use crate::snn::conv::weight_between;
use crate::snn::{LayerKind, Params};
use crate::train::pass::BatchPass;

/// A weight or a bias of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synapse {
    /// The neuron that it leads to.
    pub neuron: NeuronAt,
    /// The unit of the layer below that it comes from; none for the bias.
    pub input: Option<u32>,
}

/// Asks for the spike times of the outputs as one weight is turned.
#[derive(Clone, Debug)]
pub struct LineQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub frame: Arc<Frame>,
    pub synapse: Synapse,
    pub scale: LineScale,
}

/// What is known of a line so far.
#[derive(Clone, Debug)]
pub struct LinePart {
    pub frame: Arc<Frame>,
    pub synapse: Synapse,
    /// The weight as it is: a = 0.
    pub weight: f32,
    pub line: SpikeLine,
    /// The spikes of neighbouring points tied together.
    pub curves: Vec<SpikeCurve>,
    /// How the timing-based rule expects the spikes of the synapse's own neuron to move.
    pub tangents: Vec<Tangent>,
    /// Points measured so far.
    pub done: usize,
}

impl Synapse {
    /// Its place among the parameters; none where the neuron does not see that input, or there is no such neuron.
    pub fn place(&self, frame: &Frame) -> Option<usize> {
        let unit = self.neuron.unit as usize;
        let layer = frame.net.layers.get(self.neuron.layer)?;
        if !layer.has_weights() || unit >= layer.outputs {
            return None;
        }
        match (self.input.map(|input| input as usize), layer.kind) {
            (None, _) => Some(layer.biases().start + unit / layer.to.positions()),
            (Some(input), _) if input >= layer.inputs => None,
            (Some(input), LayerKind::Conv { kernel, .. }) => weight_between(layer, kernel, unit, input),
            (Some(input), _) => Some(layer.weight_at(unit, input)),
        }
    }
}

impl Question for LineQuestion {
    const KIND: QuestionKind = QuestionKind::Line;

    type Job = LineJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> LineJob {
        let at = WatchedSetup::new(&self.frame, Arc::clone(&self.frame.settings));
        let order = self.scale.order();
        LineJob {
            question: self,
            at,
            order,
            known: None,
            direction: Params(Vec::new()),
            done: 0,
            size: PieceSize::new(),
        }
    }
}

/// Measures a line some points at a time.
pub struct LineJob {
    question: LineQuestion,
    at: WatchedSetup,
    order: Vec<usize>,
    known: Option<(LinePart, LineDesk)>,
    /// The weight alone.
    direction: Params,
    /// Points of `order` that are measured.
    done: usize,
    size: PieceSize,
}

impl LineJob {
    fn start(&mut self) -> Result<(), String> {
        let LineQuestion { frame, synapse, scale, .. } = &self.question;
        let place = synapse.place(frame).ok_or("There is no such weight in this network: pick another.")?;
        let setup = self.at.setup();
        self.direction = Params(vec![0.0; frame.params.0.len()]);
        self.direction.0[place] = 1.0;
        let line = WeightLine { centre: &frame.params, direction: &self.direction };
        let activity = setup.run(&frame.params, &mut BatchPass::default());
        let part = LinePart {
            frame: Arc::clone(frame),
            synapse: *synapse,
            weight: frame.params.0[place],
            line: SpikeLine::new(*scale, SpikeLine::neurons_of(&setup, Some(synapse.neuron))),
            curves: Vec::new(),
            tangents: line.tangents(&setup, &activity, synapse.neuron),
            done: 0,
        };
        self.known = Some((part, LineDesk::default()));
        Ok(())
    }

    fn measure(&mut self) {
        let Some((part, desk)) = &mut self.known else { return };
        let (setup, begun) = (self.at.setup(), Instant::now());
        let line = WeightLine { centre: &self.question.frame.params, direction: &self.direction };
        let end = (self.done + self.size.items).min(self.order.len());
        part.line.measure(&setup, line, &self.order[self.done..end], desk);
        self.done = end;
        part.done = end;
        self.size.learn(begun.elapsed());
    }
}

impl Job for LineJob {
    type Part = Arc<LinePart>;

    fn advance(&mut self) -> Step<Arc<LinePart>> {
        if self.known.is_none() {
            return self.start().map_or_else(Step::Failed, |()| Step::More(None));
        }
        self.measure();
        let more = self.done < self.order.len();
        let Some((part, _)) = self.known.as_mut().filter(|_| self.size.part_is_due(!more)) else {
            return Step::new(None, more);
        };
        part.curves = part.line.curves(self.question.frame.settings.run.shift_cost);
        Step::new(Some(Arc::new(part.clone())), more)
    }
}
