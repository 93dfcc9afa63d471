/**
 * The arrows between folders, in a run of its own: here the whole graph counts, and tests put together what may not
 * know of each other. A folder and those inside it are one.
 */
const { options } = require('./.dependency-cruiser.cjs');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles',
      comment:
        'Two folders that need each other can only be read, changed and moved together: move what they share to where both may import it.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    ...options,
    // build/ makes the backend and starts it; what the tests share takes its bundles from there.
    exclude: { path: ['\\.(test|contract)\\.tsx?$', '/(e2e|long-runs|bench)/', '^build/'] },
  },
};
