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
/** The same for what changes the hue: a rasteriser makes grey lighter or darker, and hardly moves one channel past another. */
const HUE_LIMIT = 9;
/** So many tiles may differ more: a line of text that breaks elsewhere is many. */
const TILES_ALLOWED = 3;

export interface Comparison {
  readonly same: boolean;
  /** How many tiles differ by more than the limit, and the worst difference, of 255. */
  readonly tiles: number;
  readonly worst: number;
  readonly worstHue: number;
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
    return { same: false, tiles: was.columns * was.rows, worst: 255, worstHue: 255, picture: now };
  const marked = Buffer.alloc(was.columns * was.rows * 4);
  let [tiles, worst, worstHue] = [0, 0, 0];
  for (let tile = 0; tile < was.columns * was.rows; tile += 1) {
    const by = [0, 1, 2].map((channel) => (was.means[tile * 3 + channel] ?? 0) - (is.means[tile * 3 + channel] ?? 0));
    const difference = Math.max(...by.map(Math.abs));
    const hue = Math.max(...by) - Math.min(...by);
    worst = Math.max(worst, difference);
    worstHue = Math.max(worstHue, hue);
    if (difference <= TILE_LIMIT && hue <= HUE_LIMIT) continue;
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
  return { same: tiles <= TILES_ALLOWED, tiles, worst, worstHue, picture };
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
