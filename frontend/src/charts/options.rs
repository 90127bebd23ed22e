//! Options for ECharts under the names that its documentation gives them: as many as are used here. A crate that
//! knows them all would be 28 kB of each first visit.

use serde::Serialize;
use serde_json::{Map, Value};

/// What is drawn: everything but the data of the axis and the series is the same for all charts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Chart(Options);

impl Chart {
    pub fn new(options: Options) -> Self {
        Chart(options)
    }

    pub fn with(self, name: &str, value: impl Into<Value>) -> Self {
        Chart(self.0.with(name, value))
    }

    pub fn series(mut self, series: Options) -> Self {
        let all = self.0.0.entry("series").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all {
            all.push(series.into());
        }
        self
    }

    #[cfg(test)]
    pub fn legible(&self) -> String {
        serde_json::to_string_pretty(&self.0.0).unwrap()
    }

    pub fn json(&self) -> String {
        Value::Object(self.0.0.clone()).to_string()
    }
}

/// An object of options.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Options(Map<String, Value>);

impl Options {
    pub fn of(options: &[(&str, Value)]) -> Self {
        Options(options.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

impl From<Options> for Value {
    fn from(options: Options) -> Value {
        Value::Object(options.0)
    }
}

/// A series of a kind (`bar`, `line`).
pub fn series(kind: &str, name: &str, data: Vec<Value>) -> Options {
    Options::of(&[("type", kind.into()), ("name", name.into()), ("data", data.into())])
}

/// A colour and how wide or dashed it is drawn.
pub fn stroke(colour: &str, width: f64, kind: &str) -> Options {
    Options::of(&[("color", colour.into()), ("width", width.into()), ("type", kind.into())])
}

pub fn coloured(colour: &str) -> Options {
    Options::of(&[("color", colour.into())])
}
