/**
 * Unit tests: every `*.test.ts` and `*.test.tsx` under `tests/`, in plain Node.
 * Tests of the renderer ask for a page with a first line
 * `// @vitest-environment happy-dom`. The end-to-end tests (`*.e2e.ts`) have
 * their own configuration, because they need the build and a display.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'node',
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/e2e/**', 'node_modules/**', 'dist/**'],
    restoreMocks: true,
    testTimeout: 20_000,
    css: { modules: { classNameStrategy: 'non-scoped' } },
    coverage: {
      provider: 'v8',
      include: ['shared/**', 'engine/**', 'capture/**', 'inspector/**', 'cli/**', 'renderer/**', 'electron/**'],
      reportsDirectory: 'coverage',
    },
  },
});
