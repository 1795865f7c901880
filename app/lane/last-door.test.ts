import { describe, expect, test } from 'vitest';
import { ok } from '../contract/result.ts';
import type { RecordSnapshot } from '../record/store.ts';
import { judgePassage, type ReleaseServices, releaseLastDoor } from './last-door.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

/** A committed record whose clears end so many milliseconds from now, and a door that notes what it is told. */
function stage(options: { clearForMs?: number; state?: RecordSnapshot['state']; stillLeaving?: () => boolean } = {}) {
  const told: string[] = [];
  const answer = { body: { expiresAt: new Date(NOW + (options.clearForMs ?? 60_000)).toISOString() } };
  const record = { state: options.state ?? 'committed', answers: { exit: answer, entry: answer } } as RecordSnapshot;
  const services: ReleaseServices = {
    store: {
      append: async (_id, fact) => {
        told.push(`journal ${fact.type}`);
        return ok(record);
      },
    },
    doors: {
      countForward: async () => ok(41),
      openDoor: async (door, direction) => {
        told.push(`open ${door} ${direction}`);
        return ok();
      },
    },
    clock: { nowMs: () => NOW },
    grantLifeMs: 11_000,
    stillLeaving: options.stillLeaving ?? (() => true),
  };
  return { told, release: () => releaseLastDoor('0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52', 3, services) };
}

describe('the last door', () => {
  test('is released after its counter is journaled, for one passage forward', async () => {
    const { told, release } = stage();
    expect(await release()).toEqual(ok({ endsAtMs: NOW + 60_000 }));
    expect(told).toEqual(['journal lastDoorReleased', 'open 3 forward']);
  });

  // Symptom: a fault in the middle of a release; the shut overtook it, and the door stood open on a voided record.
  test('stays shut when the crossing has left the state of leaving meanwhile', async () => {
    const { told, release } = stage({ stillLeaving: () => false });
    expect(await release()).toEqual({ ok: false, error: { code: 'overtaken' } });
    expect(told).not.toContain('open 3 forward');
  });

  test('stays shut when the unit’s own grant would outlive the clears, and when the record is not committed', async () => {
    for (const options of [{ clearForMs: 10_999 }, { clearForMs: -1 }, { state: 'prepared' as const }]) {
      const { told, release } = stage(options);
      expect(await release()).toEqual({ ok: false, error: { code: 'clearanceExpired' } });
      expect(told).not.toContain('open 3 forward');
    }
  });

  test('says by its counter who passed: one more is the traveller, none is nobody, anything else is a question', () => {
    expect(judgePassage(41, 42)).toBe('passed');
    expect(judgePassage(41, 41)).toBe('notPassed');
    expect(judgePassage(2 ** 32 - 1, 0)).toBe('passed');
    for (const now of [40, 43, 0]) expect(judgePassage(41, now)).toBe('uncertain');
  });
});
