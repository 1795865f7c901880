import { describe, expect, test } from 'vitest';
import { and, not, setup } from 'xstate';
import { AUDIT_EVENT_IDS } from '../../app/contract/audit-events.ts';
import { crossingMachine } from '../../app/domain/crossing/machine.ts';
import { auditEventsPage } from './audit-events-page.ts';
import { chartOf } from './chart.ts';
import { mermaidOf } from './mermaid.ts';
import { ARCHITECTURE_PAGE, AUDIT_EVENTS_PAGE, CROSSING_PAGE, MANUAL_PAGES, readPage } from './pages.ts';

describe.each([CROSSING_PAGE, AUDIT_EVENTS_PAGE, ARCHITECTURE_PAGE, ...MANUAL_PAGES])('$file', (page) => {
  test('is what its generator writes now', async () => {
    expect(await readPage(page), `${page.file} is stale: ${page.command}`).toBe(await page.render());
  });
});

test('every state of the machine has its row and every event its place', async () => {
  const page = await CROSSING_PAGE.render();
  const states = chartOf(crossingMachine).filter(({ parent }) => parent !== null);
  expect(states.length).toBeGreaterThan(15);
  for (const { path, arrows } of states) {
    expect(page).toContain(`| **${path}** |`);
    for (const { event } of arrows) if (event !== null) expect(page).toContain(`\`${event}\``);
  }
});

test('every audit event has its line', async () => {
  const lines = (await AUDIT_EVENTS_PAGE.render()).split('\n');
  for (const id of AUDIT_EVENT_IDS) expect(lines.filter((line) => line.startsWith(`| \`${id}\` |`))).toHaveLength(1);
});

test('a bar in a text cannot break the table', () => {
  const page = auditEventsPage({ odd: { severity: 'info', owner: 'port', alarm: false, text: 'a | b' } });
  expect(page).toContain('| a \\| b |');
});

// A machine of our own, so that the walk is proved apart from what the crossing happens to be.
const small = setup({
  types: { events: {} as { type: 'go' } | { type: 'stay' } },
  delays: { soon: 10 },
  guards: { mayGo: () => true, isDay: () => true },
  actions: { ring: (_, _times: number) => undefined },
}).createMachine({
  id: 'small',
  initial: 'waiting',
  states: {
    waiting: {
      after: { soon: { guard: not('isDay'), target: 'gone' } },
      on: { go: { guard: and(['mayGo', 'isDay']), target: 'moving', actions: { type: 'ring', params: 2 } }, stay: {} },
    },
    moving: { initial: 'slow', states: { slow: { always: { guard: 'isDay', target: '#small.gone' } } } },
    gone: { type: 'final' },
  },
});

test('arrows carry event, delay, guard, target and notes; an event taken without effect is an arrow too', () => {
  const chart = chartOf(small);
  expect(chart.map(({ path, kind }) => [path, kind])).toEqual([
    ['', 'compound'],
    ['waiting', 'atomic'],
    ['moving', 'compound'],
    ['moving.slow', 'atomic'],
    ['gone', 'final'],
  ]);
  expect(chart[1]?.arrows).toEqual([
    { event: 'go', delay: null, guard: 'mayGo and isDay', target: 'moving', notes: ['ring 2'] },
    { event: 'stay', delay: null, guard: null, target: null, notes: [] },
    { event: null, delay: 'soon', guard: 'not isDay', target: 'gone', notes: [] },
  ]);
});

test('the diagram has one arrow between two states and an end for each final state', () => {
  expect(mermaidOf(chartOf(small)).split('\n')).toEqual([
    'stateDiagram-v2',
    '  [*] --> waiting',
    '  state moving {',
    '    [*] --> slow',
    '    slow',
    '  }',
    '  gone --> [*]',
    '  waiting --> moving : go [mayGo and isDay]',
    '  waiting --> gone : after soon [not isDay]',
    '  slow --> gone : [isDay]',
  ]);
});
