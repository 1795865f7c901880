import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { crossingDelaysOf } from './lane-delays.ts';
import { readLaneProfile } from './lane-profile.ts';

const PROFILE = `// A lane of two doors.
{
  "version": 1,
  "laneId": "LANE-1",
  "topology": "twoDoor",
  "direction": { "from": "CHN", "to": "MAC" },
  "dataFolder": "data",
  "devices": {
    // Sends its lines by itself.
    "documentScanner": { "driver": "lineStream", "at": { "path": "tty-scanner" }, "baudRate": 115200 },
    "laneController": {
      "driver": "modbusTurnstile", "at": { "tcp": { "host": "doors", "port": 4001 } }, "baudRate": 9600,
      "map": "other.json", "units": [1, 2], "passTimeS": 10, "passageTimeS": 10
    },
    "chipReader": { "driver": "pn532", "at": { "path": "/dev/jointgate/chip" } }
  },
  "controls": {
    "exit": { "kind": "embedded", "rules": "exit.json" },
    "entry": { "kind": "embedded", "rules": "entry.json" }
  }
}`;

function written(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'lane.jsonc'), text);
  return folder;
}

test('a commented profile is read, its relative paths taken from its own folder', () => {
  const folder = written(PROFILE);
  const profile = unwrap(readLaneProfile(join(folder, 'lane.jsonc')));
  expect(profile.devices.documentScanner.at).toEqual({ path: join(folder, 'tty-scanner') });
  expect(profile.devices.laneController).toMatchObject({
    at: { tcp: { host: 'doors', port: 4001 } },
    map: join(folder, 'other.json'),
  });
  expect(profile.devices.chipReader).toEqual({ driver: 'pn532', at: { path: '/dev/jointgate/chip' } });
});

test.each([
  ['"units": [1, 2]', '"units": [1, 2, 3]', 'devices.laneController.units'],
  ['"controls"', '"delays": { "enterTimeout": 10001 }, "controls"', 'delays.enterTimeout'],
  ['"lineStream"', '"telepathy"', 'devices.documentScanner.driver'],
  [
    '"chipReader": {',
    '"codeScanner": { "driver": "hidPos", "hid": { "vendorId": "0c2e", "productId": "0b87", "serialNumber": null } }, "chipReader": {',
    'devices.codeScanner: leave it out: a lane reads no bar codes',
  ],
])('%s written as %s is refused where it stands', (from, to, place) => {
  const read = readLaneProfile(join(written(PROFILE.replace(from, to)), 'lane.jsonc'));
  expect(read).toMatchObject({ ok: false, error: { code: 'profileInvalid' } });
  expect(JSON.stringify(read)).toContain(place);
});

test('the examples of what is fitted make lanes, each with what the other has not', () => {
  const fitted = (['threeDoor', 'twoDoor'] as const).map((topology) => {
    const example = topology === 'threeDoor' ? 'three-door' : 'two-door';
    const devices = readFileSync(join(import.meta.dirname, `../../native-bridge/profiles/${example}.jsonc`), 'utf8');
    const from = PROFILE.indexOf('"devices": {');
    const to = PROFILE.indexOf('"controls"');
    const text = `${PROFILE.slice(0, from)}"devices":\n${devices}, ${PROFILE.slice(to)}`;
    const folder = written(text.replace('"twoDoor"', `"${topology}"`));
    return unwrap(readLaneProfile(join(folder, 'lane.jsonc'))).devices;
  });
  expect(fitted[0]).toMatchObject({
    faceCamera: { verdict: 'required' },
    cameraLight: { startPercent: 50 },
    cameraTilt: { lowDegrees: -12 },
    indicator: { redRelay: 1 },
  });
  expect(fitted[1]).toMatchObject({ chipReader: { driver: 'pcsc' } });
});

test('no step with an open door outlasts the grant that the door unit keeps by itself', () => {
  const { delays } = unwrap(readLaneProfile(join(written(PROFILE), 'lane.jsonc')));
  const crossing = crossingDelaysOf(delays, 10);
  expect([crossing.enterTimeout, crossing.moveTimeout, crossing.passTimeout]).toEqual([10_000, 10_000, 10_000]);
  expect(crossing.faceTimeout).toBe(20_000);
});
