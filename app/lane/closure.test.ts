import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Closure } from './closure.ts';

const AT = '2026-06-01T08:00:00.000Z';

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-closure-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'closed.json');
}

test('a lane that an officer closed is closed after a restart, and the other side cannot open it', () => {
  const path = file();
  expect(Closure.open(path).close({ by: 'exit', officer: 'E1', at: AT })).toEqual({ ok: true, value: undefined });
  const restarted = Closure.open(path);
  expect(restarted.closedBy).toEqual({ by: 'exit', officer: 'E1', at: AT });
  expect(restarted.reopen('entry')).toEqual({ ok: false, error: { code: 'notYours' } });
  // Closing it once more takes nothing from whoever closed it first.
  restarted.close({ by: 'entry', officer: 'N1', at: AT });
  expect(Closure.open(path).closedBy?.by).toBe('exit');
  expect(restarted.reopen('exit').ok).toBe(true);
  expect(Closure.open(path).closedBy).toBeNull();
});

test('the port may close over a side, and open what any side closed', () => {
  const path = file();
  const closure = Closure.open(path);
  closure.close({ by: 'entry', officer: 'N1', at: AT });
  closure.close({ by: 'port', officer: 'P1', at: AT });
  expect(closure.reopen('entry').ok).toBe(false);
  expect(closure.reopen('port').ok).toBe(true);
});

test('a file that cannot be understood keeps the lane closed until the port opens it', () => {
  const path = file();
  writeFileSync(path, '{"by":"ex');
  expect(Closure.open(path).closedBy).toMatchObject({ by: 'port' });
  expect(Closure.open(path).reopen('exit').ok).toBe(false);
});
