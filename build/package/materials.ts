import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ElectronRuntime } from '../electron/runtime.ts';
import { INSTALL_ONLY, type PackedPackage } from './contents.ts';

const componentSchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  group: z.string().optional(),
  purl: z.string().optional(),
  'bom-ref': z.string(),
});
const bomSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  components: z.array(componentSchema),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
export type BillOfMaterials = z.infer<typeof bomSchema>;

/** Of these only data files are taken (the models): what they depend on is not inside. */
const DATA_ONLY = /^faceplugin-face-recognition-js@/;
const LICENCE_FILE = /^(LICEN[CS]E|NOTICE|COPYING)/i;

/**
 * `sbom.cdx.json` (CycloneDX, by `npm sbom` from the lock file: what is bundled and what is packed) with the Electron and Node that
 * are inside, and `THIRD-PARTY-LICENCES.txt` with the text of each, in the package's folder.
 */
export function writeBillOfMaterials(
  root: string,
  folder: string,
  packed: readonly PackedPackage[],
  runtime: ElectronRuntime,
): void {
  const text = execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const bom = withinReach(bomSchema.parse(JSON.parse(text)));
  const carried = [
    { type: 'framework', name: 'electron', version: runtime.version, description: `${runtime.source} runtime` },
    ...(runtime.source === 'fallback'
      ? [{ type: 'platform', name: 'node', version: process.versions.node, description: 'runs the lane process' }]
      : []),
  ];
  const components = [...bom.components, ...carried];
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify({ ...bom, components }, null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), licences(root, bom.components, packed));
}

/** The bill without what is named in the lock file only for the sake of packages whose code is not taken. */
function withinReach(bom: BillOfMaterials): BillOfMaterials {
  const next = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const named = new Set(bom.components.map((component) => component['bom-ref']));
  const [root] = bom.dependencies.filter(({ ref }) => !named.has(ref));
  const reached = new Set<string>();
  const visit = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    const name = ref.slice(0, ref.lastIndexOf('@'));
    if (!DATA_ONLY.test(ref) && !INSTALL_ONLY.has(name)) for (const ours of next.get(ref) ?? []) visit(ours);
  };
  visit(root?.ref ?? '');
  const inside = (ref: string): boolean => reached.has(ref) && !INSTALL_ONLY.has(ref.slice(0, ref.lastIndexOf('@')));
  return {
    ...bom,
    components: bom.components.filter((component) => inside(component['bom-ref'])),
    dependencies: bom.dependencies
      .filter(({ ref }) => inside(ref))
      .map((entry) => ({ ...entry, dependsOn: entry.dependsOn.filter(inside) })),
  };
}

function licences(root: string, components: BillOfMaterials['components'], packed: readonly PackedPackage[]): string {
  const places = new Map(packed.map(({ name, folder }) => [name, folder]));
  const texts = components.map((component) => {
    const name =
      component.group === undefined || component.name.startsWith('@')
        ? component.name
        : `${component.group}/${component.name}`;
    const home = places.get(name) ?? join(root, 'node_modules', name);
    // Optional packages of other systems stand in the lock file and nowhere else.
    if (!existsSync(home)) return null;
    const files = readdirSync(home).filter((file) => LICENCE_FILE.test(file));
    const declared = z
      .looseObject({ license: z.unknown() })
      .parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));
    const body = files.map((file) => readFileSync(join(home, file), 'utf8').trim());
    const licence = typeof declared.license === 'string' ? declared.license : 'see its package';
    return `${name} ${component.version ?? ''}, ${licence}\n\n${body.length === 0 ? 'The package brings no licence text.' : body.join('\n\n')}`;
  });
  const head =
    'Jointgate is under the Apache License 2.0. It contains the following, each under its own licence.\nElectron and Chromium: LICENSE.electron.txt and LICENSES.chromium.html beside this file.';
  return `${[head, ...texts.filter((text) => text !== null)].join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
}
