import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPECIMENS, TD1_LONG_LINES, TD3_LINES } from '../../documents/mrz/specimens.fixture.ts';
import { spawnCli } from '../spawn-cli.ts';

const inputOf = (documents: readonly (readonly string[])[]): string =>
  documents.map((lines) => lines.join('\n')).join('\n\n');
const json = (stdout: string): unknown[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-mrz-'));
  writeFileSync(join(folder, 'passport.txt'), inputOf([TD3_LINES]));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('jointgate mrz --json', () => {
  test('prints the documented object, field by field and in its order', async () => {
    const run = await spawnCli(['mrz', '--json', '--today', '2026-03-31'], { input: inputOf([TD3_LINES]) });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^\{"format":"TD3","valid":true,"documentCode":"P","issuingState":"UTO","documentNumber":"L898902C3","nationality":"UTO","birthDate":"740812","sex":"F","expiryDate":"120415","primaryIdentifier":"ERIKSSON","secondaryIdentifier":"ANNA MARIA","optionalData":"ZE184226B","nativeName":null,"checks":\[\{"field":"documentNumber","ok":true\},.*\],"repairs":\[\],"problems":\[\]/,
    );
  });

  test('one object a document, in order, nothing dropped, and exit code 1 when one is not valid', async () => {
    const damaged = TD1_LONG_LINES.map((line) => line.replace('340712', '34O712'));
    const run = await spawnCli(['mrz', '--json', '-'], { input: inputOf([...SPECIMENS, ['NO DOCUMENT'], damaged]) });
    expect(run.code).toBe(1);
    const readings = json(run.stdout);
    expect(readings.map((reading) => (reading as { valid: boolean }).valid)).toEqual([
      ...SPECIMENS.map(() => true),
      false,
      false,
    ]);
    expect(readings.at(-2)).toMatchObject({ format: null, problems: [{ code: 'unrecognisedFormat' }] });
    expect(readings.at(-1)).toMatchObject({
      birthDate: '34O712',
      longNumberInput: 'excl-filler',
      optionalData2: '',
      repairTo: TD1_LONG_LINES,
      repairs: [{ code: 'lookAlike', field: 'birthDate', line: 2, column: 3, from: 'O', to: '0' }],
    });
  });

  test('CRLF, blank lines of spaces, a byte-order mark and a document in one piece', async () => {
    const text = `\ufeff${TD3_LINES.join('\r\n')}\r\n  \r\n\r\n${TD3_LINES.join('')}\r\n`;
    const run = await spawnCli(['mrz', '--json'], { input: text });
    expect(run.code).toBe(0);
    expect(json(run.stdout)).toHaveLength(2);
  });

  test('--today decides the century', async () => {
    const years = async (today: string): Promise<unknown> => {
      const run = await spawnCli(['mrz', '--json', '--today', today], { input: inputOf([TD3_LINES]) });
      return json(run.stdout)[0];
    };
    expect(await years('2026-03-31')).toMatchObject({ birth: { year: 1974 }, expiry: { year: 2012 } });
    expect(await years('2080-03-31')).toMatchObject({ birth: { year: 2074 }, expiry: { year: 2012 } });
  });
});

describe('jointgate mrz for people', () => {
  test('reads a file, relative to the caller', async () => {
    const run = await spawnCli(['mrz', 'passport.txt'], { env: { INIT_CWD: folder } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('TD3 valid');
    expect(run.stdout).toContain('ERIKSSON, ANNA MARIA');
  });

  test('names what is wrong, and shows no control characters of a hostile input', async () => {
    const hostile = TD3_LINES.map(
      (line) => `\u001b${line.replace('<', '\u0007<').replace('7408122', '7408129')}\u009b`,
    );
    const run = await spawnCli(['mrz'], { input: inputOf([hostile]) });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('TD3 NOT VALID');
    expect(run.stdout).toContain('checkDigitMismatch · birthDate · line 2 column 20 · found 9, expected 2');
    const controls = [...run.stdout].filter((character) => character < ' ' && character !== '\n');
    expect(controls).toEqual([]);
  });
});

describe('inputs that are no documents', () => {
  test('nothing at all is a negative answer, said on standard error', async () => {
    expect(await spawnCli(['mrz', '--json'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'jointgate: no document in the input\n',
    });
  });

  test('more than a megabyte is wrong usage, not memory', async () => {
    const run = await spawnCli(['mrz', '--json'], { input: 'A'.repeat(1024 * 1024 + 1) });
    expect(run).toEqual({ code: 2, stdout: '', stderr: 'jointgate: input is longer than 1048576 bytes\n' });
  });

  test('a line as long as the limit is one unrecognised document', async () => {
    const run = await spawnCli(['mrz', '--json'], { input: 'A'.repeat(1024 * 1024) });
    expect(run.code).toBe(1);
    expect(json(run.stdout)).toMatchObject([
      { format: null, problems: [{ code: 'unrecognisedFormat' }, { code: 'inputTooLong' }] },
    ]);
  });

  test('bytes that are no text are read without a fault', async () => {
    const run = await spawnCli(['mrz', '--json'], {
      input: Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toBe('');
  });

  test.each([[['mrz', 'no-such-file']], [['mrz', '/']], [['mrz', '--today', '2025-02-30']], [['mrz', 'one', 'two']]])(
    '%j is wrong usage in one line, without a stack',
    async (args) => {
      const run = await spawnCli(args);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(/^jointgate: /);
      expect(run.stderr).not.toContain('    at ');
    },
  );

  const unreadable = '/proc/self/mem';
  test.skipIf(!existsSync(unreadable))('a file that the system refuses to read is a fault', async () => {
    const run = await spawnCli(['mrz', unreadable]);
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toMatch(/^jointgate: fault: cannot read \/proc\/self\/mem \(E[A-Z]+\)\n$/);
    const debug = await spawnCli(['mrz', unreadable], { env: { JOINTGATE_DEBUG: '1' } });
    expect(debug.stderr).toContain('    at ');
  });
});
