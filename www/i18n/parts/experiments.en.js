/** English: experiments of many runs. */
export default {
  "tab.experiments": "Experiments",
};
