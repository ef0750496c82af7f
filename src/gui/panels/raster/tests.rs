//! The raster as a person uses it: on a stage, with a pointer.
