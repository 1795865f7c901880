import { copyFileSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every file below a folder, by its path inside it, sorted; what a symbolic link points at is not followed. */
export function filesBelow(folder: string, skip: (path: string) => boolean = () => false): readonly string[] {
  const found: string[] = [];
  const visit = (place: string): void => {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      const inside = relative(folder, path);
      if (skip(inside)) continue;
      if (entry.isDirectory()) visit(path);
      else found.push(inside);
    }
  };
  visit(folder);
  return found.sort();
}

export function copyInto(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}

/** Bytes of all files below a folder. */
export function sizeOf(folder: string): number {
  return filesBelow(folder).reduce((sum, file) => sum + lstatSync(join(folder, file)).size, 0);
}
