/** English: what holds the parts of the laboratory together. */
export default {
  "tabs.label": "Views",
  "tabs.skip": "Skip to the views",
  "tab.charts": "Charts",
  "tab.components": "Components",
  "tab.log": "Events",
  "tab.report": "Report",
  "tab.editor": "Configuration",

  "gallery.open": "All scenarios",
  "gallery.title": "Scenarios",
  "control.duration": "Duration, s",
  "timeline.label": "Timeline: the arrow keys go from event to event, Enter opens the list of events",
  "timeline.more": { one: "and {count} more", other: "and {count} more" },
};
