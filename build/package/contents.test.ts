import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isLoaded, runtimePackages } from './contents.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const X64 = { platform: 'linux', arch: 'x64' } as const;

test('what native modules need comes along, install tools and test helpers do not', () => {
  const names = runtimePackages(ROOT, X64).map(({ name }) => name);
  for (const name of ['better-sqlite3', '@serialport/bindings-cpp', 'node-gyp-build', 'onnxruntime-common', 'pg-pool'])
    expect(names).toContain(name);
  for (const name of ['@lydell/node-pty', 'adm-zip', 'react', 'vite', 'faceplugin-face-recognition-js', 'eslint'])
    expect(names).not.toContain(name);
});

test.each([
  ['better-sqlite3', 'prebuilds/linux-x64.node', true],
  ['better-sqlite3', 'prebuilds/linuxmusl-x64.node', false],
  ['better-sqlite3', 'prebuilds/linux-arm64.node', false],
  ['better-sqlite3', 'deps/sqlite3/sqlite3.c', false],
  ['onnxruntime-node', 'bin/napi-v6/linux/x64/libonnxruntime.so.1', true],
  ['onnxruntime-node', 'bin/napi-v6/win32/x64/onnxruntime.dll', false],
  ['node-hid', 'prebuilds/HID_hidraw-linux-x64/node-napi-v4.node', true],
  ['node-hid', 'prebuilds/HID-linux-x64-musl/node-napi-v4.node', false],
  ['@serialport/bindings-cpp', 'prebuilds/linux-x64/@serialport+bindings-cpp.musl.node', false],
  ['@serialport/bindings-cpp', 'prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node', true],
  ['@serialport/bindings-cpp', 'prebuilds/darwin-x64+arm64/@serialport+bindings-cpp.node', false],
  ['sharp', 'LICENSE', true],
  ['pg', 'README.md', false],
])('%s: %s is in the package: %s', (name, path, expected) => {
  expect(isLoaded(name, path, X64)).toBe(expected);
});
