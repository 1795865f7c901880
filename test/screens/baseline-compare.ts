import sharp from 'sharp';

/** Baselines are kept at a third of the size: small files, and a person still recognises what changed. */
const SHRINK = 3;
/**
 * Pictures are compared by the mean colour of tiles this large (screen pixels a side). Another rasteriser draws a letter's edge
 * differently and leaves a tile's mean nearly as it was; a wrong colour, a part that moved or is gone does not.
 */
const TILE = 12;
/** Largest difference of a tile in one colour channel, of 255, that may be the rasteriser's. */
const TILE_LIMIT = 24;
/** So many tiles may differ more: a line of text that breaks elsewhere is many. */
const TILES_ALLOWED = 3;

export interface Comparison {
  readonly same: boolean;
  /** How many tiles differ by more than the limit, and the worst difference, of 255. */
  readonly tiles: number;
  readonly worst: number;
  /** The baseline, faint, with the tiles that differ in red. */
  readonly picture: Buffer;
}

export async function toBaseline(screenshot: Buffer): Promise<Buffer> {
  const { width = 0 } = await sharp(screenshot).metadata();
  return sharp(screenshot)
    .resize({ width: Math.round(width / SHRINK) })
    .png({ palette: true, colours: 128, effort: 10 })
    .toBuffer();
}

/** A change of size is a difference of every tile. */
export async function compare(baseline: Buffer, now: Buffer): Promise<Comparison> {
  const [was, is] = [await tilesOf(baseline), await tilesOf(now)];
  if (was.columns !== is.columns || was.rows !== is.rows)
    return { same: false, tiles: was.columns * was.rows, worst: 255, picture: now };
  const marked = Buffer.alloc(was.columns * was.rows * 4);
  let [tiles, worst] = [0, 0];
  for (let tile = 0; tile < was.columns * was.rows; tile += 1) {
    let difference = 0;
    for (let channel = 0; channel < 3; channel += 1) {
      const at = tile * 3 + channel;
      difference = Math.max(difference, Math.abs((was.means[at] ?? 0) - (is.means[at] ?? 0)));
    }
    worst = Math.max(worst, difference);
    if (difference <= TILE_LIMIT) continue;
    tiles += 1;
    marked.set([230, 0, 0, 170], tile * 4);
  }
  const overlay = await sharp(marked, { raw: { width: was.columns, height: was.rows, channels: 4 } })
    .resize({ width: was.width, height: was.height, fit: 'fill', kernel: 'nearest' })
    .png()
    .toBuffer();
  const picture = await sharp(baseline)
    .composite([{ input: overlay }])
    .png()
    .toBuffer();
  return { same: tiles <= TILES_ALLOWED, tiles, worst, picture };
}

async function tilesOf(picture: Buffer) {
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  const [columns, rows] = [Math.ceil((width * SHRINK) / TILE), Math.ceil((height * SHRINK) / TILE)];
  const means = await sharp(picture)
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ width: columns, height: rows, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { width, height, columns, rows, means };
}
