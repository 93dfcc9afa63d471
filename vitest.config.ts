/**
 * Three projects, one runner: what needs no process, what needs real services, and the real windows. They run
 * one after the other, so that nothing else takes the processor from a test of how a window behaves.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  // Apollo Server runs unbundled and takes graphql's CommonJS build; a second copy beside it is refused.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
          exclude: ['node_modules/**', 'out/**', '**/*.integration.test.ts', 'electron/e2e/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{backend,electron,build,proto}/**/*.integration.test.ts'],
          // They mostly wait for other processes: one file at a time leaves half of two processors idle.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['electron/e2e/**/*.test.ts'],
          setupFiles: 'electron/e2e/own-display.ts',
          // One at a time where all windows share a display; the package smoke test brings two.
          maxWorkers: process.env.E2E_DISPLAYS ? 2 : 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
