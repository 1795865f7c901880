import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { ensureElectron } from '../../../build/electron/runtime.ts';

const NODE_MODE = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
const SCRIPT = `
import { runKnownAnswers } from ${JSON.stringify(fileURLToPath(new URL('./known-answers.ts', import.meta.url)))};
runKnownAnswers().then((answers) => console.log(JSON.stringify({ electron: process.versions.electron, answers })));
`;

/** An Electron that starts here, or null with the reason said aloud: a machine may lack it or its libraries. */
function findElectron(): string | null {
  try {
    const { executable } = ensureElectron((line) => process.stderr.write(`${line}\n`));
    const started = spawnSync(executable, ['-e', '0'], { env: NODE_MODE });
    if (started.status === 0) return executable;
    process.stderr.write(`skipped: Electron does not start here: ${String(started.stderr).split('\n')[0]}\n`);
  } catch (error) {
    process.stderr.write(`skipped: no Electron here: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return null;
}

const electron = findElectron();

// OpenSSL under Node and BoringSSL inside Electron lack different things: brainpool and CMAC here, single DES there.
test.skipIf(electron === null)(
  'the worked examples come out the same inside Electron',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'known-answers-'));
    try {
      const entry = join(folder, 'entry.ts');
      const bundled = join(folder, 'bundle.cjs');
      writeFileSync(entry, SCRIPT);
      const root = fileURLToPath(new URL('../../..', import.meta.url));
      const bundle = await rolldown({
        input: entry,
        platform: 'node',
        resolve: { modules: [join(root, 'node_modules')] },
      });
      await bundle.write({ file: bundled, format: 'cjs' });
      const run = spawnSync(electron!, [bundled], { env: NODE_MODE, encoding: 'utf8' });
      const { electron: version, answers } = JSON.parse(run.stdout);
      expect(version).toMatch(/^\d+\./);
      expect(answers).toHaveLength(8);
      for (const { name, ok } of answers) expect(`${name}: ${ok}`).toBe(`${name}: true`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
