//! A CPU rasteriser.
