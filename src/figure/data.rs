//! The numbers of a figure, as a table and as arrays.

use crate::record::npz::{self, Array, Values};

/// The numbers of a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureTable {
    /// Of equal length.
    pub columns: Vec<FigureColumn>,
    /// Arrays of other shapes, which stand in the archive alone.
    pub arrays: Vec<Array>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureColumn {
    pub name: &'static str,
    pub values: Values,
    /// What its numbers stand for; the table has these words, the archive the numbers.
    pub words: Option<Vec<String>>,
}

impl FigureTable {
    pub fn whole(&mut self, name: &'static str, values: Vec<i64>) -> &mut Self {
        self.columns.push(FigureColumn { name, values: Values::I64(values), words: None });
        self
    }

    pub fn real(&mut self, name: &'static str, values: Vec<f64>) -> &mut Self {
        self.columns.push(FigureColumn { name, values: Values::F64(values), words: None });
        self
    }

    /// Numbers of words.
    pub fn words(&mut self, name: &'static str, numbers: Vec<i64>, words: Vec<String>) -> &mut Self {
        self.columns.push(FigureColumn { name, values: Values::I64(numbers), words: Some(words) });
        self
    }

    /// As CSV: a line with the names, then one for each row. Numbers have all their digits; what is not known is empty.
    pub fn csv(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let mut out = names.join(",") + "\n";
        for row in 0..self.rows() {
            let cells: Vec<String> = self.columns.iter().map(|column| column.cell(row)).collect();
            out += &cells.join(",");
            out.push('\n');
        }
        out
    }

    /// As an archive for NumPy, with `facts` as the bytes of `settings`.
    pub fn npz(&self, facts: &str) -> Result<Vec<u8>, String> {
        let array = |column: &FigureColumn| Array::new(column.name, &[column.values.len()], column.values.clone());
        let mut arrays: Vec<Array> = self.columns.iter().map(array).collect();
        arrays.extend(self.arrays.iter().cloned());
        let facts = facts.as_bytes().to_vec();
        arrays.push(Array::new("settings", &[facts.len()], Values::U8(facts)));
        npz::archive(&arrays).map_err(|e| format!("The archive cannot be made: {e}."))
    }

    /// The words of the columns that have some, as in `layer: 0 input, 1 hidden`.
    pub fn legend(&self) -> Vec<String> {
        let words = |column: &FigureColumn| {
            let words = column.words.as_ref()?;
            let each: Vec<String> = words.iter().enumerate().map(|(k, word)| format!("{k} {word}")).collect();
            Some(format!("{}: {}", column.name, each.join(", ")))
        };
        self.columns.iter().filter_map(words).collect()
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}

impl FigureColumn {
    fn cell(&self, row: usize) -> String {
        let real = |x: f64| if x.is_nan() { String::new() } else { x.to_string() };
        match (&self.values, &self.words) {
            (Values::I64(v), Some(words)) => words.get(v[row] as usize).cloned().unwrap_or_default(),
            (Values::I64(v), None) => v[row].to_string(),
            (Values::F64(v), _) => real(v[row]),
            (Values::F32(v), _) => real(v[row].into()),
            (Values::U8(v), _) => v[row].to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_words_and_an_archive_their_numbers() {
        let mut table = FigureTable::default();
        table.words("layer", vec![1, 0], vec!["input".into(), "hidden".into()]).real("v", vec![0.1, f64::NAN]);
        table.whole("step", vec![3, 4]);
        assert_eq!(table.csv(), "layer,v,step\nhidden,0.1,3\ninput,,4\n");
        assert_eq!(table.legend(), ["layer: 0 input, 1 hidden"]);
        assert!(table.npz("{}").unwrap().starts_with(b"PK"));
    }
}
