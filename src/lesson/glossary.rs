//! The words of the field, each in a few sentences.

/// A word of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub name: &'static str,
    /// One to three sentences.
    pub text: &'static str,
    pub picture: TermPicture,
}

/// A picture that is drawn beside a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermPicture {
    None,
    /// ε of a neuron with these decays, in hundredths.
    Psp(u8, u8),
    /// σ around the threshold.
    Surrogate,
    /// A potential that reaches the threshold and is reset.
    Spike,
    /// Two trains with the changes between them.
    Changes,
}

const fn term(name: &'static str, picture: TermPicture, text: &'static str) -> Term {
    Term { name, text, picture }
}

/// All terms, in the order of the alphabet.
pub static TERMS: &[Term] = &[
    term(
        "Activation-based rule",
        TermPicture::Surrogate,
        "Treats a spike as an output between 0 and 1 and replaces the derivative of the threshold by a surrogate. It sees \
         where spikes could appear or vanish, and misjudges where an existing one should move.",
    ),
    term(
        "Alignment",
        TermPicture::Changes,
        "The cheapest way to turn one spike train into another: creating or removing a spike costs 1, moving it by a step \
         costs q. It says which spikes an update created, removed and shifted (Victor and Purpura 1996).",
    ),
    term(
        "ANTLR",
        TermPicture::None,
        "The rule that adds both views in one backward pass: the activation-based part can create and remove spikes, the \
         timing-based part moves those that are there (Kim, Kim and Kim 2020).",
    ),
    term(
        "Circulation",
        TermPicture::None,
        "The integral of a rule's arrows around a closed curve. For the slope of any surface it is 0; where it is not, the \
         rule does not follow the gradient of any function.",
    ),
    term(
        "Cliff",
        TermPicture::None,
        "A border between two regions of weight space with different output spikes, across which the loss jumps. Within a \
         region the loss is exactly flat.",
    ),
    term(
        "Current, synaptic (i)",
        TermPicture::Psp(80, 0),
        "The sum of the weighted input spikes, each of which decays by the factor α_i per step. It drives the potential.",
    ),
    term(
        "Decay (α)",
        TermPicture::Psp(0, 90),
        "The share of a quantity that is left after a step: α_i of the current, α_v of the potential. α = 0.95 is a time \
         constant of about 20 steps.",
    ),
    term(
        "Inconsistency",
        TermPicture::None,
        "The part of a rule's arrows on a plane that no surface can explain. 0 for a true gradient; 1 where the arrows \
         have nothing of a slope.",
    ),
    term(
        "Latency code",
        TermPicture::None,
        "A value becomes the time of a single spike: the larger, the earlier. The latency loss then asks that the output \
         of the right class be the first to spike.",
    ),
    term(
        "Loss",
        TermPicture::None,
        "One number for how far the output is from what is wanted: the distance of spike trains, of spike counts, or of \
         the order of first spikes. Training lowers it.",
    ),
    term(
        "Potential, membrane (v)",
        TermPicture::Spike,
        "What a neuron adds up: every input spike lifts or lowers it by its weight, and it decays by α_v per step. At the \
         threshold 1 the neuron spikes.",
    ),
    term(
        "PSP (ε)",
        TermPicture::Psp(80, 95),
        "Post-synaptic potential: the course of the potential after a single input spike of weight 1. Two decays make it \
         rise and fall; the neuron's potential is the sum of all PSPs since its last spike.",
    ),
    term(
        "q",
        TermPicture::Changes,
        "The cost of moving a spike by one step where two rasters are compared. Two spikes up to 2/q steps apart can be a \
         pair: a small q pairs distant spikes, a large q only coincident ones.",
    ),
    term("Raster", TermPicture::None, "Time to the right, a row for each neuron, a mark for each spike."),
    term(
        "Reset",
        TermPicture::Spike,
        "After a spike the neuron begins anew: current and potential are set to 0, so that earlier inputs are forgotten.",
    ),
    term(
        "Silent neuron",
        TermPicture::None,
        "A neuron without a spike. The timing-based rule has no gradient for it, as there is no spike to move; the \
         silent-neuron penalty raises the weights into it until it spikes.",
    ),
    term(
        "Slope of the potential (v')",
        TermPicture::Spike,
        "How fast the potential rises where it crosses the threshold. A change δv of the potential moves the spike by \
         −δv/v' steps: the flatter the crossing, the further. It is bounded below by 0.01.",
    ),
    term(
        "Surrogate derivative (σ)",
        TermPicture::Surrogate,
        "The threshold is a step: its derivative is 0 nearly everywhere and tells training nothing. σ(v) is a smooth hill \
         around the threshold that is used in its place. It says that a potential is near a spike, not what the spike \
         would do.",
    ),
    term(
        "Threshold",
        TermPicture::Spike,
        "The potential 1 at which a neuron spikes. The spike is all or nothing: at 0.99 there is none.",
    ),
    term(
        "Timing-based rule",
        TermPicture::None,
        "Moves the spikes that are there, by 1/v'. It cannot see that one could appear or vanish: where that happens it \
         is a side effect, or the work of the silent-neuron penalty.",
    ),
    term(
        "Update",
        TermPicture::None,
        "One change of all weights: forward pass, loss, backward pass, step of the optimiser.",
    ),
    term(
        "Weight",
        TermPicture::None,
        "How strongly a spike of one neuron acts on another: positive lifts its potential, negative lowers it. Training \
         changes weights and nothing else.",
    ),
];

/// The term of this name, or one whose name begins with it.
pub fn find(name: &str) -> Option<&'static Term> {
    let same = |term: &&Term| term.name.to_lowercase().starts_with(&name.to_lowercase());
    TERMS.iter().find(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_stand_in_order_and_are_short() {
        for pair in TERMS.windows(2) {
            assert!(pair[0].name.to_lowercase() < pair[1].name.to_lowercase(), "{} {}", pair[0].name, pair[1].name);
        }
        for term in TERMS {
            assert!(term.text.ends_with('.') && term.text.len() < 330, "{}", term.name);
        }
        for name in ["psp", "q", "surrogate derivative", "ANTLR", "inconsistency"] {
            assert!(find(name).is_some(), "{name}");
        }
    }
}
