import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endToEndEnvironment } from './e2e-environment.ts';
import { prepareLaunch } from './launch.ts';

/** `npm run e2e -- [FILE or other Playwright arguments]` */
const launchable = await prepareLaunch((line) => console.log(line));
const { status } = spawnSync(
  'playwright',
  ['test', '--config', 'test/e2e/playwright.config.ts', ...process.argv.slice(2)],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: endToEndEnvironment(launchable, 'out/test/e2e.json'),
  },
);
launchable.display?.close();
process.exit(status ?? 1);
