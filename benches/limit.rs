//! How close an update comes to what the machine can do: for each piece of work the fastest of many runs, beside the
//! time that its operations would take at the measured peak and its bytes at the measured bandwidth.
//!
//! `cargo bench --bench limit [-- work]`; with `SPIKESCAPE_ISA=AVX2` everything is measured with that instruction set. On
//! Linux the time is that of the processor (all threads together), so that other programs disturb it less; the wall clock
//! is beside it.

mod work;

use std::hint::black_box;
use std::time::Instant;

use spikescape::machine::processor_time;
use spikescape::rule::Rule;
use spikescape::snn::LayerKind;
use spikescape::train::Trainer;
use spikescape::train::pass::{BatchPass, Model};

fn main() {
    let wanted = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    let machine = Machine::measure();
    println!(
        "one core: {:.0} GFLOP/s (multiply, then add), {:.1} GB/s from memory",
        machine.flops / 1e9,
        machine.bandwidth / 1e9
    );
    println!("{:<51} {:>11} {:>11} {:>9} {:>9} {:>11} {:>7}", "", "wall", "CPU", "MFLOP", "MB", "limit", "share");
    for (name, make) in [
        ("built_in", work::built_in as fn(Rule) -> Trainer),
        ("mnist", work::mnist),
        ("nmnist_conv", work::nmnist_conv),
    ] {
        for rule in Rule::ALL {
            if format!("{name} {rule}").contains(&wanted) {
                report(&machine, &format!("{name} {rule}"), make(rule));
            }
        }
    }
}

fn report(machine: &Machine, name: &str, mut trainer: Trainer) {
    let settings = trainer.settings().clone();
    let (time, mut pass) = (settings.task.steps, BatchPass::default());
    let dynamics = settings.neuron.dynamics(time);
    let (net, batch) = (trainer.net().clone(), trainer.batch().clone());
    let (params, mut gradient) = (trainer.params().clone(), net.zero_params());
    let model = Model { net: &net, dynamics: &dynamics, isa: work::instruction_set() };
    let forward = fastest(|| {
        pass.forward(model, &params, &batch, &settings.loss, time);
    });
    let backward = fastest(|| pass.backward(model, &params, &batch, &settings.rule, &mut gradient).unwrap());
    let cost = Cost::of(&pass, &trainer);
    let whole = fastest(|| trainer.step().unwrap());
    machine.line(&format!("{name}: forward and loss"), forward, cost.forward);
    machine.line(&format!("{name}: backward"), backward, cost.backward);
    let horizon = pass.horizons().iter().sum::<usize>() as f64 / pass.horizons().len() as f64;
    machine.line(&format!("{name}: all, {} of {time} steps, {horizon:.0} back", pass.steps), whole, cost.whole());
}

/// Wall clock and processor time in seconds.
type Time = [f64; 2];

/// The fastest of the runs that fit into two seconds.
fn fastest(mut run: impl FnMut()) -> Time {
    let (mut best, begun) = ([f64::INFINITY; 2], Instant::now());
    // so many runs at a time that the clocks tick
    let mut runs = 1;
    while begun.elapsed().as_secs_f64() < 2.0 {
        let (cpu, wall) = (processor(), Instant::now());
        (0..runs).for_each(|_| run());
        let took = [wall.elapsed().as_secs_f64(), processor() - cpu];
        if took[0] < 20e-3 {
            runs *= 2;
            continue;
        }
        best = [0, 1].map(|k| best[k].min(took[k] / f64::from(runs)));
    }
    best
}

/// Processor time of all threads so far, in seconds; 0 where the system does not tell.
fn processor() -> f64 {
    processor_time().map_or(0.0, |time| time.as_secs_f64())
}

/// Operations and bytes that there is no way around.
#[derive(Clone, Copy, Default)]
struct Need {
    flops: f64,
    bytes: f64,
}

struct Cost {
    forward: Need,
    backward: Need,
    optimiser: Need,
}

impl Cost {
    fn of(pass: &BatchPass, trainer: &Trainer) -> Self {
        let (net, rule, steps) = (trainer.net(), trainer.settings().rule.rule, pass.steps as f64);
        let (mut forward, mut backward) = (Need::default(), Need::default());
        for ((sample, trace), &horizon) in trainer.batch().iter().zip(pass.traces()).zip(pass.horizons()) {
            for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
                let below = if l == 0 { &sample.input } else { &trace.layers[l - 1].spikes };
                let [events, early] = [pass.steps, horizon].map(|steps| below.start(steps) as f64);
                let seen = match layer.kind {
                    LayerKind::Conv { kernel, .. } => layer.filters() * kernel * kernel,
                    _ => layer.outputs,
                } as f64;
                let cells = layer.outputs as f64 * steps;
                // i and v; potentials are written once and read once
                forward.flops += events * seen + 8.0 * cells;
                forward.bytes += 4.0 * cells;
                let cells = layer.outputs as f64 * horizon as f64;
                backward.bytes += 4.0 * cells;
                // g_dep, g_i and their sums; surrogate derivative with its exponential
                backward.flops += early * seen + 8.0 * cells;
                if rule != Rule::Timing {
                    backward.flops += 28.0 * cells;
                    if l > net.lowest() {
                        let [inputs, outputs] = [layer.from, layer.to].map(|s| s.units() as f64);
                        backward.flops += 2.0
                            * horizon as f64
                            * match layer.kind {
                                LayerKind::Conv { .. } => outputs * layer.fan_in() as f64,
                                _ => outputs * inputs,
                            };
                    }
                }
            }
        }
        let weights = net.parameter_count() as f64;
        // weights are read, gradients written; the optimiser reads four numbers and writes three
        forward.bytes += 4.0 * weights;
        backward.bytes += 4.0 * weights;
        Self { forward, backward, optimiser: Need { flops: 14.0 * weights, bytes: 28.0 * weights } }
    }

    fn whole(&self) -> Need {
        let all = [self.forward, self.backward, self.optimiser];
        Need { flops: all.iter().map(|n| n.flops).sum(), bytes: all.iter().map(|n| n.bytes).sum() }
    }
}

struct Machine {
    /// Of one core, a second.
    flops: f64,
    bandwidth: f64,
}

impl Machine {
    fn measure() -> Self {
        let a = vec![1.0f32; 16 << 20];
        let mut to = vec![0.0f32; 16 << 20];
        let [wall, _] = fastest(|| black_box(&mut to).copy_from_slice(black_box(&a)));
        // read, fetched to be written, written
        let bandwidth = 3.0 * 4.0 * a.len() as f64 / wall;
        let mut sums = [[1.0f32; 16]; 8];
        let [wall, _] = fastest(|| {
            work::instruction_set().run(
                #[inline(always)]
                || peak(black_box(&mut sums)),
            );
        });
        Self { flops: 2.0 * (8 * 16 * ROUNDS) as f64 / wall, bandwidth }
    }

    fn line(&self, name: &str, [wall, cpu]: Time, need: Need) {
        let limit = (need.flops / self.flops).max(need.bytes / self.bandwidth);
        println!(
            "{name:<51} {:>8.4} ms {:>8.4} ms {:>9.2} {:>9.2} {:>8.4} ms {:>5.0} %",
            wall * 1e3,
            cpu * 1e3,
            need.flops / 1e6,
            need.bytes / 1e6,
            limit * 1e3,
            100.0 * limit / if cpu > 0.0 { cpu } else { wall }
        );
    }
}

const ROUNDS: usize = 10_000;

#[inline(always)]
fn peak(sums: &mut [[f32; 16]; 8]) {
    // eight arrays rather than one of eight, so that all of them stay in registers
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *sums;
    let (times, plus) = (black_box([0.999_f32; 16]), black_box([0.001_f32; 16]));
    for _ in 0..ROUNDS {
        advance(&mut a, &times, &plus);
        advance(&mut b, &times, &plus);
        advance(&mut c, &times, &plus);
        advance(&mut d, &times, &plus);
        advance(&mut e, &times, &plus);
        advance(&mut f, &times, &plus);
        advance(&mut g, &times, &plus);
        advance(&mut h, &times, &plus);
    }
    *sums = [a, b, c, d, e, f, g, h];
}

#[inline(always)]
fn advance(sum: &mut [f32; 16], times: &[f32; 16], plus: &[f32; 16]) {
    for n in 0..16 {
        sum[n] = sum[n] * times[n] + plus[n];
    }
}
