/**
 * One runner for all: what needs no process and what needs real services, then the real windows, so that nothing else
 * takes the processor from a test of how a window behaves; and, when asked for, the commands and packages as they are used.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** For projects whose files share a worker: most of a short file's time went into loading the same packages again. */
const freshModules = 'backend/testing/fresh-modules.ts';

export default defineConfig({
  plugins: [react()],
  // Apollo Server runs unbundled and takes graphql's CommonJS build; a second copy beside it is refused.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // As long as a loaded machine may take; what holds ends the wait at once.
    expect: { poll: { timeout: 15_000 } },
    setupFiles: ['backend/testing/expect-texts.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Beside the integration tests, which wait for other processes a third of the time: the same four workers for both.
          sequence: { groupOrder: 0 },
          maxWorkers: 4,
          isolate: false,
          setupFiles: freshModules,
          include: ['**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          exclude: [
            'node_modules/**',
            'out/**',
            '**/*.integration.test.ts',
            'electron/e2e/**',
            'build/acceptance/**',
            'electron/long-runs/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          // Components of the page, drawn in a document that no browser shows.
          name: 'components',
          sequence: { groupOrder: 0 },
          maxWorkers: 4,
          environment: 'jsdom',
          isolate: false,
          setupFiles: [freshModules, 'renderer/testing/document.ts'],
          include: ['renderer/**/*.test.tsx'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          sequence: { groupOrder: 0 },
          maxWorkers: 4,
          isolate: false,
          setupFiles: freshModules,
          include: ['{backend,electron,build,proto}/**/*.integration.test.ts'],
          globalSetup: 'backend/testing/prepare-cluster.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 1 },
          isolate: false,
          include: ['electron/e2e/**/*.test.ts'],
          globalSetup: 'backend/testing/prepare-cluster.ts',
          setupFiles: [freshModules, 'electron/e2e/own-display.ts'],
          // `npm test` brings a display for each worker; where all windows share one, one file at a time.
          maxWorkers: process.env.E2E_DISPLAYS
            ? (JSON.parse(process.env.E2E_DISPLAYS) as object[]).length
            : 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // As `e2e`, with as many tickets as a helpdesk has after years: when asked for.
          name: 'long-runs',
          sequence: { groupOrder: 3 },
          include: ['electron/long-runs/*.test.ts'],
          globalSetup: 'backend/testing/prepare-cluster.ts',
          setupFiles: 'electron/e2e/own-display.ts',
          maxWorkers: 1,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          sequence: { groupOrder: 2 },
          include: ['build/acceptance/*.test.ts'],
          globalSetup: 'build/acceptance/packed-apps.ts',
          // They mostly wait for containers and windows.
          maxWorkers: 2,
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
