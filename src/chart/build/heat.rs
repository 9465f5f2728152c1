//! The heat map of latencies.

use crate::chart::{
    chart::View,
    heat_map::{Band, HeatMap},
    source::Source,
};

use super::{Built, Context};

impl<S: Source> Context<'_, S> {
    pub(super) fn latency_heat_map(&self) -> Built {
        let heat = self.source.latency_heat();
        let bands = heat.bands.into_iter().map(|band| Band { from: band.from, to: band.to, counts: band.counts });
        let chart = HeatMap {
            x: self.time_axis(),
            y_title: self.texts.word("response_time"),
            start: heat.start,
            width: heat.width,
            bands: bands.collect(),
            colour: 0,
            words: ["few_requests", "many_requests"].map(|word| self.texts.word(word)),
        };
        (View::Heat(chart), Vec::new())
    }
}
