//! The panels, one folder each: `mod.rs` puts one together, `model` says what it shows in numbers and words, without a
//! screen, `paint` draws it. No panel knows another; what several share is in [`super::widgets`].

pub mod accuracy;
pub mod agreement;
pub mod bench;
pub mod changes;
pub mod compare_curves;
pub mod compare_rasters;
pub mod compare_runs;
pub mod curves;
pub mod decision_map;
pub mod experiment;
pub mod gradient_lanes;
pub mod health;
pub mod landscape;
pub mod layers;
pub mod plane;
pub mod point_detail;
pub mod potential;
pub mod potential_parts;
pub mod promises;
pub mod raster;
pub mod rule_comparison;
pub mod samples;
pub mod slice;
pub mod spike_reasons;
pub mod statistics;
pub mod sweep;
pub mod weight_line;
pub mod weights;
