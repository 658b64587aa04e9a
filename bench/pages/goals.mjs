// The goals of the pages, for tools/web-bench and tools/page-figures. Those of the first paint stand with the networks in browser.mjs.
export const GOALS = {
  bytes: 15_000, mostBytes: 30_000, requests: 10, task: 50,  // of a first view; ms
  uncached: { p50: 3, p99: 10 }, cached: { p99: 1 }, unchanged: { p99: 0.5 },  // ms
  pagesASecond: 2_000,  // of one core
  render: 2,  // times as long as the question that the page asks
  find: 10, facets: 200,  // ms
  csv: 20, csvReader: 8,  // MB a second, and MB of memory
  check: 300,  // ms
  readers: 3,  // times the p99 of one alone
  demoSite: { seconds: 2, megabytes: 3 }, largeSite: { payments: 100_000, seconds: 60 },
};
