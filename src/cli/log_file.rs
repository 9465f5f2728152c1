//! The event log as a file.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
};

use super::{
    arguments::{LogFormat, LogPath},
    failure::Failure,
    output,
};
use crate::simulation::{LogEntry, LogFilter, LogView, Simulation};

/// A file for the event log.
pub struct LogFile<'a> {
    place: &'a LogPath,
    file: File,
}

impl<'a> LogFile<'a> {
    /// Makes the file.
    pub fn create(place: &'a LogPath) -> Result<Self, Failure> {
        let file = File::create(&place.path).map_err(|error| Failure::file(&place.path, &error))?;
        Ok(Self { place, file })
    }

    /// Writes the log, and says which entries are missing in it.
    pub fn write(self, simulation: &Simulation) -> Result<(), Failure> {
        let log = simulation.log(&LogFilter::default());
        let mut file = BufWriter::new(self.file);
        let written = match self.place.format {
            LogFormat::JsonLines => json_lines(&log.entries, &mut file),
            LogFormat::Csv => csv(&log.entries, &mut file),
        };
        written.and_then(|()| file.flush()).map_err(|error| Failure::file(&self.place.path, &error))?;
        output::note(&format_args!("{} log entries in {}", log.entries.len(), self.place.path.display()));
        if log.dropped > 0 {
            output::note(&format_args!("{} older entries were dropped: numbers {}", log.dropped, missing(&log)));
        }
        Ok(())
    }
}

fn json_lines(entries: &[LogEntry], file: &mut impl Write) -> io::Result<()> {
    for entry in entries {
        serde_json::to_writer(&mut *file, entry)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}

fn csv(entries: &[LogEntry], file: &mut impl Write) -> io::Result<()> {
    file.write_all(b"number,time,kind,component,detail\r\n")?;
    for LogEntry { number, time, kind, component, detail } in entries {
        write!(file, "{number},{time},{kind},{},{}\r\n", quoted(component), quoted(detail))?;
    }
    Ok(())
}

/// A field of a CSV file, by RFC 4180.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}

/// Numbers of the entries that are missing, as ranges.
fn missing(log: &LogView) -> String {
    let mut ranges = Vec::new();
    let mut next = 0;
    for number in log.entries.iter().map(|entry| entry.number).chain([log.total]) {
        if number > next {
            ranges.push(if number == next + 1 { next.to_string() } else { format!("{next} to {}", number - 1) });
        }
        next = number + 1;
    }
    ranges.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u64, detail: &str) -> LogEntry {
        LogEntry { number, time: 0.5, kind: "crash", component: "Shop-0".into(), detail: detail.into() }
    }

    #[test]
    fn fields_with_commas_and_quotes_are_quoted() {
        let mut file = Vec::new();
        csv(&[entry(3, "a \"b\", c"), entry(4, "d")], &mut file).expect("a Vec takes everything");
        let text = String::from_utf8(file).expect("UTF-8");
        let lines = "3,0.5,crash,Shop-0,\"a \"\"b\"\", c\"\r\n4,0.5,crash,Shop-0,d\r\n";
        assert_eq!(text, format!("number,time,kind,component,detail\r\n{lines}"));
    }

    #[test]
    fn dropped_entries_are_named() {
        let log = LogView { entries: vec![entry(0, ""), entry(4, ""), entry(6, "")], total: 9, dropped: 6 };
        assert_eq!(missing(&log), "1 to 3, 5, 7 to 8");
    }
}
