import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/**
 * The screens in Chromium, without Electron: `npm run screens`. Two projects: `screens` shows built pages what a test wants them
 * to show; `hub` opens the console of a running hub that a whole lane feeds (`npm run screens -- --project=hub`).
 */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(import.meta.dirname, '../../out/screens-test/results'),
  workers: 1,
  retries: 0,
  timeout: 60_000,
  reporter: 'list',
  projects: [
    { name: 'screens', testMatch: /screens\/[^/]+\.spec\.ts$/ },
    { name: 'hub', timeout: 400_000, expect: { timeout: 30_000 }, testMatch: /screens\/hub\/[^/]+\.spec\.ts$/ },
  ],
});
