import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './contents.ts';
import { sizeOf } from './files.ts';

const DEBIAN_ARCH = { x64: 'amd64', arm64: 'arm64' } as const;

export function canBuildDeb(): boolean {
  return spawnSync('dpkg-deb', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * A .deb of an unpacked package with Debian's own tool: electron-builder's needs one from its release site. Depends and script are
 * those of electron-builder.yml, so that both ways give the same package. Gives its path.
 */
export function buildDeb(root: string, unpacked: string, out: string, version: string, { arch }: Target): string {
  const home = join(out, 'deb');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'DEBIAN'), { recursive: true });
  mkdirSync(join(home, 'opt'));
  execFileSync('cp', ['-al', unpacked, join(home, 'opt/Jointgate')]);
  const [, depends] = /^ {2}depends: \[(.+)\]$/m.exec(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) ?? [];
  if (depends === undefined) throw new Error('electron-builder.yml names no deb.depends');
  const control = [
    'Package: jointgate',
    `Version: ${version}`,
    `Architecture: ${DEBIAN_ARCH[arch]}`,
    'Maintainer: Jointgate contributors <maintainers@jointgate.example>',
    `Installed-Size: ${Math.ceil(sizeOf(unpacked) / 1024)}`,
    `Depends: ${depends}`,
    'Recommends: cage',
    'Section: misc',
    'Priority: optional',
    'Description: joint border-control lane',
    ' One scan clears the exit and the entry control together, or not at all.',
    '',
  ].join('\n');
  writeFileSync(join(home, 'DEBIAN/control'), control);
  cpSync(join(root, 'build/field/deb/postinst.sh'), join(home, 'DEBIAN/postinst'));
  chmodSync(join(home, 'DEBIAN/postinst'), 0o755);
  const file = join(out, `jointgate_${version}_${DEBIAN_ARCH[arch]}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', home, file], { stdio: 'ignore' });
  rmSync(home, { recursive: true });
  return file;
}
