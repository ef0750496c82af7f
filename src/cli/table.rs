//! Tables: aligned for people, with commas for programs.

/// Rows of cells under a head.
#[derive(Clone, Debug, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    /// A row of as many cells as the head has.
    pub fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.head.len());
        self.rows.push(row);
    }

    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        std::iter::once(&self.head).chain(&self.rows)
    }

    /// Columns under each other: the first `left` of them from the left, numbers from the right.
    pub fn aligned(&self, left: usize) -> String {
        let width = |c: usize| self.lines().map(|row| row[c].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let cell = |(c, (text, width)): (usize, (&String, &usize))| {
            if c < left { format!("{text:width$}") } else { format!("{text:>width$}") }
        };
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
            cells.join("  ").trim_end().to_owned()
        };
        self.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The same as CSV.
    pub fn csv(&self) -> String {
        let mut csv = Csv::default();
        self.lines().for_each(|row| csv.push(row));
        csv.0
    }
}

/// A table for programs that may have millions of rows: the text grows row by row.
#[derive(Clone, Debug, Default)]
pub struct Csv(String);

impl Csv {
    pub fn new(head: &[&str]) -> Self {
        let mut csv = Self::default();
        csv.push(head);
        csv
    }

    pub fn push(&mut self, row: &[impl AsRef<str>]) {
        for (k, cell) in row.iter().map(AsRef::as_ref).enumerate() {
            self.0.push_str(if k > 0 { "," } else { "" });
            if cell.contains([',', '"', '\n']) {
                self.0 += &format!("\"{}\"", cell.replace('"', "\"\""));
            } else {
                self.0 += cell;
            }
        }
        self.0.push('\n');
    }

    /// The whole file.
    pub fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_the_left_and_numbers_from_the_right() {
        let mut table = Table::new(&["rule", "n", "λ"]);
        table.push(vec!["antlr".into(), "40".into(), "1,5".into()]);
        assert_eq!(table.aligned(1), "rule    n    λ\nantlr  40  1,5");
        assert_eq!(table.csv(), "rule,n,λ\nantlr,40,\"1,5\"\n");
    }
}
