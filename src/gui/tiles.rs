//! The panels in their tiles: each is drawn where the layout has it.

use egui::Ui;
use egui_tiles::{SimplificationOptions, Tile, TileId, Tiles, UiResponse};

use super::action::Action;
use super::layout::panel::Panel;
use super::panels::{
    accuracy, bench, changes, curves, decision_map, experiment, landscape, layers, plane, point_detail, potential,
    raster, rule_comparison, samples, slice,
};
use super::state::ViewContext;
use super::widgets::ring;
use super::widgets::time_axis::TimeView;

/// The state of each panel's own view.
#[derive(Default)]
pub struct Panels {
    pub experiment: experiment::ExperimentPanel,
    pub raster: raster::RasterPanel,
    pub potential: potential::PotentialPanel,
    pub curves: curves::CurvesPanel,
    pub changes: changes::ChangesPanel,
    pub landscape: landscape::LandscapePanel,
    pub plane_form: plane::PlaneFormPanel,
    pub rule_comparison: rule_comparison::RuleComparisonPanel,
    pub point_detail: point_detail::PointDetailPanel,
    pub slice: slice::SlicePanel,
    pub layers: layers::LayersPanel,
    pub samples: samples::SamplesPanel,
    pub decision_map: decision_map::DecisionMapPanel,
    pub accuracy: accuracy::AccuracyPanel,
    pub bench: bench::BenchPanel,
    /// Of raster and potential, which move together.
    pub time: TimeView,
}

impl Panels {
    pub fn show(&mut self, panel: Panel, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        match panel {
            Panel::Experiment => self.experiment.ui(ui, cx, actions),
            Panel::Raster => self.raster.ui(ui, cx, &mut self.time, actions),
            Panel::Potential => self.potential.ui(ui, cx, &mut self.time, actions),
            Panel::Curves => self.curves.ui(ui, cx, actions),
            Panel::Changes => self.changes.ui(ui, cx, actions),
            Panel::Landscape => self.landscape.ui(ui, cx, actions),
            Panel::Layers => self.layers.ui(ui, cx, actions),
            Panel::Samples => self.samples.ui(ui, cx, actions),
            Panel::DecisionMap => self.decision_map.ui(ui, cx, actions),
            Panel::Accuracy => self.accuracy.ui(ui, cx, actions),
            Panel::Bench => self.bench.ui(ui, cx, actions),
            Panel::PlaneForm => self.plane_form.ui(ui, cx, actions),
            Panel::RuleComparison => self.rule_comparison.ui(ui, cx, actions),
            Panel::PointDetail => self.point_detail.ui(ui, cx, actions),
            Panel::Slice => self.slice.ui(ui, cx, actions),
        }
    }
}

/// The titles of the panels in a tile, in their order.
fn collect_titles(tiles: &Tiles<Panel>, tile: TileId, titles: &mut Vec<&'static str>) {
    match tiles.get(tile) {
        Some(Tile::Pane(panel)) => titles.push(panel.title()),
        Some(Tile::Container(container)) => container.children().for_each(|id| collect_titles(tiles, *id, titles)),
        None => {}
    }
}

/// Draws each tile by its panel.
pub struct TileBehaviour<'a> {
    pub panels: &'a mut Panels,
    pub cx: ViewContext<'a>,
    pub actions: &'a mut Vec<Action>,
}

impl egui_tiles::Behavior<Panel> for TileBehaviour<'_> {
    fn pane_ui(&mut self, ui: &mut egui::Ui, _: TileId, panel: &mut Panel) -> UiResponse {
        let margin = egui::Margin { left: 8, right: 8, top: 4, bottom: 6 };
        egui::Frame::new().fill(self.cx.theme.panel).inner_margin(margin).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            self.panels.show(*panel, ui, self.cx, self.actions);
        });
        if self.cx.lesson.points_at_panel(*panel) {
            ring::draw(ui, self.cx, ui.max_rect().shrink(2.0));
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, panel: &Panel) -> egui::WidgetText {
        panel.title().into()
    }

    /// Panels that were dropped onto a tab stand in a tile of their own: it has their names.
    fn tab_title_for_tile(&mut self, tiles: &Tiles<Panel>, tile: TileId) -> egui::WidgetText {
        let mut titles = Vec::new();
        collect_titles(tiles, tile, &mut titles);
        titles.join(" · ").into()
    }

    fn is_tab_closable(&self, _: &Tiles<Panel>, _: TileId) -> bool {
        true
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Panel>,
        ui: &mut egui::Ui,
        _: TileId,
        tabs: &egui_tiles::Tabs,
        _: &mut f32,
    ) {
        if let Some(panel) = tabs.active.and_then(|id| tiles.get_pane(&id)) {
            let name = format!("What is {}", panel.title().to_lowercase());
            ui.add_space(6.0);
            let button = ui.add(egui::Button::new("?").frame(false).small()).on_hover_text(panel.help());
            button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        }
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        24.0
    }

    fn tab_bar_color(&self, _: &egui::Visuals) -> egui::Color32 {
        self.cx.theme.panel
    }

    fn tab_bg_color(&self, _: &egui::Visuals, _: &Tiles<Panel>, _: TileId, _: &egui_tiles::TabState) -> egui::Color32 {
        self.cx.theme.panel
    }

    /// Of several panels at one place the one in front stands out.
    fn tab_text_color(
        &self,
        _: &egui::Visuals,
        _: &Tiles<Panel>,
        _: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.cx.theme.ink } else { self.cx.theme.faint }
    }

    fn tab_outline_stroke(
        &self,
        _: &egui::Visuals,
        _: &Tiles<Panel>,
        _: TileId,
        _: &egui_tiles::TabState,
    ) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _: &egui::Visuals) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        1.0
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> egui::Stroke {
        match state {
            egui_tiles::ResizeState::Idle => egui::Stroke::new(1.0, self.cx.theme.line),
            egui_tiles::ResizeState::Hovering => style.visuals.widgets.hovered.fg_stroke,
            egui_tiles::ResizeState::Dragging => style.visuals.widgets.active.fg_stroke,
        }
    }

    fn min_size(&self) -> f32 {
        60.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}
