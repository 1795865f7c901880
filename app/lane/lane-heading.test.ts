import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { Closure } from './closure.ts';
import { laneHeading } from './lane-heading.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-heading-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AT = '2026-03-02T04:00:00.000Z';
const controls = (side: string) => ({ kind: 'embedded', rules: `${side}.json` });

function profile(change: object = {}, controller: object = {}) {
  return {
    version: 1,
    laneId: 'L07',
    topology: 'threeDoor',
    direction: { from: 'CHN', to: 'MAC' },
    dataFolder: 'data',
    devices: {
      documentScanner: { driver: 'lineStream', at: { path: 'scanner' }, baudRate: 9600 },
      laneController: {
        driver: 'modbusTurnstile',
        at: { path: 'doors' },
        baudRate: 115200,
        map: 'lotTurnstile',
        units: [1, 2, 3],
        passTimeS: 10,
        passageTimeS: 5,
        ...controller,
      },
      chipReader: null,
    },
    chip: {},
    controls: { exit: controls('exit'), entry: controls('entry') },
    delays: {},
    ...change,
  };
}
const REVERSED = { direction: { from: 'MAC', to: 'CHN' }, dataFolder: 'data-back', reversed: 'lane.json' };
const TURNED = { units: [3, 2, 1], turned: true };

function save(first: object, other: object | null): string {
  writeFileSync(join(folder, 'lane.json'), JSON.stringify(first));
  if (other !== null) writeFileSync(join(folder, 'back.json'), JSON.stringify(other));
  return join(folder, 'lane.json');
}
const both = (): string => save(profile({ reversed: 'back.json' }), profile(REVERSED, TURNED));

test('a lane that names no other direction leads as it says, and can’t be reversed', () => {
  const heading = unwrap(laneHeading(save(profile(), null)));
  expect(heading.profile.direction).toEqual({ from: 'CHN', to: 'MAC' });
  expect(heading.reversal).toBeNull();
});

test('reversed, it leads the other way also after a restart, closed by the port; and back again', () => {
  const path = both();
  const there = unwrap(laneHeading(path));
  expect(there.reversal?.leadsTo).toEqual({ from: 'MAC', to: 'CHN' });
  unwrap(there.reversal!.reverse('P3001', AT));
  const back = unwrap(laneHeading(path));
  expect(back.profile.direction).toEqual({ from: 'MAC', to: 'CHN' });
  expect(back.profile.devices.laneController).toMatchObject({ units: [3, 2, 1], turned: true });
  expect(back.path).toBe(join(folder, 'back.json'));
  const closed = Closure.open(join(back.profile.dataFolder, 'closed-by-officer.json'));
  expect(closed.closedBy).toEqual({ by: 'port', officer: 'P3001', at: AT });
  unwrap(back.reversal!.reverse('P3001', AT));
  expect(unwrap(laneHeading(path)).profile.direction).toEqual({ from: 'CHN', to: 'MAC' });
});

test('a mark that can’t be read starts no lane: nobody can say which way it leads', () => {
  const path = both();
  unwrap(unwrap(laneHeading(path)).reversal!.reverse('P3001', AT));
  const mark = join(folder, 'data/reversed.json');
  const torn = readFileSync(mark, 'utf8').slice(0, 10);
  for (const text of [torn, '', '{}', '{"reversed":false}', 'x'.repeat(5_000)]) {
    writeFileSync(mark, text);
    expect(laneHeading(path)).toMatchObject({ ok: false, error: { code: 'headingUnreadable' } });
  }
});

describe('two profiles that are not one lane in two directions are refused in words', () => {
  test.each([
    ['direction', {}, TURNED, { direction: { from: 'CHN', to: 'MAC' } }],
    ['topology', {}, { ...TURNED, units: [2, 1] }, { topology: 'twoDoor' }],
    ['units', {}, { ...TURNED, units: [1, 2, 3] }, {}],
    ['turned', {}, { units: [3, 2, 1] }, {}],
    ['at', {}, { ...TURNED, at: { path: 'other-doors' } }, {}],
    ['dataFolder', {}, TURNED, { dataFolder: 'data' }],
  ])('%s', (what, _first, controller, change) => {
    const path = save(profile({ reversed: 'back.json' }), profile({ ...REVERSED, ...change }, controller));
    const refused = laneHeading(path);
    expect(refused).toMatchObject({ ok: false, error: { code: 'reversedProfileInvalid' } });
    expect(JSON.stringify(refused)).toContain(what);
  });

  test('one that is not there', () => {
    expect(laneHeading(save(profile({ reversed: 'back.json' }), null))).toMatchObject({
      error: { code: 'profileUnreadable' },
    });
  });
});
