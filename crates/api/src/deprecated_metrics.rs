//! Adds metrics under the names of version 0.1 to `/metrics`. They will be removed in version 0.3.

use std::fmt::Write;

/// Names of metrics and their former names.
const FORMER_NAMES: [(&str, &str); 6] = [
    ("offercast_batch_combined_offers", "offercast_lane_trip_offers"),
    ("offercast_batch_open_queues", "offercast_lanes_open"),
    ("offercast_batch_rejected_total", "offercast_lane_unserved_total"),
    ("offercast_batch_size", "offercast_lane_batch_size"),
    ("offercast_batch_wait_seconds", "offercast_lane_wait_seconds"),
    ("offercast_batches_total", "offercast_lane_batches_total"),
];

/// Former labels of `offercast_batches_total`.
const FORMER_LABELS: [(&str, &str); 3] = [
    (r#"path="combined""#, r#"way="at_once""#),
    (r#"path="outdated""#, r#"way="outdated""#),
    (r#"path="exclusive""#, r#"way="behind_lock""#),
];

/// `text` in the Prometheus text format.
pub fn with_deprecated_names(mut text: String) -> String {
    let mut added = String::new();
    for (name, former) in FORMER_NAMES {
        let _ = writeln!(added, "# HELP {former} Deprecated: use {name}");
        let kind_of = format!("# TYPE {name} ");
        for line in text.lines() {
            if let Some(kind) = line.strip_prefix(&kind_of) {
                let _ = writeln!(added, "# TYPE {former} {kind}");
            } else if let Some(sample) = line.strip_prefix(name) {
                let _ = writeln!(added, "{former}{}", with_former_label(sample));
            }
        }
    }
    text.push('\n');
    text.push_str(&added);
    text
}

fn with_former_label(sample: &str) -> String {
    FORMER_LABELS.iter().fold(sample.to_owned(), |sample, (label, former)| sample.replace(label, former))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_added_under_its_former_name() {
        let text = "# HELP offercast_batches_total Batches\n# TYPE offercast_batches_total counter\n\
                    offercast_batches_total{path=\"combined\"} 9\n\
                    # TYPE offercast_batch_size histogram\noffercast_batch_size_bucket{le=\"1\"} 7\n\
                    offercast_batch_size_sum 8\n";
        let all = with_deprecated_names(text.to_owned());
        assert!(all.starts_with(text));
        for line in [
            "# TYPE offercast_lane_batches_total counter",
            "offercast_lane_batches_total{way=\"at_once\"} 9",
            "offercast_lane_batch_size_bucket{le=\"1\"} 7",
            "offercast_lane_batch_size_sum 8",
            "# HELP offercast_lane_batch_size Deprecated: use offercast_batch_size",
        ] {
            assert!(all.lines().any(|found| found == line), "{line}\n{all}");
        }
    }
}
