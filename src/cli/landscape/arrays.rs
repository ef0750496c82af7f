//! A landscape as named arrays, the same in every kind of file.

use crate::landscape::{Circulation, Grid, Landscape, MeasuredPoint, PathLoss, Plane, ProjectedPath, Views};
use crate::record::npz::{Array, Values};
use crate::rule::Rule;
use crate::snn::{Network, Params};

/// Of a landscape; `[n, n]` is `[a][b]`, and gradients have a last dimension of 2. Where nothing was measured there is NaN, and −1 for
/// what is counted.
pub fn of_landscape(landscape: &Landscape, views: &Views, fields: bool) -> Vec<Array> {
    let (grid, n) = (landscape.grid, landscape.grid.points);
    let plane = |name: &str, values: Values| Array::new(name, &[n, n], values);
    let arrows = |name: &str, arrows: Vec<[f64; 2]>| {
        Array::new(name, &[n, n, 2], Values::F64(arrows.into_iter().flatten().collect()))
    };
    let whole = |of: fn(&MeasuredPoint) -> u32| {
        Values::I64(landscape.points.iter().map(|p| p.as_ref().map_or(-1, |p| i64::from(of(p)))).collect())
    };
    let mut all = axes(grid).to_vec();
    all.push(plane("loss", Values::F64(landscape.losses())));
    if fields {
        all.extend(Rule::ALL.map(|rule| arrows(rule.key(), landscape.field(rule))));
    }
    all.push(arrows("slope", views.slope.iter().map(|s| s.unwrap_or([f64::NAN; 2])).collect()));
    for (rule, surface) in Rule::ALL.iter().zip(&views.surfaces) {
        if let Some(surface) = surface {
            all.push(plane(&format!("surface_{rule}"), Values::F64(surface.values.clone())));
        }
    }
    all.push(plane("spikes", whole(|p| p.spikes)));
    all.push(plane("output_spikes", whole(|p| p.output_spikes)));
    let label = |(label, point): (&u32, &Option<MeasuredPoint>)| if point.is_some() { i64::from(*label) } else { -1 };
    let labels = views.regions.labels.iter().zip(&landscape.points).map(label);
    all.push(plane("region", Values::I64(labels.collect())));
    all
}

/// The circulation density of each rule's field, `[n − 1, n − 1]`, where fields were measured.
pub fn of_circulation(landscape: &Landscape) -> Vec<Array> {
    let cells = landscape.grid.points - 1;
    let one = |rule: Rule| {
        let found = Circulation::of(landscape.grid, &landscape.field(rule))?;
        Some(Array::new(&format!("circulation_{rule}"), &[cells, cells], Values::F64(found.density)))
    };
    Rule::ALL.into_iter().filter_map(one).collect()
}

/// Of a line: gradients are those along it and along the second direction. Where nothing was measured there is NaN, and −1 for
/// what is counted.
pub fn of_cut(grid: Grid, points: &[Option<MeasuredPoint>], fields: bool) -> Vec<Array> {
    let n = grid.points;
    let [a, _] = axes(grid);
    let losses = points.iter().map(|p| p.map_or(f64::NAN, |p| p.loss)).collect();
    let mut all = vec![a, Array::new("loss", &[n], Values::F64(losses))];
    for (k, rule) in Rule::ALL.iter().enumerate().filter(|_| fields) {
        let arrows = points.iter().flat_map(|p| p.map_or([f32::NAN; 2], |p| p.fields[k])).map(f64::from).collect();
        all.push(Array::new(rule.key(), &[n, 2], Values::F64(arrows)));
    }
    let whole = |of: fn(&MeasuredPoint) -> u32| {
        Values::I64(points.iter().map(|p| p.as_ref().map_or(-1, |p| i64::from(of(p)))).collect())
    };
    all.push(Array::new("spikes", &[n], whole(|p| p.spikes)));
    all.push(Array::new("output_spikes", &[n], whole(|p| p.output_spikes)));
    all
}

/// The plane, as flat vectors in the order of a file of weights: of each layer with weights `[out, in]` or `[out, in, k, k]`, then
/// the biases.
pub fn of_plane(net: &Network, plane: &Plane) -> Vec<Array> {
    let vectors = [("centre", &*plane.centre), ("direction_1", &plane.d1), ("direction_2", &plane.d2)];
    let array = |(name, params): (&str, &Params)| {
        let flat = flat(net, params);
        Array::new(name, &[flat.len()], Values::F32(flat))
    };
    vectors.map(array).to_vec()
}

/// The run's path beside the plane.
pub fn of_path(path: &ProjectedPath, losses: &[PathLoss]) -> Vec<Array> {
    let n = losses.len();
    let number = |name: &str, values: Vec<f64>| Array::new(&format!("path_{name}"), &[n], Values::F64(values));
    let updates = losses.iter().map(|l| l.update as i64).collect();
    vec![
        Array::new("path_update", &[n], Values::I64(updates)),
        number("a", path.points.iter().map(|p| p.foot.a).collect()),
        number("b", path.points.iter().map(|p| p.foot.b).collect()),
        number("distance", path.points.iter().map(|p| p.foot.distance).collect()),
        number("loss", losses.iter().map(|l| l.own).collect()),
        number("foot_loss", losses.iter().map(|l| l.foot).collect()),
    ]
}

fn axes(grid: Grid) -> [Array; 2] {
    let line: Vec<f64> = (0..grid.points).map(|k| f64::from(grid.coordinate(k))).collect();
    ["a", "b"].map(|name| Array::new(name, &[grid.points], Values::F64(line.clone())))
}

fn flat(net: &Network, params: &Params) -> Vec<f32> {
    let layers = net.layers.iter().filter(|layer| layer.has_weights());
    let both = layers.flat_map(|layer| {
        let biases = params.0[layer.biases()][..layer.filters()].to_vec();
        layer.export_weights(params).into_iter().chain(biases)
    });
    both.collect()
}

/// A table with a row for each point, from arrays whose first dimensions are those of the grid; gradients become two columns.
pub fn columns(arrays: &[Array]) -> Vec<(String, Vec<f64>)> {
    let mut columns = Vec::new();
    for array in arrays {
        let values: Vec<f64> = match &array.values {
            Values::F64(v) => v.clone(),
            Values::F32(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Values::I64(v) => v.iter().map(|x| *x as f64).collect(),
            Values::U8(v) => v.iter().map(|x| f64::from(*x)).collect(),
        };
        if matches!(array.shape[..], [_, 2] | [_, _, 2]) {
            for (k, end) in ["a", "b"].iter().enumerate() {
                let one = values.iter().copied().skip(k).step_by(2).collect();
                columns.push((format!("{}_{end}", array.name), one));
            }
        } else {
            columns.push((array.name.clone(), values));
        }
    }
    columns
}
