//! What the checker finds in a lesson that can be read: steps that cannot be reached or solve themselves, controls that are
//! not there, and claims that do not hold.

use super::claim::Verdict;
use super::control::PANELS;
use super::{Control, Lesson, LessonWalk, Simulation, StepKind, measure};

/// Something that is wrong with a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The line of the step in the file, where it is about one.
    pub line: Option<usize>,
    pub text: String,
}

/// Everything that can be said without training many runs: walks the lesson as its solutions do.
pub fn steps(lesson: &Lesson) -> Vec<Fault> {
    let mut faults = Vec::new();
    shown(lesson, &mut faults);
    match Simulation::begin(&lesson.experiment.settings) {
        Ok(simulation) => walk(lesson, simulation, &mut faults),
        Err(why) => faults.push(Fault { line: None, text: format!("The experiment cannot begin: {why}") }),
    }
    faults
}

/// Controls that are pointed at and not shown.
fn shown(lesson: &Lesson, faults: &mut Vec<Fault>) {
    let open: Vec<&str> = lesson.experiment.panels.iter().flatten().copied().collect();
    for step in &lesson.steps {
        let Some(control) = step.point else { continue };
        let there = match control {
            Control::Panel(panel) => open.contains(&panel),
            Control::Setting(_) => open.contains(&"experiment") && lesson.shows(control),
            _ => lesson.shows(control),
        };
        if !there {
            let text = format!("This step points at `{control}`, which the lesson does not show.");
            faults.push(Fault { line: Some(step.line), text });
        }
    }
    for control in &lesson.experiment.controls {
        let panels = matches!(control, Control::Panel(_));
        if panels || matches!(control, Control::Setting(_)) && !open.contains(&"experiment") {
            let text = format!("The control `{control}` is shown in a panel; panels stand under `panels`.");
            faults.push(Fault { line: None, text });
        }
    }
    debug_assert!(open.iter().all(|panel| PANELS.contains(panel)));
}

/// Does what the solutions say: each step must be open before and done after them.
fn walk(lesson: &Lesson, mut simulation: Simulation, faults: &mut Vec<Fault>) {
    if let Err(why) = simulation.advance_to(lesson.experiment.updates) {
        return faults.push(Fault { line: None, text: format!("The experiment stops: {why}") });
    }
    let mut walk = LessonWalk::new(lesson.steps.len());
    walk.enter(0, &simulation.seen);
    for (n, step) in lesson.steps.iter().enumerate() {
        let mut fault = |text: String| faults.push(Fault { line: Some(step.line), text });
        if let Some((settings, updates)) = &step.begins {
            let begun = simulation.begin_again(settings).and_then(|()| simulation.advance_to(*updates));
            if let Err(why) = begun {
                return fault(format!("The run of this step stops: {why}"));
            }
        }
        walk.enter(n, &simulation.seen);
        match &step.kind {
            StepKind::Do { until, solution, .. } => {
                if until.holds(&simulation.seen, walk.start()) {
                    fault(format!("This step is done before anything was done: `{until}` holds at its beginning."));
                }
                if solution.is_empty() {
                    fault("This step has no `solution`: nothing shows that it can be done.".to_owned());
                    continue;
                }
                if let Err(why) = solution.iter().try_for_each(|done| simulation.perform(done)) {
                    return fault(format!("The solution cannot be carried out: {why}"));
                }
                if !until.holds(&simulation.seen, walk.start()) {
                    let missing = until.missing(&simulation.seen, walk.start());
                    fault(format!("The solution does not solve this step, so later ones are not reached: {missing}."));
                }
            }
            StepKind::Choose { run, .. } | StepKind::Guess { run, .. } => {
                let to = simulation.seen.updates + run;
                if let Err(why) = simulation.advance_to(to) {
                    return fault(format!("The run of this step stops: {why}"));
                }
                if walk.right_choice(step, &simulation.seen).is_none() && matches!(step.kind, StepKind::Choose { .. }) {
                    fault("After this run none of the answers is right.".to_owned());
                }
            }
            StepKind::See { proof } => {
                if let Some(proof) = proof.as_ref().filter(|proof| !proof.holds(&simulation.seen, walk.start())) {
                    let missing = proof.missing(&simulation.seen, walk.start());
                    fault(format!("What is to be seen is not there: {missing}."));
                }
            }
            StepKind::Read => {}
        }
    }
}

/// The two sides of every claim over the seeds, as `seeds` gives them: `None` where a claim does not speak of one.
pub fn verdicts(lesson: &Lesson, seeds: &[Vec<Option<[f64; 2]>>]) -> Vec<Verdict> {
    let sides = |n: usize, side: usize| -> Vec<f64> {
        seeds.iter().filter_map(|seed| seed.get(n).copied().flatten()).map(|sides| sides[side]).collect()
    };
    lesson.claims.iter().enumerate().map(|(n, claim)| claim.verdict(&sides(n, 0), &sides(n, 1))).collect()
}

/// All seeds that a claim speaks of, rising.
pub fn seeds(lesson: &Lesson) -> Vec<u64> {
    let mut seeds: Vec<u64> = lesson.claims.iter().flat_map(|claim| claim.seeds.clone()).collect();
    seeds.sort_unstable();
    seeds.dedup();
    seeds
}

/// Measures all claims for one seed. `stop` is asked now and then. An error says why it could not be done.
pub fn measure_seed(lesson: &Lesson, seed: u64, stop: &dyn Fn() -> bool) -> Result<Vec<Option<[f64; 2]>>, String> {
    measure::of_seed(lesson, seed, stop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::pages::EXAMPLE;

    fn faults(from: &str, to: &str) -> String {
        assert!(EXAMPLE.contains(from), "{from}");
        let lesson = Lesson::read("a.toml", &EXAMPLE.replacen(from, to, 1)).unwrap_or_else(|p| panic!("{p:?}"));
        steps(&lesson).into_iter().map(|fault| fault.text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_example_has_no_fault() {
        assert_eq!(faults("title", "title"), "");
    }

    #[test]
    fn steps_that_cannot_be_reached_or_solve_themselves_are_found() {
        for (from, to, words) in [
            ("solution = [\"rule timing\"]", "solution = [\"rule activation\"]", "does not solve this step"),
            ("solution = [\"rule timing\"]", "", "has no `solution`"),
            ("until = \"rule = timing\"", "until = \"rule = antlr\"", "done before anything was done"),
            ("controls = [\"run\", \"step\", \"rules\"]", "controls = [\"run\", \"step\"]", "does not show"),
            ("proof = \"spikes(output) > 0\"", "proof = \"spikes(output) > 999\"", "is not there"),
        ] {
            let said = faults(from, to);
            assert!(said.contains(words), "{from} -> {to}: {said}");
        }
    }

    #[test]
    fn claims_are_measured_over_their_seeds() {
        let text = EXAMPLE.replace("0-9", "0-1").replace("after 300", "after 5");
        let lesson = Lesson::read("a.toml", &text).unwrap();
        assert_eq!(seeds(&lesson), [0, 1]);
        let measured: Vec<_> =
            seeds(&lesson).into_iter().map(|seed| measure_seed(&lesson, seed, &|| false).unwrap()).collect();
        assert!(measured.iter().flatten().all(|sides| sides.is_some_and(|[left, _]| left.is_finite())));
        let other = measure_seed(&lesson, 0, &|| false).unwrap();
        assert_eq!(format!("{other:?}"), format!("{:?}", measured[0]), "the same seed gives the same numbers");
        assert_eq!(verdicts(&lesson, &measured).len(), 2);
        assert!(measure_seed(&lesson, 0, &|| true).is_err());
    }
}
