fn main() {
    if let Err(problem) = spikescape::gui::window::open(spikescape::train::Settings::default()) {
        eprintln!("{problem}");
    }
}
