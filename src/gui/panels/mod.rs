//! The panels, one folder each: `mod.rs` puts one together, `model` says what it shows in numbers and words, without a
//! screen, `paint` draws it. No panel knows another; what several share is in [`super::widgets`].

pub mod accuracy;
pub mod bench;
pub mod changes;
pub mod curves;
pub mod decision_map;
pub mod experiment;
pub mod landscape;
pub mod layers;
pub mod plane;
pub mod point_detail;
pub mod potential;
pub mod raster;
pub mod rule_comparison;
pub mod samples;
pub mod slice;
