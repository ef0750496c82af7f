//! The panels in their tiles: each is drawn where the layout has it.

use egui::Ui;
use egui::containers::menu::MenuButton;
use egui_tiles::{SimplificationOptions, Tile, TileId, Tiles, UiResponse};

use super::action::{Action, ExportAction};
use super::layout::panel::Panel;
use super::panels::{
    accuracy, agreement, bench, changes, compare_curves, compare_rasters, compare_runs, curves, decision_map,
    experiment, gradient_lanes, health, landscape, layers, plane, point_detail, potential, potential_parts, promises,
    raster, rule_comparison, samples, slice, spike_reasons, statistics, weight_line, weights,
};
use super::state::ViewContext;
use super::widgets::ring;
use super::widgets::time_axis::TimeView;
use crate::figure::FigureView;

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
    pub compare_runs: compare_runs::CompareRunsPanel,
    pub compare_rasters: compare_rasters::CompareRastersPanel,
    /// One for each run that is compared.
    pub rasters: Vec<raster::RasterPanel>,
    pub compare_curves: compare_curves::CompareCurvesPanel,
    pub agreement: agreement::AgreementPanel,
    pub health: health::HealthPanel,
    pub statistics: statistics::StatisticsPanel,
    pub potential_parts: potential_parts::PotentialPartsPanel,
    pub gradient_lanes: gradient_lanes::GradientLanesPanel,
    pub promises: promises::PromisesPanel,
    pub spike_reasons: spike_reasons::SpikeReasonsPanel,
    pub weight_line: weight_line::WeightLinePanel,
    pub weights: weights::WeightsPanel,
    pub bench: bench::BenchPanel,
    /// Of raster and potential, which move together.
    pub time: TimeView,
    /// The panel under the pointer, in the last frame.
    pub pointed: Option<Panel>,
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
            Panel::CompareRuns => self.compare_runs.ui(ui, cx, actions),
            Panel::CompareRasters => self.side_by_side(ui, cx, actions),
            Panel::CompareCurves => self.compare_curves.ui(ui, cx),
            Panel::Agreement => self.agreement.ui(ui, cx),
            Panel::Health => self.health.ui(ui, cx, actions),
            Panel::Statistics => self.statistics.ui(ui, cx, &self.time, actions),
            Panel::PotentialParts => self.potential_parts.ui(ui, cx, &mut self.time, actions),
            Panel::GradientLanes => self.gradient_lanes.ui(ui, cx, &mut self.time, actions),
            Panel::Promises => self.promises.ui(ui, cx, actions),
            Panel::SpikeReasons => self.spike_reasons.ui(ui, cx, actions),
            Panel::WeightLine => self.weight_line.ui(ui, cx, actions),
            Panel::Weights => self.weights.ui(ui, cx, actions),
        }
    }

    /// The raster of each run that is compared, all of them with one time axis.
    fn side_by_side(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Self { compare_rasters, rasters, time, .. } = self;
        rasters.resize_with(cx.compare.runs.len(), Default::default);
        compare_rasters.ui(ui, cx, actions, |n, ui, cx, actions| {
            if let (Some(raster), Some(frame)) = (rasters.get_mut(n), cx.frame()) {
                raster.spikes(ui, cx, frame, time, actions);
            }
        });
    }
}

/// What can be made of a view.
fn export_menu(ui: &mut Ui, view: FigureView, actions: &mut Vec<Action>) {
    let mut item = |ui: &mut Ui, text, keys, hint, action: ExportAction| {
        if ui.add(egui::Button::new(text).shortcut_text(keys)).on_hover_text(hint).clicked() {
            actions.push(action.into());
            ui.close();
        }
    };
    let hint =
        "Writes this view as SVG, PDF or PNG, or its data as CSV or NPZ (Ctrl+E with the pointer over the panel)";
    item(ui, "Export…", "Ctrl+E", hint, ExportAction::View(view));
    item(ui, "Copy picture", "", "Copies this view as a picture to the clipboard", ExportAction::Copy(view));
    item(ui, "Film…", "", "Writes this view over the updates of the run as a film", ExportAction::Film(view));
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
            if ui.rect_contains_pointer(ui.max_rect().expand(8.0)) {
                self.panels.pointed = Some(*panel);
            }
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
            if let Some(view) = panel.figure() {
                let button = egui::Button::new("…").frame(false).small();
                let menu = MenuButton::from_button(button).ui(ui, |ui| export_menu(ui, view, self.actions)).0;
                let name = format!("Export of {}", panel.title().to_lowercase());
                menu.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                menu.on_hover_text("Figure, data, picture to the clipboard, film");
            }
        }
    }

    /// The same menu as that of the tab bar, by a right click.
    fn on_tab_button(&mut self, tiles: &mut Tiles<Panel>, tile: TileId, button: egui::Response) -> egui::Response {
        if let Some(view) = tiles.get_pane(&tile).and_then(|panel| panel.figure()) {
            button.context_menu(|ui| export_menu(ui, view, self.actions));
        }
        button
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
