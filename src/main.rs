use spikescape::{
    rule::Rule,
    snn::Isa,
    train::{Settings, Trainer},
};
fn main() {
    for isa in Isa::available() {
        let mut t = Trainer::new(Settings::default(), isa);
        let s = std::time::Instant::now();
        for _ in 0..10000 {
            t.step().unwrap();
        }
        println!("{} {:?} {} {:x}", isa.name(), s.elapsed() / 10000, t.loss(), t.params().digest());
    }
    for n in [300, 3000] {
        for rule in Rule::ALL {
            let mut l: Vec<f64> = (0..40)
                .map(|seed| {
                    let mut s = Settings::default();
                    s.run.seed = seed;
                    s.rule.rule = rule;
                    let mut t = Trainer::new(s, Isa::best());
                    for _ in 0..n {
                        t.step().unwrap();
                    }
                    t.loss()
                })
                .collect();
            l.sort_by(f64::total_cmp);
            println!("{n} {} {} {} {}", rule.key(), l[10], (l[19] + l[20]) / 2., l[30]);
        }
    }
}
