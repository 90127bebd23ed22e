use std::collections::BTreeMap;

/// Ids of the rows that a batch has inserted, by the position in the batch of the request that each row is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenIds(BTreeMap<usize, i64>);

impl WrittenIds {
    /// `ids` in the order of their positions.
    pub(super) fn new(
        positions: impl Iterator<Item = usize>,
        ids: impl IntoIterator<Item = i64>,
    ) -> WrittenIds {
        WrittenIds(positions.zip(ids).collect())
    }

    pub fn get(&self, position: usize) -> Option<i64> {
        self.0.get(&position).copied()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn and(mut self, others: WrittenIds) -> WrittenIds {
        self.0.extend(others.0);
        self
    }
}
