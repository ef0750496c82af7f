//! An item of a plot that paints itself.

use std::ops::RangeInclusive;

use egui::{Color32, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};

/// The shapes of such an item. egui_plot's own hovering is off: the text at the pointer is read from the values
/// themselves.
pub trait Painted {
    /// Adds what is drawn, from the back to the front.
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>);

    /// The bounds until the user zooms or moves.
    fn bounds(&self) -> PlotBounds;

    fn colour(&self) -> Color32;
}

/// Such an item as egui_plot takes it.
pub struct PaintedItem<T> {
    base: PlotItemBase,
    item: T,
}

impl<T: Painted> PaintedItem<T> {
    pub fn new(name: &str, item: T) -> Self {
        Self { base: PlotItemBase::new(name.to_owned()), item }
    }
}

impl<T: Painted> PlotItem for PaintedItem<T> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.item.shapes(ui, transform, shapes);
    }

    fn bounds(&self) -> PlotBounds {
        self.item.bounds()
    }

    fn color(&self) -> Color32 {
        self.item.colour()
    }

    fn initialize(&mut self, _: RangeInclusive<f64>) {}

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
