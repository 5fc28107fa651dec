//! Makes a slice of rows hold what its type promises, so that nothing behind it has to doubt it.

use crate::record::{ColumnRows, Rows};

/// Cuts what does not fit and drops columns without a number or without a name. Afterwards columns
/// are sorted by their numbers, each there once, with a value for each of its rows, and these rise.
pub(super) fn tidy(slice: &mut Rows, known_columns: usize) {
    let count = slice.count as usize;
    slice.steps.truncate(count);
    slice.times.truncate(count);
    for column in &mut slice.columns {
        tidy_column(column, slice.count);
    }
    slice.columns.retain(|column| {
        (column.id.0 as usize) < known_columns && !(column.values.is_empty() && column.others == 0)
    });
    let sorted = slice.columns.is_sorted_by(|one, two| one.id < two.id);
    if !sorted {
        slice.columns.sort_by_key(|column| column.id);
        slice.columns.dedup_by_key(|column| column.id);
    }
}

fn tidy_column(column: &mut ColumnRows, count: u32) {
    let Some(rows) = &mut column.rows else {
        column.values.truncate(count as usize);
        return;
    };
    // Counted without a way out, which makes vector instructions of it.
    let pairs = rows.iter().zip(rows.iter().skip(1));
    if pairs.filter(|(one, two)| one < two).count() + 1 < rows.len() {
        let wrong = rows.windows(2).position(|pair| pair[0] >= pair[1]);
        rows.truncate(wrong.map_or(rows.len(), |at| at + 1));
    }
    rows.truncate(
        rows.partition_point(|row| *row < count)
            .min(column.values.len()),
    );
    column.values.truncate(rows.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ColumnId;

    fn column(id: u32, rows: Option<&[u32]>, values: &[f64]) -> ColumnRows {
        ColumnRows {
            id: ColumnId(id),
            rows: rows.map(<[u32]>::to_vec),
            values: values.to_vec(),
            others: 0,
        }
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let mut slice = Rows {
            count: 3,
            steps: vec![0.0; 5],
            times: vec![0.0; 2],
            columns: vec![
                column(2, Some(&[0, 2, 1]), &[1.0, 2.0, 3.0]),
                column(1, None, &[1.0; 9]),
                column(1, None, &[2.0; 9]),
                column(0, Some(&[1, 3, 9]), &[5.0, 6.0, 7.0]),
                column(3, Some(&[0, 1]), &[5.0]),
                column(4, Some(&[7]), &[5.0]),
                column(9, None, &[1.0]),
            ],
            marks: Vec::new(),
        };
        tidy(&mut slice, 5);
        assert_eq!((slice.steps.len(), slice.times.len()), (3, 2));
        let kept = [
            column(0, Some(&[1]), &[5.0]),
            column(1, None, &[1.0; 3]),
            column(2, Some(&[0, 2]), &[1.0, 2.0]),
            column(3, Some(&[0]), &[5.0]),
        ];
        assert_eq!(slice.columns, kept);
    }
}
