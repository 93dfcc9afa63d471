/** A disk of records that keeps nothing, for what is tried in memory alone; a test may put its own in the place of a part. */
export function noDisk() {
  return {
    records: [],
    elsewhere: new Map<string, string>(),
    notices: [],
    put: async () => {},
    delete: async () => {},
    replace: async () => {},
    close: async () => {},
  };
}
