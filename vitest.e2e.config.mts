/**
 * The end-to-end tests: the built app in a real Electron. One at a time, because
 * they share the display. `npm run test:e2e` builds, finds an Electron and a
 * display, and calls vitest with this file.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
