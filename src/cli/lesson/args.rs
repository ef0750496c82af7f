//! The words of `spikescape lesson` and `spikescape class`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

/// `spikescape lesson`
#[derive(Debug, Subcommand)]
pub enum LessonCommand {
    /// List the built-in lessons
    List,
    /// Say what is wrong with lessons, and measure what they claim
    ///
    /// Reads each lesson, does what its solutions say (every step must be open before and done after them), and trains the
    /// runs of all its claims over their seeds. The exit code is 1 where anything is wrong.
    #[command(
        after_help = "Examples:\n  spikescape lesson check my-lesson.toml\n  spikescape lesson check 2 3 --steps-only"
    )]
    Check {
        /// Files, or the numbers of built-in lessons; all of these without any
        #[arg(value_name = "FILE|NUMBER")]
        lessons: Vec<String>,
        /// Leave out the claims, which take longest
        #[arg(long)]
        steps_only: bool,
    },
    /// Write a commented lesson to start from
    #[command(after_help = "Example: spikescape lesson new my-lesson.toml")]
    New {
        /// The file; its name ends in .toml
        file: PathBuf,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Print a lesson's notes for the instructor: time, answers, what goes wrong
    #[command(after_help = "Example: spikescape lesson notes 3 > lesson-3.md")]
    Notes {
        /// A file, or the number of a built-in lesson
        #[arg(value_name = "FILE|NUMBER")]
        lesson: String,
    },
}

/// `spikescape class`
#[derive(Debug, Group)]
pub struct Class {
    /// A text file with a code on each line; what stands before a colon is a name
    pub file: PathBuf,
    /// Lessons of your own that codes are of; can be repeated
    #[arg(long, value_name = "FILE")]
    pub lesson: Vec<PathBuf>,
}
