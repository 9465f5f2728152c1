//! Every chart as an SVG file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{failure::Failure, output};
use crate::{
    chart::{Chart, ChartKind, Style, Texts, build, svg},
    simulation::Simulation,
};

/// Width of a picture, in CSS pixels.
const WIDTH: u32 = 800;
/// Height of a picture that is not one of rows.
const HEIGHT: u32 = 360;
/// Height of a row, and of everything else in a chart of rows.
const ROW: u32 = 22;
const REST: u32 = 130;

/// A folder for charts.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, unless it is there.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        if path.is_file() {
            return Err(Failure::Usage(format!("{}: is a file, and charts need a folder", path.display())));
        }
        fs::create_dir_all(path).map_err(|error| Failure::file(path, &error))?;
        Ok(Self(path.into()))
    }

    /// Writes every chart of a run.
    pub fn write(&self, simulation: &Simulation) -> Result<(), Failure> {
        let texts = Texts::english();
        let chart = |kind: ChartKind| (format!("{}.svg", kind.id()), build(kind, simulation, &texts));
        self.write_all(&ChartKind::ALL.map(chart))
    }

    /// Writes charts as files of these names.
    pub fn write_all(&self, charts: &[(String, Chart)]) -> Result<(), Failure> {
        for (name, chart) in charts {
            let path = self.0.join(name);
            let picture = svg(chart, &Style::light(), (WIDTH, height(chart)));
            let picture = picture.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
            fs::write(&path, picture).map_err(|error| Failure::file(&path, &error))?;
        }
        output::note(&format_args!("{} charts in {}", charts.len(), self.0.display()));
        Ok(())
    }
}

fn height(chart: &Chart) -> u32 {
    chart.rows().map_or(HEIGHT, |rows| (REST + rows as u32 * ROW).max(HEIGHT / 2))
}
