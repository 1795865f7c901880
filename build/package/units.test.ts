import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const UNITS = fileURLToPath(new URL('../field/systemd', import.meta.url));
const SERVICES = readdirSync(UNITS).filter((name) => name.endsWith('.service'));
/** systemd's own scale from 0 (safe) to 10. The kiosk needs screen, keyboard and USB; the servers need a socket. */
const EXPOSURE: Readonly<Record<string, number>> = {
  'jointgate-lane.service': 5,
  'jointgate-hub.service': 2,
  'jointgate-control@.service': 2,
};
const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const HAS_ANALYZE = analyze.status === 0;
if (!HAS_ANALYZE) process.stderr.write('units: systemd-analyze is not here, the units are read but not analysed\n');

test('every service is bounded, runs as a user of its own and names no secret', () => {
  expect(SERVICES).toEqual(Object.keys(EXPOSURE).sort());
  for (const name of SERVICES) {
    const text = readFileSync(join(UNITS, name), 'utf8');
    for (const line of [
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'CapabilityBoundingSet=\n',
      'StateDirectoryMode=0700',
    ])
      expect(text, name).toContain(line);
    expect(text).toMatch(/^User=jointgate/m);
    expect(text).not.toMatch(/password|pin=|secret=/i);
  }
});

describe.skipIf(!HAS_ANALYZE)('systemd-analyze', () => {
  test.each(SERVICES)('%s is understood and its exposure is within its limit', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'jointgate-units-'));
    try {
      // A template is analysed as one of its instances.
      const unit = join(folder, name.replace('@.', '@exit.'));
      cpSync(join(UNITS, name), unit);
      const threshold = String((EXPOSURE[name] ?? 0) * 10);
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', `--threshold=${threshold}`, '--no-pager', unit],
        { encoding: 'utf8' },
      );
      expect(stderr).not.toMatch(/Unknown key|Failed to parse|ignoring/i);
      expect(status, `${stdout.split('\n').at(-2)}`).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the sysusers file is understood', () => {
    const file = join(UNITS, 'jointgate.sysusers.conf');
    const root = mkdtempSync(join(tmpdir(), 'jointgate-root-'));
    execFileSync('systemd-sysusers', ['--dry-run', `--root=${root}`, file], { stdio: 'ignore' });
    rmSync(root, { recursive: true });
  });
});

test('the installation script is sound shell', () => {
  expect(spawnSync('sh', ['-n', join(UNITS, '../deb/postinst.sh')]).status).toBe(0);
  expect(spawnSync('sh', ['-n', join(UNITS, '../bin/jointgate')]).status).toBe(0);
});
