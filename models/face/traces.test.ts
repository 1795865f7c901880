import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait, liveFrames } from '../../app/demo/specimens/specimens.ts';
import { readManifest } from '../manifest.ts';
import { Captures } from './captures.ts';
import type { RgbaFrame } from './image.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { closePipeline, openPipeline } from './pipeline.ts';

/** Every template that was ever made in this file. */
const templates = vi.hoisted((): Float32Array[] => []);
vi.mock('./embed.ts', async (original) => {
  const real = await original<typeof import('./embed.ts')>();
  const kept = async (making: ReturnType<typeof real.embed>): ReturnType<typeof real.embed> => {
    const made = await making;
    if (made) templates.push(made.embedding);
    return made;
  };
  return {
    ...real,
    embed: (...args: Parameters<typeof real.embed>) => kept(real.embed(...args)),
    embedMirrored: (...args: Parameters<typeof real.embedMirrored>) => kept(real.embedMirrored(...args)),
  };
});

const isBlank = (data: Uint8Array | Float32Array): boolean => data.every((value) => value === 0);

describe('what is left of a face after the crossing', () => {
  test('portrait, frames, model inputs: overwritten; nothing on disk; nothing said', async () => {
    const manifest = unwrap(await readManifest());
    const pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
    const captures = new Captures(pipeline);
    const folder = await mkdtemp(join(tmpdir(), 'jointgate-traces-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    const said = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    try {
      const portrait = Uint8Array.from(await cutPortrait('p02'));
      const frames: RgbaFrame[] = await liveFrames(
        { kind: 'person', face: 'p02' },
        { count: 2, width: 640, height: 480 },
      );
      unwrap(await captures.setReference('c1', portrait));
      for (const frame of frames) expect(unwrap(await captures.assess('c1', frame)).similarity).toBeGreaterThan(0.5);
      expect(isBlank(portrait)).toBe(true);
      for (const frame of frames) expect(isBlank(frame.data)).toBe(true);
      captures.release('c1');
      for (const session of Object.values(pipeline.sessions)) expect(isBlank(session.input)).toBe(true);
      expect(await captures.assess('c1', frames[0]!)).toMatchObject({ error: { code: 'referenceMissing' } });
      expect(await readdir(folder)).toEqual([]);
      for (const stream of said) expect(stream).not.toHaveBeenCalled();
    } finally {
      for (const stream of said) stream.mockRestore();
      process.env.TMPDIR = before;
      await rm(folder, { recursive: true });
      await closePipeline(pipeline);
    }
  });

  test('templates are overwritten on release and when a capture gets another portrait', async () => {
    const manifest = unwrap(await readManifest());
    const pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
    const captures = new Captures(pipeline);
    const [frame] = await liveFrames({ kind: 'person', face: 'p02' }, { count: 1, width: 640, height: 480 });
    templates.length = 0;
    unwrap(await captures.setReference('c1', Uint8Array.from(await cutPortrait('p02'))));
    unwrap(await captures.setReference('c1', Uint8Array.from(await cutPortrait('p03'))));
    unwrap(await captures.assess('c1', frame!));
    expect(templates.map(isBlank)).toEqual([true, false, false]);
    captures.release('c1');
    expect(templates.map(isBlank)).toEqual([true, true, true]);
    await closePipeline(pipeline);
  });
});

test('no source of this room writes a file or a log', async () => {
  for (const name of await readdir(import.meta.dirname)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const source = await readFile(join(import.meta.dirname, name), 'utf8');
    expect(source, name).not.toMatch(
      /writeFile|createWriteStream|appendFile|console\.\w|toFile\(|process\.std(out|err)/,
    );
  }
});
