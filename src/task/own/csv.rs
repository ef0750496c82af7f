//! Spike trains as text: one spike per line, neuron and time.

use crate::file::{Progress, ReadError, excerpt};

use super::{Import, SpikeTrains, TimeScale};

/// Reads one sample. Columns are separated by semicolons, tabs or commas, all lines alike, as the first line has it: where that
/// is no comma, a comma stands in a number for its point. A first line with names sets the order; empty lines and those that
/// begin with # are skipped. Messages call the file `name`.
pub fn read(name: &str, text: &str, import: &Import, progress: &Progress) -> Result<SpikeTrains, ReadError> {
    let mut form: Option<CsvForm> = None;
    let mut trains = SpikeTrains::new(name);
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        progress.check()?;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = |what: String| format!("{name}, line {}: {what}", number + 1);
        let form = match &form {
            Some(form) => form,
            None => {
                let (found, is_header) = CsvForm::of(line, import).map_err(at)?;
                let found = form.insert(found);
                if is_header {
                    continue;
                }
                found
            }
        };
        let [neuron, time] = form.fields(line).map_err(at)?;
        let unit = form.number_in(neuron, "neuron").and_then(|n| import.unit(n)).map_err(at)?;
        let step = form.number_in(time, "time").and_then(|t| import.step(t)).map_err(at)?;
        trains.push(step, unit, import).map_err(at)?;
    }
    trains.end_sample();
    Ok(trains.finish(import)?)
}

/// The names that others give to the column of the neuron …
const NEURONS: [&str; 9] = ["neuron", "unit", "sender", "senders", "i", "id", "neuron_id", "unit_id", "channel"];
/// … and to that of the time; the last ones say its unit.
const TIMES: [&str; 7] = ["time", "times", "step", "t", "time_step", "time_ms", "t_ms"];
const IN_MS: [&str; 2] = ["time_ms", "t_ms"];

/// How the lines of a file are to be read.
struct CsvForm {
    separator: char,
    columns: usize,
    /// Those of neuron and time.
    places: [usize; 2],
}

impl CsvForm {
    /// As the first line has it, and whether that is a header.
    fn of(line: &str, import: &Import) -> Result<(Self, bool), String> {
        let separator = [';', '\t'].into_iter().find(|s| line.contains(*s)).unwrap_or(',');
        let mut form = Self { separator, columns: 0, places: [0, 1] };
        let fields: Vec<&str> = form.split(line).collect();
        form.columns = fields.len();
        if fields.iter().all(|f| form.number_in(f, "").is_ok()) {
            return match fields.len() {
                1 | 2 => Ok((form, false)),
                n => Err(format!(
                    "there are {n} columns and no header that says which are neuron and time: write one, or, if the \
                     commas are those of numbers, separate the columns with semicolons."
                )),
            };
        }
        let column = |names: &[&str]| fields.iter().position(|f| names.iter().any(|n| f.eq_ignore_ascii_case(n)));
        let (Some(neuron), Some(time)) = (column(&NEURONS), column(&TIMES)) else {
            return Err("two numbers, neuron and time, or a header with these names should stand here.".into());
        };
        if import.scale == TimeScale::Steps && IN_MS.iter().any(|name| fields[time].eq_ignore_ascii_case(name)) {
            return Err(format!("the column {} is in ms: choose ms as the time unit.", fields[time]));
        }
        form.places = [neuron, time];
        Ok((form, true))
    }

    fn split<'a>(&self, line: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        line.split(self.separator).map(|f| f.trim().trim_matches('"'))
    }

    /// The fields of neuron and time; those that are missing are empty.
    fn fields<'a>(&self, line: &'a str) -> Result<[&'a str; 2], String> {
        let number = self.split(line).count();
        if number > self.columns {
            return Err(format!(
                "there are {number} columns, but the first line has {}: separate columns alike in all lines, and with \
                 semicolons if the commas are those of numbers.",
                self.columns
            ));
        }
        Ok(self.places.map(|place| self.split(line).nth(place).unwrap_or("")))
    }

    /// An error names no place.
    fn number_in(&self, field: &str, what: &str) -> Result<f64, String> {
        if field.is_empty() {
            return Err(format!("the {what} is missing."));
        }
        let with_comma = self.separator != ',' && field.matches(',').count() == 1 && !field.contains('.');
        let number = if with_comma { field.replace(',', ".").parse() } else { field.parse() };
        number.map_err(|_| format!("the {what} should be a number, but it is {:?}.", excerpt(field, 40)))
    }
}

#[cfg(test)]
mod tests {
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
    fn files_of_others_are_read_as_they_were_meant_or_refused() {
        let ms = Import { scale: TimeScale::Milliseconds { dt_ms: 0.5 }, ..import() };
        let wanted = vec![(10, 1), (25, 3)];
        for text in [
            "time;neuron\n12,5;3\n5,0;1",
            "sender,time_ms\n3,12.5\n1,5",
            "i\tt\n3\t12,5\n1\t5",
            "\"unit\";\"time\"\n3;12,5\n1;5",
            "id;colour;t_ms\n3;red;12,5\n1;blue;5",
        ] {
            assert_eq!(spikes(text, &ms).unwrap(), wanted, "{text}");
        }
        let refusal = |text: &str| spikes(text, &import()).unwrap_err();
        assert!(refusal("sender,time_ms\n3,12").contains("time_ms is in ms: choose ms as the time unit"));
        assert!(refusal("neuron,time\n3,12,5").contains("3 columns, but the first line has 2"));
        assert!(refusal("3,12,5").contains("3 columns and no header"));
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
