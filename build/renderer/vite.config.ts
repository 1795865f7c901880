import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** All pages in one build. `node_modules/.bin/vite build -c build/renderer/vite.config.ts` */
export default defineConfig({
  root: fromHere('../../app/renderer'),
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: fromHere('../../dist/renderer'),
    emptyOutDir: true,
    // Chromium of the fallback runtime, see the runtime notes in docs.
    target: 'chrome114',
    cssTarget: 'chrome114',
    // `font-src 'self'` allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        traveller: fromHere('../../app/renderer/traveller/index.html'),
        supervisor: fromHere('../../app/renderer/supervisor/index.html'),
        diagnostics: fromHere('../../app/renderer/diagnostics/index.html'),
        bench: fromHere('../../app/renderer/bench/index.html'),
        // Not opened by any window: a page to look at, and for the tests.
        kit: fromHere('../../app/renderer/kit/index.html'),
      },
    },
  },
});
