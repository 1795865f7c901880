import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The screens in Chromium, without Electron: `playwright test -c test/screens/playwright.config.ts`. */
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.spec.ts',
  outputDir: join(import.meta.dirname, '../../out/screens-test'),
  workers: 1,
  retries: 0,
  timeout: 60_000,
  reporter: 'list',
});
