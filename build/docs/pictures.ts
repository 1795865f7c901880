import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/**
 * `node build/docs/pictures.ts`: the documentation's pictures, made smaller from what the screens' tests last kept in out/screenshots
 * (`npm run screenshots`). No picture with a face in it is taken, also none of a specimen.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHOTS = 'out/screenshots';

export interface Picture {
  /** Below out/screenshots. */
  readonly source: string;
  /** Below docs/pictures. */
  readonly file: string;
  /** Pixels. */
  readonly width: number;
}

const traveller = (name: string): Picture => ({
  source: `traveller/portrait-en/${name}.png`,
  file: `traveller-${name}.png`,
  width: 240,
});

export const PICTURES: readonly Picture[] = [
  ...['attract', 'walkIn', 'goThrough', 'seeOfficer'].map(traveller),
  { source: 'supervisor/dark-en/calm-port.png', file: 'console-port.png', width: 960 },
  { source: 'supervisor/dark-en/wall.png', file: 'console-wall.png', width: 960 },
  { source: 'diagnostics/light-en/laneController.png', file: 'diagnostics-doors.png', width: 960 },
];

async function write({ source, file, width }: Picture): Promise<void> {
  const from = join(ROOT, SHOTS, source);
  if (!existsSync(from)) throw new Error(`${SHOTS}/${source} is not there: npm run screenshots`);
  const target = join(ROOT, 'docs/pictures', file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    await sharp(readFileSync(from)).resize({ width }).png({ palette: true, colours: 64 }).toBuffer(),
  );
}

if (import.meta.main) {
  for (const picture of PICTURES) await write(picture);
  console.log(`${PICTURES.length} pictures are written to docs/pictures`);
}
