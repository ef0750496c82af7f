//! Gives the program for Windows its icon; on other systems there is nothing to do.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(windows)]
    icon();
}

#[cfg(windows)]
fn icon() {
    println!("cargo::rerun-if-changed=assets/icon/spikescape.ico");
    // a program without its icon is better than none
    if let Err(problem) = winresource::WindowsResource::new().set_icon("assets/icon/spikescape.ico").compile() {
        println!("cargo::warning=spikescape.exe has no icon: {problem}");
    }
}
