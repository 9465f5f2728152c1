/** Russian: experiments of many runs. */
export default {
  "tab.experiments": "Эксперименты",
};
