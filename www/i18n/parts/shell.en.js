/** English: what holds the parts of the laboratory together. */
export default {
  "welcome.title": "New here?",
  "welcome.text": "This is a simulated web system. Let it run, click any of its boxes to see how it is doing, to break it or to change it, and watch the charts. The list below has more scenarios.",
  "welcome.lesson": "Begin with a short lesson",
  "welcome.close": "Got it",

  "tabs.label": "Views",
  "tabs.skip": "Skip to the views",
  "tab.charts": "Charts",
  "tab.components": "Components",
  "tab.log": "Events",
  "tab.report": "Report",
  "tab.editor": "Configuration",

  "scenario.more": "Read more",
  "scenario.less": "Show less",
  "gallery.open": "All scenarios",
  "gallery.title": "Scenarios",
  "control.duration": "Duration, s",
  "timeline.label": "Timeline: the arrow keys go from event to event, Enter opens the list of events",
  "timeline.more": { one: "and {count} more", other: "and {count} more" },
};
