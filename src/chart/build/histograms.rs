//! Histograms.

use crate::{
    chart::{
        axis::Axis,
        chart::View,
        histogram_chart::{HistogramChart, Mark, Sample},
        number::{Scale, Unit},
        source::Source,
    },
    simulation::Histogram,
};

use super::{super::bounds::Bounded, Built, Context};

/// Bins asked for. Many, so that the part worth seeing can be cut out and still has enough of them.
const FINE_BINS: usize = 2000;
/// Bars drawn: about the root of the sample's size, within these bounds. With more, a small sample looks like a comb.
const BARS_MIN: f64 = 12.0;
const BARS_MAX: f64 = 60.0;
/// Colours of mean, p95 and p99.
const MEAN: usize = 2;
const P95: usize = 4;
const P99: usize = 1;

/// A histogram to be shown.
struct Wanted {
    name: String,
    histogram: String,
    colour: usize,
}

impl<S: Source> Context<'_, S> {
    pub(super) fn latency_histogram(&self) -> Built {
        let wanted = [Wanted { name: self.texts.word("requests"), histogram: "requests.latency".into(), colour: 0 }];
        let marks = self.marks(&wanted);
        self.histograms(&wanted, marks, "response_time", "requests")
    }

    /// Histograms and not lines over time: what is to be seen is the shape of two distributions.
    pub(super) fn handshakes(&self) -> Built {
        let wanted = [("tcp", 0), ("tls", 4)].map(|(word, colour)| Wanted {
            name: self.texts.word(word),
            histogram: format!("network.{word}"),
            colour,
        });
        let mark = |wanted: &Wanted| {
            let name = format!("{} {}", wanted.name, self.texts.word("mean"));
            let at = self.source.latency(&wanted.histogram)?.mean?;
            Some(Mark { name, at, colour: wanted.colour, hidden: false })
        };
        let marks = wanted.iter().filter_map(mark).collect();
        self.histograms(&wanted, marks, "duration", "handshakes")
    }

    pub(super) fn broker_delay(&self) -> Built {
        let brokers = &self.source.config().brokers;
        let wanted = brokers.iter().enumerate().map(|(index, (name, _))| Wanted {
            name: name.into(),
            histogram: format!("brokers.{name}.publish_latency"),
            colour: SAMPLE_COLOURS[index % SAMPLE_COLOURS.len()],
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let marks = self.marks(&wanted);
        self.histograms(&wanted, marks, "delay", "messages")
    }

    pub(super) fn broker_delivery(&self) -> Built {
        let queues = self.queues();
        let wanted = queues.iter().enumerate().map(|(index, (broker, queue))| Wanted {
            name: queue.clone(),
            histogram: format!("brokers.{broker}.queues.{queue}.delivery"),
            colour: SAMPLE_COLOURS[index % SAMPLE_COLOURS.len()],
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let marks = self.marks(&wanted);
        self.histograms(&wanted, marks, "delay", "messages")
    }

    /// Marks at the mean, p95 and p99 of a single sample: those of the report, which are exact where bins are coarse.
    fn marks(&self, wanted: &[Wanted]) -> Vec<Mark> {
        let [wanted] = wanted else { return Vec::new() };
        let latency = self.source.latency(&wanted.histogram).unwrap_or_default();
        let figures = [("mean", latency.mean, MEAN), ("p95", latency.p95, P95), ("p99", latency.p99, P99)];
        let mark = |(word, at, colour): (&str, Option<f64>, usize)| {
            Some(Mark { name: self.texts.word(word), at: at?, colour, hidden: false })
        };
        figures.into_iter().filter_map(mark).collect()
    }

    fn histograms(&self, wanted: &[Wanted], marks: Vec<Mark>, x_title: &str, y_title: &str) -> Built {
        let shown = &wanted[..wanted.len().min(SAMPLE_COLOURS.len())];
        let of = |source: &S, wanted: &Wanted| {
            let histogram = source.histogram(&wanted.histogram, FINE_BINS);
            histogram.filter(|histogram| histogram.width > 0.0 && histogram.width.is_finite())
        };
        let found = shown.iter().filter_map(|wanted| {
            let baseline = self.baseline.and_then(|baseline| of(baseline, wanted));
            Some(Found { wanted, histogram: of(self.source, wanted)?, baseline })
        });
        let found: Vec<Found<'_>> = found.collect();
        let all = || found.iter().flat_map(|found| [&found.histogram].into_iter().chain(&found.baseline));
        let last_mark = marks.iter().map(|mark| mark.at).fold(0.0, f64::max);
        let end = all().map(bulk).fold(last_mark * 1.05, f64::max);
        let wanted_bars = all().map(bars).fold(BARS_MIN, f64::max);
        let width = bar_width(end, wanted_bars, all().map(|histogram| histogram.width).fold(0.0, f64::max));
        let bars = if width > 0.0 { (end / width - 1e-9).ceil() as usize } else { 0 };
        let beyond = found.iter().map(|found| beyond(&found.histogram, bars as f64 * width)).sum::<f64>().round();
        let samples = found.iter().map(|found| found.sample(width, bars)).collect();
        let x = Axis::from_zero(self.texts.word(x_title), Unit::Seconds, bars as f64 * width);
        let mut remarks = self.hidden(wanted.len() - shown.len());
        if beyond >= 1.0 {
            let scale = Scale::new(Unit::Number, beyond, &self.texts.units);
            remarks.push(self.texts.count("beyond", scale.rounded_whole(beyond)));
        }
        let chart = HistogramChart { x, y_title: self.texts.word(y_title), start: 0.0, width, samples, marks };
        (View::Histogram(chart), remarks)
    }
}

/// A histogram, and that of the other run.
struct Found<'a> {
    wanted: &'a Wanted,
    histogram: Histogram,
    baseline: Option<Histogram>,
}

impl Found<'_> {
    fn sample(&self, width: f64, bars: usize) -> Sample {
        let total = |histogram: &Histogram| histogram.counts.iter().sum::<u64>() as f64;
        let mut baseline = self.baseline.as_ref().map_or_else(Vec::new, |histogram| spread(histogram, width, bars));
        let others = self.baseline.as_ref().map_or(0.0, total);
        // A run that has only begun would vanish beside one that is complete.
        if total(&self.histogram) > 0.0 && others > 0.0 {
            for count in &mut baseline {
                *count *= total(&self.histogram) / others;
            }
        }
        Sample {
            name: self.wanted.name.clone(),
            counts: spread(&self.histogram, width, bars),
            baseline,
            colour: self.wanted.colour,
            hidden: false,
        }
    }
}

/// Colours of samples that lie over one another; more than four would be a puddle.
const SAMPLE_COLOURS: [usize; 4] = [0, 4, 2, 3];

/// Where the part worth seeing ends: with the last count, but not far beyond the 99th percentile,
/// so that one request in a million does not squeeze all the others into one bar.
fn bulk(histogram: &Histogram) -> f64 {
    let total: u64 = histogram.counts.iter().sum();
    let mut seen = 0;
    let (mut p99, mut last) = (0, 0);
    for (bin, count) in histogram.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        if (seen as f64) < total as f64 * 0.99 {
            p99 = bin;
        }
        seen += count;
        last = bin;
    }
    let end = |bin: usize| histogram.start + (bin + 1) as f64 * histogram.width;
    if total == 0 { 0.0 } else { end(last).min(end(p99) * 1.5) }
}

/// How many bars do a sample justice.
fn bars(histogram: &Histogram) -> f64 {
    (histogram.counts.iter().sum::<u64>() as f64).sqrt().within(BARS_MIN, BARS_MAX)
}

/// A round width that makes about as many bars as wanted; never less than a bin, whose inside is unknown.
fn bar_width(end: f64, bars: f64, bin: f64) -> f64 {
    if end.is_nan() || end <= 0.0 {
        return 0.0;
    }
    let raw = (end / bars).max(bin * 0.999);
    let power = libm::pow(10.0, libm::log10(raw).floor());
    let digit = [1.0, 2.0, 2.5, 5.0].into_iter().find(|digit| digit * power >= raw).unwrap_or(10.0);
    digit * power
}

/// The same counts in bars of another width, from zero on. A bin across an edge is divided.
fn spread(histogram: &Histogram, width: f64, bars: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bars];
    for (bin, count) in histogram.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let from = (histogram.start + bin as f64 * histogram.width) / width;
        let to = from + histogram.width / width;
        for bar in (from.max(0.0) as usize)..=(to.max(0.0) as usize) {
            let part = (to.min((bar + 1) as f64) - from.max(bar as f64)) / (to - from);
            if let Some(sum) = counts.get_mut(bar) {
                *sum += *count as f64 * part.within(0.0, 1.0);
            } else {
                break;
            }
        }
    }
    counts
}

/// How many lie beyond the end.
fn beyond(histogram: &Histogram, end: f64) -> f64 {
    let far = |bin: usize| histogram.start + bin as f64 * histogram.width >= end * (1.0 - 1e-9);
    histogram.counts.iter().enumerate().filter(|(bin, _)| far(*bin)).map(|(_, count)| *count as f64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreading_loses_nothing() {
        let histogram = Histogram { start: 0.3, width: 0.7, counts: vec![3, 0, 5, 11] };
        let spread = spread(&histogram, 0.5, 20);
        assert!((spread.iter().sum::<f64>() - 19.0).abs() < 1e-9);
        assert!((spread[0] - 3.0 * 0.2 / 0.7).abs() < 1e-9);
    }

    #[test]
    fn a_lone_outlier_does_not_squeeze_the_rest() {
        let mut counts = vec![10; 100];
        counts.resize(2000, 0);
        counts[1999] = 1;
        let histogram = Histogram { start: 0.0, width: 0.01, counts };
        let end = bulk(&histogram);
        assert!((0.99..=1.5).contains(&end), "{end}");
        assert_eq!(beyond(&histogram, end), 1.0);
    }

    #[test]
    fn bars_have_round_widths() {
        assert_eq!(bar_width(0.6, 60.0, 0.0), 0.01);
        assert!((bar_width(1.3, 60.0, 0.0) - 0.025).abs() < 1e-12);
        assert!(bar_width(1.0, 60.0, 0.3) >= 0.3);
        assert_eq!(bar_width(0.0, 60.0, 1.0), 0.0);
    }
}
