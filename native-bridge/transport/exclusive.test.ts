import { expect, test } from 'vitest';
import { ok } from '../../app/contract/result.ts';
import { deferred } from './deferred.ts';
import { Exclusive } from './exclusive.ts';

test('work runs one after the other, in order', async () => {
  const exclusive = new Exclusive(10);
  const gate = deferred<void>();
  const log: string[] = [];
  const first = exclusive.run(async () => {
    await gate.promise;
    log.push('first');
    return ok();
  });
  const second = exclusive.run(async () => {
    log.push('second');
    return ok();
  });
  gate.resolve();
  await Promise.all([first, second]);
  expect(log).toEqual(['first', 'second']);
});

test('work that throws does not keep the next one waiting', async () => {
  const exclusive = new Exclusive(10);
  const failing = exclusive.run(() => Promise.reject(new Error('bug')));
  const next = exclusive.run(async () => ok(7));
  await expect(failing).rejects.toThrow('bug');
  expect(await next).toEqual({ ok: true, value: 7 });
});

test('a queue that is full answers deviceBusy at once', async () => {
  const exclusive = new Exclusive(1);
  const gate = deferred<void>();
  const first = exclusive.run(async () => {
    await gate.promise;
    return ok();
  });
  expect(await exclusive.run(async () => ok())).toEqual({ ok: false, error: { code: 'deviceBusy' } });
  gate.resolve();
  expect((await first).ok).toBe(true);
  expect((await exclusive.run(async () => ok())).ok).toBe(true);
});

test('what can wait comes after whoever is waited for, and is not forgotten', async () => {
  const exclusive = new Exclusive(10);
  const gate = deferred<void>();
  const log: string[] = [];
  const say = (word: string) => async () => {
    log.push(word);
    return ok();
  };
  const first = exclusive.runLater(async () => {
    await gate.promise;
    return say('begun')();
  });
  const later = exclusive.runLater(say('later'));
  expect(exclusive.isWaitedFor).toBe(false);
  const urgent = exclusive.run(say('urgent'));
  expect(exclusive.isWaitedFor).toBe(true);
  gate.resolve();
  await Promise.all([first, later, urgent]);
  expect(log).toEqual(['begun', 'urgent', 'later']);
});
