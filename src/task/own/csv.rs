//! Spike trains as text: one spike per line, neuron and time.

use crate::file::{Progress, ReadError, excerpt};

use super::{Import, SpikeTrains};

/// Reads one sample. Columns are separated by commas, semicolons or tabs; a first line with the names `neuron` and `time`
/// may set their order; empty lines and those that begin with # are skipped. Messages call the file `name`.
pub fn read(name: &str, text: &str, import: &Import, progress: &Progress) -> Result<SpikeTrains, ReadError> {
    let mut columns = None;
    let mut trains = SpikeTrains::new(name);
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        progress.check()?;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split([',', ';', '\t']).map(|f| f.trim().trim_matches('"')).collect();
        let at = |what: String| format!("{name}, line {}: {what}", number + 1);
        let columns = match columns {
            Some(columns) => columns,
            None => {
                let (found, is_header) = order(&fields).map_err(at)?;
                columns = Some(found);
                if is_header {
                    continue;
                }
                found
            }
        };
        let [neuron, time] = columns.map(|c: usize| fields.get(c).copied().unwrap_or(""));
        let unit = number_in(neuron, "neuron").and_then(|n| import.unit(n)).map_err(at)?;
        let step = number_in(time, "time").and_then(|t| import.step(t)).map_err(at)?;
        trains.push(step, unit, import).map_err(at)?;
    }
    trains.end_sample();
    Ok(trains.finish(import)?)
}

/// The columns of neuron and time, and whether the line is a header.
fn order(fields: &[&str]) -> Result<([usize; 2], bool), String> {
    if fields.iter().all(|f| f.parse::<f64>().is_ok()) {
        return Ok(([0, 1], false));
    }
    let column = |names: &[&str]| fields.iter().position(|f| names.iter().any(|n| f.eq_ignore_ascii_case(n)));
    match (column(&["neuron", "unit"]), column(&["time", "step"])) {
        (Some(neuron), Some(time)) => Ok(([neuron, time], true)),
        _ => Err("two numbers, neuron and time, or a header with these names should stand here.".into()),
    }
}

/// An error names no place.
fn number_in(field: &str, what: &str) -> Result<f64, String> {
    match field {
        "" => Err(format!("the {what} is missing.")),
        _ => field.parse().map_err(|_| format!("the {what} should be a number, but it is {:?}.", excerpt(field, 40))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::TimeScale;
    use super::*;
    use crate::task::mutation::try_many;

    fn import() -> Import {
        Import { scale: TimeScale::Steps, steps: 100, units: None, most_entries: 1000 }
    }

    fn csv(text: &str, import: &Import) -> Result<SpikeTrains, String> {
        Ok(read("f", text, import, &Progress::default())?)
    }

    fn spikes(text: &str, import: &Import) -> Result<Vec<(usize, u32)>, String> {
        Ok(csv(text, import)?.raster(0, import.steps)?.iter().collect())
    }

    #[test]
    fn spikes_are_read_with_and_without_a_header() {
        let wanted = vec![(5, 2), (7, 0)];
        for text in
            ["2,5\n0,7", "neuron,time\n2,5\n\n0,7\n", "\u{feff}Time;Neuron\r\n7;0\r\n5;2", "# mine\n2\t5.0\n0\t7"]
        {
            assert_eq!(spikes(text, &import()).unwrap(), wanted, "{text}");
        }
        let scale = TimeScale::Milliseconds { dt_ms: 0.1 };
        assert_eq!(spikes("2,0.5\n0,0.79", &Import { scale, ..import() }).unwrap(), wanted);
        assert_eq!(csv("2,5", &import()).unwrap().units(), 3);
        assert_eq!(csv("2,5", &Import { units: Some(9), ..import() }).unwrap().units(), 9);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let refusal = |text: &str| spikes(text, &import()).unwrap_err();
        assert_eq!(refusal("0,1\n0,100"), "f, line 2: the time 100 lies outside the 100 steps of a sample.");
        assert_eq!(refusal("0,1\n0,-1"), "f, line 2: the time -1 lies outside the 100 steps of a sample.");
        assert_eq!(refusal("0,NaN"), "f, line 1: the time is not a number (NaN).");
        assert_eq!(refusal("0,1\n0,x"), "f, line 2: the time should be a number, but it is \"x\".");
        assert_eq!(refusal("0,1\n5"), "f, line 2: the time is missing.");
        assert!(refusal("a,b").starts_with("f, line 1: two numbers, neuron and time, or a header"));
        assert!(refusal("0.5,1").contains("line 1: the neuron should be a whole number from 0 on, but it is 0.5"));
        assert!(refusal("0,1.5").contains("1.5 is not a whole step; choose ms as the time unit"));
        assert!(refusal("# nothing").starts_with("f: there is no spike in it"));
        assert!(refusal("9999999999,1").contains("at most"));
        let most = csv("0,1\n0,2\n0,3", &Import { most_entries: 2, ..import() }).unwrap_err();
        assert!(most.starts_with("f, line 3: there are more than 2 spikes and samples"), "{most}");
        let few = csv("9,1", &Import { units: Some(9), ..import() }).unwrap_err();
        assert_eq!(few, "f, line 1: neuron 9 is not one of the 9 neurons, which are counted from 0.");
    }

    #[test]
    fn any_bytes_are_answered() {
        let seeds = ["neuron,time\n2,5\n1,17\n0,7\n", "2,5\n0,7\n3,99"].map(|text| text.as_bytes().to_vec());
        try_many(&seeds, |bytes| match std::str::from_utf8(bytes) {
            Ok(text) => spikes(text, &import()).map(|found| assert!(found.len() <= bytes.len())),
            Err(_) => Err("Not text.".into()),
        });
    }
}
