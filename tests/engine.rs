//! The engine's story: commands in, events and frames out, and a drop that joins.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use spikescape::engine::{
    AnswerPart, Command, Event, Explorer, Frame, LandscapePart, LandscapeQuestion, LandscapeSpec, MOST_REPORTS,
    QuestionKind, Run, Speed, Wake,
};
use spikescape::landscape::{Grid, MeasuredPoint};
use spikescape::record::Curves;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::spike::Shape;
use spikescape::train::settings::{Change, LiveChange, NetworkSettings, Value};
use spikescape::train::{Halt, Reports, Settings, Trainer};

const PATIENCE: Duration = Duration::from_secs(60);

fn still() -> Wake {
    Arc::new(|| {})
}

/// A run that is listened to.
struct Listener {
    run: Run,
    heard: Vec<Event>,
}

impl Listener {
    fn start(settings: Settings, threads: usize) -> Self {
        Self { run: Run::start(settings, threads, still()).unwrap(), heard: Vec::new() }
    }

    /// Waits for an event that `is` the one.
    fn until(&mut self, is: impl Fn(&Event) -> bool) -> Event {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(event) = self.run.wait(Duration::from_millis(100)) {
                self.heard.push(event.clone());
                if is(&event) {
                    return event;
                }
            }
        }
        panic!("it did not come; heard {:?}", self.heard.len());
    }

    /// Waits for the frame of `update`.
    fn frame(&mut self, update: u64) -> Arc<Frame> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            self.heard.extend(std::iter::from_fn(|| self.run.event()));
            if let Some(frame) = self.run.frame().filter(|f| f.update == update) {
                return frame;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("no frame of update {update}");
    }

    fn reported(&self) -> Reports {
        let mut all = Reports::default();
        for event in &self.heard {
            if let Event::Reports(reports) = event {
                reports.iter().for_each(|(step, layers)| all.push(*step, layers));
            }
        }
        all
    }
}

fn digest_after(settings: &Settings, updates: u64, isa: Isa) -> u64 {
    let mut trainer = Trainer::new(settings.clone(), isa);
    (0..updates).for_each(|_| trainer.step().unwrap());
    trainer.params().digest()
}

fn live(key: &'static str, value: Value) -> LiveChange {
    LiveChange::try_from(Change::to(key, value)).unwrap()
}

#[test]
fn a_run_tells_its_story_in_order() {
    let mut l = Listener::start(Settings::default(), 1);
    l.until(|e| matches!(e, Event::Started { start: 1, .. }));
    l.run.send(Command::Advance(40));
    let frame = l.frame(40);
    assert_eq!((frame.start, frame.spikes.len(), frame.spans.last.from), (1, 2, 39));
    l.until_reported(40);
    let mut other = Settings::default();
    other.rule.rule = Rule::Timing;
    // what is asked for and is so already is not told as a change
    l.run.send(Command::Set(vec![live("rule.rule", Value::Choice("timing")), live("run.q", Value::Real(0.1))]));
    let changed = l.until(|e| matches!(e, Event::Changed { .. }));
    assert_eq!(changed, Event::Changed { update: 40, changes: vec![live("rule.rule", Value::Choice("timing"))] });
    let other_pair = vec![live("run.probe", Value::Whole(5))];
    l.run.send(Command::Set(other_pair.clone()));
    let Event::NotChanged { changes, .. } = l.until(|e| matches!(e, Event::NotChanged { .. })) else { unreachable!() };
    assert_eq!(changes, other_pair, "there is one pair");
    l.run.send(Command::Advance(2));
    l.until_reported(42);
    let reports = l.reported();
    assert_eq!(reports.steps.iter().map(|s| s.update).collect::<Vec<_>>(), (1..=42).collect::<Vec<_>>());
    assert_eq!((reports.steps[39].rule, reports.steps[40].rule), (Rule::Antlr, Rule::Timing));
    let task = Arc::clone(&l.frame(42).task);
    l.run.send(Command::Restart(Box::new(other), task));
    l.until(|e| matches!(e, Event::Started { start: 2, .. }));
    assert_eq!(l.frame(0).start, 2);
}

impl Listener {
    fn until_reported(&mut self, update: u64) {
        let there = |e: &Event| matches!(e, Event::Reports(r) if r.steps.iter().any(|s| s.update == update));
        if !self.heard.iter().any(there) {
            self.until(there);
        }
    }
}

#[test]
fn it_runs_at_its_speed_and_pauses() {
    let mut l = Listener::start(Settings::default(), 1);
    l.run.send(Command::Speed(Speed::Unlimited));
    l.run.send(Command::Play);
    l.until(|e| *e == Event::Playing(true));
    l.until_reported(200);
    l.run.send(Command::Pause);
    l.until(|e| *e == Event::Playing(false));
    let made = l.reported().steps.len();
    std::thread::sleep(Duration::from_millis(80));
    l.heard.extend(std::iter::from_fn(|| l.run.event()));
    assert_eq!(l.reported().steps.len(), made, "a paused run stands still");
}

#[test]
fn frames_wait_until_they_are_taken_and_news_never_do() {
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    let wake: Wake = Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let mut l = Listener { run: Run::start(Settings::default(), 1, wake).unwrap(), heard: Vec::new() };
    l.run.send(Command::Speed(Speed::Unlimited));
    l.run.send(Command::Play);
    l.until_reported(300);
    assert!(woken.load(Ordering::Relaxed) > 0);
    // the first frame lay there all the time; another one comes once it was taken
    assert_eq!(l.run.frame().map(|frame| frame.update), Some(0));
    l.run.send(Command::Pause);
    l.until(|e| *e == Event::Playing(false));
    let last = l.last();
    assert_eq!(l.reported().steps.len() as u64, last);
    assert_eq!(l.frame(last).update, last);
}

#[test]
fn at_rest_the_newest_frame_is_the_one_that_waits() {
    let mut l = Listener::start(Settings::default(), 1);
    for (updates, sum) in [(3, 3), (2, 5)] {
        l.run.send(Command::Advance(updates));
        l.until_reported(sum);
    }
    // the frame follows the reports, and the log what was to be done before
    l.run.send(Command::Log);
    l.until(|e| matches!(e, Event::Log(_)));
    assert_eq!(l.run.frame().map(|frame| frame.update), Some(5));
    assert!(!l.run.has_frame());
}

/// The bound is stated in the queue of events: this many updates as they are, and 4,096 buckets of each scalar.
#[test]
fn a_run_at_full_speed_that_nobody_listens_to_stays_within_a_bound_and_forgets_no_extreme() {
    let mut settings = Settings::default();
    settings.task.inputs = Shape::Flat(8);
    (settings.task.outputs, settings.task.steps) = (1, 12);
    (settings.task.target_spikes, settings.network.hidden) = (1, NetworkSettings::fc(&[3]));
    let run = Run::start(settings.clone(), 1, still()).unwrap();
    const UPDATES: u64 = 60_000;
    run.send(Command::Advance(UPDATES));
    let begun = Instant::now();
    while run.frame().is_none_or(|frame| frame.update < UPDATES) {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(20));
    }
    let events: Vec<Event> = std::iter::from_fn(|| run.event()).collect();
    assert!(events.len() < 10, "{}", events.len());
    assert!(events.iter().any(|e| matches!(e, Event::Thinned(_))), "{UPDATES} updates are more than wait as they are");
    let mut curves = Curves::default();
    for event in &events {
        match event {
            Event::Reports(reports) => {
                assert!(reports.len() <= MOST_REPORTS);
                curves.extend(reports);
            }
            Event::Thinned(thinned) => curves.append(thinned),
            _ => {}
        }
    }
    let mut trainer = Trainer::new(settings, Isa::best());
    let mut all = Reports::default();
    for _ in 0..UPDATES {
        trainer.step().unwrap();
        let (step, layers) = trainer.report();
        all.push(*step, layers);
    }
    let extremes = |values: &mut dyn Iterator<Item = (f64, f64)>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (min, max)| (l.min(min), h.max(max)))
    };
    let losses = extremes(&mut all.steps.iter().map(|s| (s.loss, s.loss)));
    let distances = extremes(&mut all.steps.iter().map(|s| (s.target_distance, s.target_distance)));
    let spikes = extremes(&mut all.iter().map(|(_, l)| (f64::from(l[0].spikes), f64::from(l[0].spikes))));
    for (series, expected) in
        [(&curves.loss, losses), (&curves.target_distance, distances), (&curves.spikes[0], spikes)]
    {
        let buckets = series.buckets();
        assert!(buckets.len() <= 4096);
        assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), UPDATES);
        assert_eq!(extremes(&mut buckets.iter().map(|b| (b.min, b.max))), expected);
    }
}

#[test]
fn a_dropped_handle_ends_the_thread_even_in_full_run() {
    let run = Run::start(Settings::default(), 2, still()).unwrap();
    run.send(Command::Speed(Speed::Unlimited));
    run.send(Command::Play);
    let begun = Instant::now();
    drop(run);
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn same_bits_on_any_number_of_threads_and_with_every_instruction_set() {
    // big enough that the batch is shared out among threads
    let mut settings = Settings::default();
    settings.task.pairs = 7;
    settings.task.inputs = Shape::Flat(120);
    settings.network.hidden = NetworkSettings::fc(&[150, 60]);
    let expected = digest_after(&settings, 12, Isa::best());
    for isa in Isa::available() {
        assert_eq!(digest_after(&settings, 12, isa), expected, "{}", isa.name());
    }
    for threads in [1, 2, 5] {
        let mut l = Listener::start(settings.clone(), threads);
        l.run.send(Command::Advance(12));
        assert_eq!(l.frame(12).params.digest(), expected, "{threads} threads");
    }
}

#[test]
fn looking_at_a_run_does_not_change_it() {
    let expected = digest_after(&Settings::default(), 150, Isa::best());
    let mut l = Listener::start(Settings::default(), 1);
    let explorer = Explorer::start(still()).unwrap();
    for update in 1..=150 {
        l.run.send(Command::Advance(1));
        let frame = l.frame(update);
        l.run.send(Command::LookBack(update));
        let grid = Grid { points: 11, range: 1.0 };
        let what = LandscapeSpec { fields: true, ..LandscapeSpec::new(3, grid) };
        explorer.ask(LandscapeQuestion::new(update, frame, what));
    }
    assert_eq!(l.frame(150).params.digest(), expected);
}

#[test]
fn the_log_replays_to_the_same_bits() {
    let mut l = Listener::start(Settings::default(), 1);
    l.run.send(Command::Advance(30));
    l.frame(30);
    for (rule, rate) in [("timing", 0.003), ("activation", 0.01)] {
        let rate = live("optimiser.learning_rate", Value::Real(rate));
        l.run.send(Command::Set(vec![live("rule.rule", Value::Choice(rule)), rate]));
        let update = l.last() + 25;
        l.run.send(Command::Advance(25));
        l.frame(update);
    }
    l.run.send(Command::Log);
    let Event::Log(log) = l.until(|e| matches!(e, Event::Log(_))) else { unreachable!() };
    let end = log.end.expect("a log that was asked for has its end");
    assert_eq!((log.entries.len(), end.update), (3, 80));
    let read = spikescape::record::Log::from_toml("log.toml", &log.to_toml()).unwrap();
    assert_eq!(read, *log);
    let replayed = read.replay(Isa::best(), |_| true).unwrap();
    assert_eq!(replayed.params().digest(), end.digest);
}

impl Listener {
    /// The last update that was reported.
    fn last(&self) -> u64 {
        self.reported().steps.last().map_or(0, |s| s.update)
    }
}

#[test]
fn numbers_that_are_none_stop_the_run_and_keep_what_was() {
    let mut settings = Settings::default();
    settings.rule.grad_clip.on = false;
    settings.rule.lambda_act = 1e6;
    settings.rule.surrogate_alpha = 1e6;
    settings.network.gain = 1e3;
    settings.network.hidden = NetworkSettings::fc(&[50; 8]);
    let mut l = Listener::start(settings, 1);
    l.run.send(Command::Speed(Speed::Unlimited));
    l.run.send(Command::Play);
    let halted = l.until(|e| matches!(e, Event::Halted(_)));
    let Event::Halted(Halt::Diverged(diverged)) = halted else { unreachable!() };
    assert!(diverged.to_string().contains(&format!("Update {}", diverged.update)), "{diverged}");
    assert!(diverged.to_string().contains("layer"), "{diverged}");
    l.until(|e| *e == Event::Playing(false));
    let frame = l.frame(diverged.update - 1);
    assert!(frame.params.0.iter().all(|p| p.is_finite()));
}

#[test]
fn the_newest_question_wins_and_any_can_be_stopped() {
    let mut l = Listener::start(Settings::default(), 1);
    let frame = l.frame(0);
    let explorer = Explorer::start(still()).unwrap();
    let ask = |id, points| {
        let grid = Grid { points, range: 1.0 };
        explorer.ask(LandscapeQuestion::new(id, Arc::clone(&frame), LandscapeSpec::new(0, grid)));
    };
    ask(1, 201);
    ask(2, 5);
    let mut losses: Vec<(u32, MeasuredPoint)> = Vec::new();
    let begun = Instant::now();
    while losses.len() < 25 && begun.elapsed() < PATIENCE {
        let Some(answer) = explorer.answer() else {
            std::thread::sleep(Duration::from_millis(1));
            continue;
        };
        match answer.part {
            Ok(AnswerPart::Landscape(LandscapePart::Points(part))) if answer.id == 2 => losses.extend(part.points),
            Ok(AnswerPart::Landscape(LandscapePart::Points(part))) => {
                assert!(part.done < part.of, "the older question is given up");
            }
            _ => {}
        }
    }
    let centre = losses.iter().find(|(point, _)| *point == 12).unwrap().1.loss;
    assert_eq!(centre.to_bits(), frame.loss.to_bits());
    ask(3, 201);
    explorer.stop(QuestionKind::Landscape, 3);
    let begun = Instant::now();
    drop(explorer);
    assert!(begun.elapsed() < PATIENCE, "a stopped question does not hold up the end");
}
