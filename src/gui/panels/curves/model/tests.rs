use super::*;

fn series(values: &[f64]) -> Series {
    let mut s = Series::new(64);
    values.iter().enumerate().for_each(|(n, v)| s.push(n as u64 + 1, *v));
    s
}

fn track(series: &Series) -> [CurveTrack<'_>; 1] {
    [CurveTrack { name: "loss".into(), series }]
}

fn mark(update: u64, rule: Option<Rule>) -> RunMark {
    RunMark { update, text: "q = 0.2".into(), rule }
}

#[test]
fn points_keep_every_extreme_and_every_update() {
    let mut values = vec![1.0; 60];
    values[37] = 9.0;
    let s = series(&values);
    let p = points(s.buckets(), 0.0, 61.0, 10);
    assert_eq!(p.len(), 8, "eight updates a point");
    assert_eq!((p[0].first, p[7].last), (1, 60));
    assert!(p.windows(2).all(|w| w[0].last + 1 == w[1].first));
    assert_eq!(p.iter().filter(|p| p.max == 9.0).count(), 1);
    assert_eq!(p[4], CurvePoint { first: 33, last: 40, mean: 2.0, min: 1.0, max: 9.0 });
}

#[test]
fn points_of_a_moved_view_are_the_same_points() {
    let s = series(&(0..60).map(f64::from).collect::<Vec<_>>());
    let a = points(s.buckets(), 10.0, 40.0, 10);
    let b = points(s.buckets(), 13.0, 43.0, 10);
    assert_eq!(group(s.buckets(), 10.0, 40.0, 10), 4);
    let common = a.iter().filter(|p| b.contains(p)).count();
    assert!(common >= a.len() - 2, "{a:?} {b:?}");
    // a neighbour on each side, so that the line does not end in view
    assert!(a[0].last < 10 && a[a.len() - 1].first > 40);
}

#[test]
fn a_near_view_has_every_update() {
    let s = series(&(0..60).map(f64::from).collect::<Vec<_>>());
    let p = points(s.buckets(), 20.0, 25.0, 300);
    assert!(p.iter().all(|p| p.first == p.last));
    assert_eq!((p[0].first, p[p.len() - 1].last), (18, 28));
    assert!(points(s.buckets(), 100.0, 200.0, 300).len() <= 2);
    assert!(points(&[], 0.0, 10.0, 300).is_empty());
}

#[test]
fn the_extent_leaves_out_what_cannot_be_shown() {
    let s = series(&[0.0, 0.5, 3.0]);
    assert_eq!(extent(&track(&s), false), Some((0.0, 3.0)));
    assert_eq!(extent(&track(&s), true), Some((0.5, 3.0)));
    let zeros = series(&[0.0, 0.0]);
    assert_eq!(extent(&track(&zeros), true), None);
    assert_eq!(extent(&track(&zeros), false), Some((0.0, 0.0)));
}

#[test]
fn zeros_are_spoken_of() {
    let (some, none, all) = (series(&[0.0, 1.0]), series(&[1.0, 2.0]), series(&[0.0, 0.0]));
    assert_eq!(note(&track(&some), true), Some("zeros are not shown on a log axis"));
    assert_eq!(note(&track(&some), false), None);
    assert_eq!(note(&track(&none), true), None);
    assert_eq!(note(&track(&all), false), Some("all values are zero so far"));
    assert_eq!(note(&track(&all), true), Some("all values are zero so far, which a log axis cannot show"));
    assert_eq!(note(&track(&series(&[])), true), None);
}

#[test]
fn each_point_has_the_rule_it_was_trained_by() {
    let s = series(&[1.0; 30]);
    let p = points(s.buckets(), 0.0, 31.0, 100);
    let marks = [mark(5, None), mark(10, Some(Rule::Timing)), mark(20, Some(Rule::Antlr)), mark(25, Some(Rule::Antlr))];
    // a switch once ten updates were made holds from the eleventh on
    assert_eq!(
        segments(&p, Rule::Activation, &marks),
        [(Rule::Activation, 0..10), (Rule::Timing, 10..20), (Rule::Antlr, 20..30)]
    );
    assert_eq!(segments(&p[15..], Rule::Activation, &marks), [(Rule::Timing, 0..5), (Rule::Antlr, 5..15)]);
    assert_eq!(segments(&[], Rule::Timing, &marks), []);
    assert_eq!(
        [1, 10, 11, 20, 21].map(|u| rule_at(Rule::Activation, &marks, u)),
        [Rule::Activation, Rule::Activation, Rule::Timing, Rule::Timing, Rule::Antlr]
    );
}

#[test]
fn marks_close_to_each_other_are_one() {
    let marks = [mark(10, None), mark(11, Some(Rule::Timing)), mark(12, None), mark(40, None)];
    assert_eq!(clusters(&marks, 0.5).len(), 4);
    let joined = clusters(&marks, 3.0);
    assert_eq!(
        joined,
        [
            MarkCluster { update: 11, marks: 0..3, rule: Some(Rule::Timing) },
            MarkCluster { update: 40, marks: 3..4, rule: None }
        ]
    );
    assert_eq!(cluster_text(&joined[1], &marks), "after update 40: q = 0.2");
    let many: Vec<RunMark> = (0..9).map(|u| mark(u, None)).collect();
    assert!(cluster_text(&clusters(&many, 20.0)[0], &many).ends_with("and 3 more changes"));
}

#[test]
fn the_pointer_reads_values_and_their_range() {
    let s = series(&[1.0, 2.0, 3.0]);
    assert_eq!(readout(&track(&s), 2.4, None).unwrap(), "update 2\nloss 2.00");
    assert_eq!(readout(&track(&s), 99.0, None).unwrap(), "update 3\nloss 3.00");
    assert_eq!(readout(&track(&series(&[])), 1.0, None), None);
    let long = series(&(0..100).map(f64::from).collect::<Vec<_>>());
    let marks = [mark(10, Some(Rule::Timing))];
    assert_eq!(
        readout(&track(&long), 20.0, Some((Rule::Antlr, &marks))).unwrap(),
        "updates 19 to 20, Timing\nloss 18.5 (18.0 to 19.0)"
    );
}
