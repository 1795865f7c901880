import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findInstallation, foreignSwitch } from './installation.ts';

test('a checkout may be driven and asks for no signature', () => {
  const found = findInstallation('/home/dev/jointgate/dist/main', '/opt/electron/resources');
  expect(found).toMatchObject({ packaged: false, nodeRoot: '/home/dev/jointgate', configurationKeys: null });
  expect(foreignSwitch(found, () => true)).toBeNull();
});

test('a field package takes no debugger, no made-up camera, and only a signed profile', () => {
  const found = findInstallation('/opt/Jointgate/resources/app.asar/dist/main', '/opt/Jointgate/resources');
  expect(found).toMatchObject({ packaged: true, nodeRoot: '/opt/Jointgate/resources/lane' });
  expect(found.configurationKeys).toBe('/etc/jointgate/configuration-keys.txt');
  for (const name of ['remote-debugging-port', 'use-file-for-fake-video-capture', 'inspect', 'js-flags'])
    expect(foreignSwitch(found, (asked) => asked === name)).toBe(name);
  expect(foreignSwitch(found, (asked) => asked === 'no-sandbox' || asked === 'lang')).toBeNull();
});

test('the bench permit in its own folder makes a package a test bench', () => {
  const resources = mkdtempSync(join(tmpdir(), 'jointgate-resources-'));
  const find = () => findInstallation(join(resources, 'app.asar/dist/main'), resources);
  expect(find().mayBeDriven).toBe(false);
  writeFileSync(join(resources, 'test-bench-permit'), '');
  expect(find()).toMatchObject({ packaged: true, mayBeDriven: true, configurationKeys: null });
  rmSync(resources, { recursive: true });
});
