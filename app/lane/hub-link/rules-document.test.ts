import { expect, test } from 'vitest';
import { rulesNamed } from './rules-document.ts';

test.each([
  ['exit.json', { side: 'exit', authority: null }],
  ['entry.json', { side: 'entry', authority: null }],
  ['exit.chn.json', { side: 'exit', authority: 'CHN' }],
  ['entry.mac.json', { side: 'entry', authority: 'MAC' }],
])('%s are the rules of a side, and of an authority where the name says one', (name, whose) => {
  expect(rulesNamed(name)).toEqual(whose);
});

test.each(['port.json', 'exit', 'exit.json.old', 'exit.china.json', 'exit.chn.mac.json', '.json', ''])(
  '%j are nobody’s rules',
  (name) => {
    expect(rulesNamed(name)).toBeNull();
  },
);
