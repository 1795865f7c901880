import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { udevRules } from './udev-rules.ts';

const lines = (await udevRules()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** What udev would set on an interface: every match (`==`) of a line must hold, then its assignments (`=`) count. */
function opened(device: Readonly<Record<string, string>>): boolean {
  return lines.some((line) => {
    const keys = [...line.matchAll(/([A-Z]+(?:\{\w+\})?)(==|=)"([^"]*)"/g)];
    const matches = keys.filter(([, , sign]) => sign === '==');
    return (
      keys.some(([, key, sign, value]) => key === 'ATTR{authorized}' && sign === '=' && value === '1') &&
      matches.every(([, key = '', , value]) => device[key] === value)
    );
  });
}

const anInterface = (of: Readonly<Record<string, string>>) => ({
  ACTION: 'add',
  SUBSYSTEM: 'usb',
  'ENV{DEVTYPE}': 'usb_interface',
  'ATTR{bInterfaceProtocol}': '00',
  ...of,
});

test('the file is what its generator writes now', async () => {
  const file = readFileSync(new URL('../field/udev/70-jointgate.rules', import.meta.url), 'utf8');
  expect(file, 'stale: node build/package/udev-rules.ts').toBe(await udevRules());
});

test('every line is keys, operators and quoted values', () => {
  for (const line of lines) expect(line).toMatch(/^[A-Z]+(\{\w+\})?(==|=)"[^"]*"(, [A-Z]+(\{\w+\})?(==|=)"[^"]*")*$/);
});

test.each([
  ['a scanner with a CDC port', { 'ATTR{bInterfaceClass}': '02' }],
  ['a camera', { 'ATTR{bInterfaceClass}': '0e' }],
  ['a serial bridge of a known maker', { 'ATTR{bInterfaceClass}': 'ff', 'ATTRS{idVendor}': '0403' }],
  ['the lamp relay', { 'ATTR{bInterfaceClass}': '03', 'ATTRS{idVendor}': '16c0', 'ATTRS{idProduct}': '05df' }],
])('%s is opened', (_name, device) => {
  expect(opened(anInterface(device))).toBe(true);
});

test.each([
  ['a memory stick', { 'ATTR{bInterfaceClass}': '08' }],
  ['a network card', { 'ATTR{bInterfaceClass}': 'e0' }],
  ['an unknown chip with a language of its own', { 'ATTR{bInterfaceClass}': 'ff', 'ATTRS{idVendor}': 'dead' }],
  ['a keyboard', { 'ATTR{bInterfaceClass}': '03', 'ATTRS{idVendor}': '046d', 'ATTRS{idProduct}': 'c31c' }],
  [
    'a keyboard that claims to be the relay',
    {
      'ATTR{bInterfaceClass}': '03',
      'ATTR{bInterfaceProtocol}': '01',
      'ATTRS{idVendor}': '16c0',
      'ATTRS{idProduct}': '05df',
    },
  ],
])('%s stays shut', (_name, device) => {
  expect(opened(anInterface(device))).toBe(false);
});
