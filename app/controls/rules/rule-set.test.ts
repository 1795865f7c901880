import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fieldRules } from '../test-kit.ts';
import { parseRuleSet } from './rule-set.ts';

const EXAMPLES = new URL('./examples/', import.meta.url);

test.each(readdirSync(EXAMPLES).filter((name) => !name.startsWith('entitlements')))(
  'the example %s is valid',
  (name) => {
    const read = parseRuleSet(JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8')));
    expect(read).toMatchObject({ ok: true, value: { side: name.split('.')[0] } });
  },
);

test('a misspelt or missing rule is a fault that names its place', () => {
  const { age, ...rules } = fieldRules('exit');
  expect(parseRuleSet(rules)).toMatchObject({ error: { problems: [expect.stringMatching(/^age: /)] } });
  const misspelt = { ...rules, age: { ...age, minimumYaers: 7 } };
  expect(parseRuleSet(misspelt)).toMatchObject({ error: { problems: [expect.stringContaining('minimumYaers')] } });
});

test('two quotas of one name are a fault', () => {
  const rules = fieldRules('exit');
  const twice = { ...rules, quotas: [rules.quotas[0], rules.quotas[0]] };
  expect(parseRuleSet(twice)).toMatchObject({ ok: false, error: { code: 'ruleSetInvalid' } });
});

test('an unknown time zone is a fault', () => {
  expect(parseRuleSet({ ...fieldRules('exit'), timeZone: 'Asia/Nowhere' }).ok).toBe(false);
});
