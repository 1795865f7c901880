import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('./kill.fixture.ts', import.meta.url));
const KILLS = 6;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jointgate-kill-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs the control in a process of its own until it has said `lines` lines, kills it, and gives all it has said. */
function runAndKill(lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [FIXTURE, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('close', () => resolve(text.split('\n').slice(0, -1)));
  });
}

// G4 for the control's own file: nothing acknowledged is lost, nothing is counted twice.
test('kill -9 at any moment: every acknowledged step stands, and entries used equal crossings counted', async () => {
  const said: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) said.push(...(await runAndKill(5 + kill * 7)));
  const database = new Database(join(dataDir, 'control-exit.sqlite'), { readonly: true });
  const states = new Map(
    (database.prepare('SELECT record_id, state FROM crossings').all() as { record_id: string; state: string }[]).map(
      ({ record_id, state }) => [record_id, state],
    ),
  );
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(said.filter((line) => line.startsWith('clear')).length).toBeGreaterThan(KILLS);
  for (const line of said) {
    const [step, recordId] = line.split(' ') as [string, string];
    expect(['clear', 'commit']).toContain(step);
    if (step === 'commit') expect(states.get(recordId)).toBe('committed');
    else expect(['prepared', 'committed']).toContain(states.get(recordId));
  }
  const used = database.prepare('SELECT used FROM endorsements').pluck().get();
  const held = database.prepare('SELECT count(*) FROM crossings WHERE held = 1').pluck().get();
  expect(used).toBe(held);
  expect(held).toBe(states.size);
  database.close();
}, 30_000);
