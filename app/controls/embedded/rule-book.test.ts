import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { type ControlBench, fieldRules, NOW_MS, openBench, specimenRequest } from '../test-kit.ts';
import { openDatabase } from './database.ts';
import { openEmbeddedControl } from './embedded-control.ts';
import { createRuleBook } from './rule-book.ts';

const first = fieldRules('entry');
const second = { ...first, version: 'mac-entry-2026.2', answerValidMs: first.answerValidMs - 1_000 };

let bench: ControlBench;
beforeEach(async () => {
  bench = await openBench('entry');
});
afterEach(() => bench.dispose());

const versionNow = (): string => unwrap(bench.control.handlePrepare(specimenRequest('entry'))).body.ruleVersion;

test('a changed rule set holds from the next decision on, and each decision names its version', () => {
  expect(versionNow()).toBe(first.version);
  unwrap(bench.control.rules.change(second, 'admin-7', NOW_MS));
  const answer = unwrap(bench.control.handlePrepare(specimenRequest('entry')));
  expect(answer.body.ruleVersion).toBe(second.version);
  expect(Date.parse(answer.body.expiresAt) - Date.parse(answer.body.answeredAt)).toBe(second.answerValidMs);
  expect(bench.control.rules.history().map(({ version, by }) => [version, by])).toEqual([
    [first.version, 'file'],
    [second.version, 'admin-7'],
  ]);
  // What an old decision was made by can still be read.
  expect(bench.control.rules.of(first.version)).toEqual(first);
});

test('a change by another process holds at once, without a restart', () => {
  expect(versionNow()).toBe(first.version);
  const beside = unwrap(openDatabase(bench.dataDir, 'entry'));
  unwrap(createRuleBook(beside, 'entry').change(second, 'admin-7', NOW_MS));
  beside.close();
  expect(versionNow()).toBe(second.version);
});

test('a restart keeps what an administrator changed, though the configuration still names the older version', async () => {
  unwrap(bench.control.rules.change(second, 'admin-7', NOW_MS));
  await bench.restart();
  expect(versionNow()).toBe(second.version);
  // Going back is a change of its own, and known as one.
  unwrap(bench.control.rules.change(first, 'admin-8', NOW_MS));
  await bench.restart();
  expect(versionNow()).toBe(first.version);
  expect(bench.control.rules.history()).toHaveLength(3);
});

test('one version is one rule set for ever', async () => {
  const altered = { ...first, answerValidMs: 1_000 };
  const reused = { ok: false, error: { code: 'ruleVersionReused', version: first.version } };
  expect(bench.control.rules.change(altered, 'admin-7', NOW_MS)).toEqual(reused);
  await bench.control.close();
  expect(await openEmbeddedControl({ ...bench.options, rules: altered })).toEqual(reused);
  await bench.restart();
  expect(versionNow()).toBe(first.version);
});

test('what is no rule set, or the other side’s, changes nothing', () => {
  expect(bench.control.rules.change({ ...second, face: undefined }, 'admin-7', NOW_MS)).toMatchObject({
    error: { code: 'ruleSetInvalid' },
  });
  expect(bench.control.rules.change({ ...second, side: 'exit' }, 'admin-7', NOW_MS)).toEqual({
    ok: false,
    error: { code: 'rulesOfOtherSide', found: 'exit' },
  });
  expect(bench.control.rules.history()).toHaveLength(1);
  expect(versionNow()).toBe(first.version);
});
