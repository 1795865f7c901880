import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isLoaded, type PackedPackage, runtimePackages, type Target } from './contents.ts';
import { copyInto, filesBelow } from './files.ts';

const ELECTRON_PART = ['dist/main', 'dist/preload', 'dist/renderer'];
const NODE_PART = ['dist/lane', 'dist/cli'];
/** Also in the Node part: a hub serves the supervisor's console to browsers. */
const HUB_PAGES = 'dist/renderer';
const NOT_FOR_BROWSERS = /^(traveller|diagnostics|bench|kit)(\/|$)/;
const RULES = 'app/controls/rules/examples';
const FIELD_FILES = 'build/field';

const manifestSchema = z.object({
  models: z.array(z.object({ source: z.object({ package: z.string(), file: z.string() }) })),
});

export interface Staged {
  /** Becomes app.asar: main, preload and screens, no node_modules. */
  readonly app: string;
  /** Becomes resources/lane: the lane process and the command line, with what they load; runs on a plain Node as well. */
  readonly lane: string;
  readonly packages: readonly PackedPackage[];
}

/** Lays out both halves of the package from the bundles. `root`: the checkout; `folder` is emptied first. */
export function stage(root: string, folder: string, target: Target): Staged {
  rmSync(folder, { recursive: true, force: true });
  const app = join(folder, 'app');
  const lane = join(folder, 'lane');
  const isMap = (path: string): boolean => path.endsWith('.map') || /^(kit|bench)(\/|\.|$)/.test(path);
  for (const part of ELECTRON_PART)
    for (const file of filesBelow(join(root, part), isMap)) copyInto(join(root, part, file), join(app, part, file));
  for (const part of NODE_PART)
    for (const file of filesBelow(join(root, part), isMap)) copyInto(join(root, part, file), join(lane, part, file));
  for (const file of filesBelow(join(root, HUB_PAGES), (path) => isMap(path) || NOT_FOR_BROWSERS.test(path)))
    copyInto(join(root, HUB_PAGES, file), join(lane, HUB_PAGES, file));
  for (const file of filesBelow(join(root, RULES))) copyInto(join(root, RULES, file), join(lane, RULES, file));
  for (const file of filesBelow(join(root, FIELD_FILES)))
    copyInto(join(root, FIELD_FILES, file), join(lane, 'field', file));
  writePackageJson(root, app, lane);
  const packages = runtimePackages(root, target);
  for (const { name, folder: source, place } of packages)
    copyPackage(name, source, join(lane, 'node_modules', place), target);
  copyModels(root, lane);
  return { app, lane, packages };
}

function writePackageJson(root: string, app: string, lane: string): void {
  const { name, version, description, license, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  mkdirSync(app, { recursive: true });
  const author = { name: 'Jointgate contributors', email: 'maintainers@jointgate.example' };
  const homepage = 'https://jointgate.example';
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name, version, description, license, main, author, homepage }, null, 2),
  );
  writeFileSync(join(lane, 'package.json'), JSON.stringify({ name, version, license, type: 'module' }, null, 2));
}

function copyPackage(name: string, source: string, target: string, system: Target): void {
  const nested = (path: string): boolean => path === 'node_modules' || path.startsWith('node_modules/');
  for (const file of filesBelow(source, nested))
    if (isLoaded(name, file, system)) copyInto(join(source, file), join(target, file));
}

/** The models that the manifest names, and no other of their packages' files but the licence. */
function copyModels(root: string, lane: string): void {
  const { models } = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'models/manifest.json'), 'utf8')));
  for (const { source } of models) {
    const home = join('node_modules', source.package);
    copyInto(join(root, home, source.file), join(lane, home, source.file));
    for (const file of filesBelow(
      join(root, home),
      (path) => path.includes('/') || !/^LICEN[CS]E|^package\.json$/i.test(path),
    ))
      copyInto(join(root, home, file), join(lane, home, file));
  }
}
