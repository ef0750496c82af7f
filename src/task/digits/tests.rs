use super::*;

fn digits(seed: u64, number: u32) -> Digits {
    Digits::new(seed, Split::Train, number, LatencyCode::default())
}

#[test]
fn digits_repeat_and_differ() {
    let set = digits(1, 40);
    assert_eq!((set.len(), set.classes(), set.input_shape()), (40, 10, vec![1, 28, 28]));
    for tens in 0..4 {
        let mut labels: Vec<_> = (10 * tens..10 * tens + 10).map(|i| set.label(i)).collect();
        labels.sort_unstable();
        assert_eq!(labels, (0..10).collect::<Vec<_>>());
    }
    let images = |set: &Digits| (0..40).map(|i| set.pixels(i)).collect::<Vec<_>>();
    let all = images(&set);
    assert_eq!(all[..9], (0..9).map(|i| digits(1, 9).pixels(i)).collect::<Vec<_>>());
    for (i, a) in all.iter().enumerate() {
        assert!(all[i + 1..].iter().all(|b| a != b));
    }
    assert_ne!(all, images(&digits(2, 40)));
    assert_ne!(all, images(&Digits { part: Split::Test, ..set.clone() }));
    let sample = set.sample(3, 25).unwrap();
    assert_eq!(sample.input.len(), all[3].iter().filter(|&&g| g > 0).count());
    assert_eq!(sample.target.label, set.label(3));
    assert_eq!(set.view(3), Ok(View::Image(Image { width: 28, height: 28, grey: all[3].to_vec() })));
}

#[test]
fn digits_are_drawn_anew_in_used_memory() {
    super::super::source::tests::used_memory_leaves_no_mark(&digits(5, 30), 25);
}

/// The bits are part of what a seed means: a change of any digit is a change of every run that used it.
#[test]
fn digits_stay_what_they_are() {
    let set = digits(0, 100);
    let sum = (0..100)
        .flat_map(|i| set.pixels(i))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, grey| (hash ^ u64::from(grey)).wrapping_mul(0x0100_0000_01b3));
    assert_eq!(sum, 0x4f07_9b30_e1d3_d486, "{sum:#x}");
}

#[test]
fn digits_lie_within_the_paper_and_have_ink() {
    let set = digits(3, 1000);
    let mut outside = 0;
    for i in 0..set.len() {
        let grey = set.pixels(i);
        let inked = grey.iter().filter(|&&g| g > 127).count();
        assert!((15..350).contains(&inked), "digit {i}: {inked}");
        let edge = (0..SIDE).flat_map(|k| [k, (SIDE - 1) * SIDE + k, k * SIDE, k * SIDE + SIDE - 1]);
        outside += usize::from(edge.into_iter().any(|k| grey[k] > 0));
    }
    assert!(outside < 50, "{outside} digits of 1000 touch the edge");
}

/// Enough variety that a network has to generalise, and not so much that nothing can be learnt: a softmax without a
/// hidden layer, trained on one seed, gets between 80 and 95 % of another seed's right.
#[test]
fn a_linear_softmax_gets_some_but_not_all() {
    let accuracy = linear_accuracy([1, 2], [2000, 1000]);
    assert!((0.80..0.95).contains(&accuracy), "{accuracy}");
}

/// What a linear softmax gets of so many digits of the second seed, trained on so many of the first.
pub(crate) fn linear_accuracy([train, test]: [u64; 2], [many, few]: [u32; 2]) -> f64 {
    linear_softmax(&inputs(&digits(train, many)), &inputs(&digits(test, few)))
}

/// Inked pixels with their values from 0 to 1, and the label.
type Input = (Vec<(usize, f64)>, usize);

fn inputs(set: &Digits) -> Vec<Input> {
    let inked = |i| {
        let values = set.pixels(i).into_iter().enumerate().filter(|p| p.1 > 0);
        values.map(|(k, grey)| (k, f64::from(grey) / 255.0)).collect()
    };
    (0..set.len()).map(|i| (inked(i), set.label(i))).collect()
}

/// Test accuracy of softmax regression, by plain stochastic gradient descent with a falling rate.
fn linear_softmax(train: &[Input], test: &[Input]) -> f64 {
    let mut weights = vec![[0.0f64; 10]; SIDE * SIDE + 1];
    let scores = |weights: &[[f64; 10]], values: &[(usize, f64)]| {
        let mut sums = weights[SIDE * SIDE];
        for &(k, value) in values {
            sums.iter_mut().zip(&weights[k]).for_each(|(s, w)| *s += w * value);
        }
        sums
    };
    for epoch in 0..30 {
        let rate = 0.02 / (1.0 + 0.2 * f64::from(epoch));
        for (values, label) in train {
            let sums = scores(&weights, values);
            let most = sums.iter().copied().fold(f64::MIN, f64::max);
            let exps = sums.map(|s| libm::exp(s - most));
            let total: f64 = exps.iter().sum();
            let mut step = exps.map(|e| -rate * e / total);
            step[*label] += rate;
            for &(k, value) in values.iter().chain(&[(SIDE * SIDE, 1.0)]) {
                weights[k].iter_mut().zip(&step).for_each(|(w, s)| *w += s * value);
            }
        }
    }
    let right = test.iter().filter(|(values, label)| {
        let sums = scores(&weights, values);
        (0..10).all(|c| sums[c] <= sums[*label])
    });
    right.count() as f64 / test.len() as f64
}
