/** Builds or serves the dev page: `npx vite --config tests/renderer/dev/vite.config.mts`. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    target: 'chrome114',
    outDir: process.env['DEV_PAGE_OUT'] ?? '../../../out/dev-page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
  },
});
