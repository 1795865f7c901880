import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export interface BuiltPages {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds the pages from the sources as they are now into a folder of its own: under a second, and nobody who bundles the
 * application meanwhile can take the pages away.
 */
export async function buildPages(): Promise<BuiltPages> {
  const folder = await mkdtemp(join(tmpdir(), 'jointgate-screens-'));
  await build({
    configFile: join(import.meta.dirname, '../../build/renderer/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
