import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';

const LABEL_PX = 28;
const GAP_PX = 12;

/** Joins the PNGs of one folder into one sheet beside it, each with its name; gives the path of the sheet. */
export async function contactSheet(folder: string, width: number, columns: number): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  const tiles = await Promise.all(
    names.map((name) => sharp(join(folder, name)).resize({ width }).png().toBuffer({ resolveWithObject: true })),
  );
  const height = Math.max(...tiles.map((tile) => tile.info.height)) + LABEL_PX;
  const overlays = tiles.flatMap(({ data }, index): OverlayOptions[] => {
    const left = GAP_PX + (index % columns) * (width + GAP_PX);
    const top = GAP_PX + Math.floor(index / columns) * (height + GAP_PX);
    const label = `<svg width="${width}" height="${LABEL_PX}"><text x="2" y="20" font-family="sans-serif" font-size="17">${basename(names[index] ?? '', '.png')}</text></svg>`;
    return [
      { input: Buffer.from(label), left, top },
      { input: data, left, top: top + LABEL_PX },
    ];
  });
  const path = `${folder}.png`;
  await sharp({
    create: {
      width: GAP_PX + columns * (width + GAP_PX),
      height: GAP_PX + Math.ceil(tiles.length / columns) * (height + GAP_PX),
      channels: 3,
      background: '#9aa5ad',
    },
  })
    .composite(overlays)
    .png()
    .toFile(path);
  return path;
}
