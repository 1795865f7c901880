import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemTiming } from '../../../native-bridge/ports/timing.ts';
import type { EmrtdCard } from '../../../native-bridge/simulators/emrtd/card.ts';
import { inField } from '../../../native-bridge/simulators/emrtd/card-link.ts';
import {
  SPECIMEN_LINES,
  type SpecimenRequest,
  seededRandom,
  specimen,
} from '../../../native-bridge/simulators/emrtd/specimen.ts';
import { Pn532Simulator } from '../../../native-bridge/simulators/pn532-simulator.ts';
import { bacKeys } from '../../documents/chip/bac.ts';
import { spawnCli } from '../spawn-cli.ts';

const AT = new Date('2026-06-01T12:00:00Z');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A virtual card of vsmartcard's protocol around our simulated chip; keeps trying until the command listens. */
async function presentCard(port: number, card: EmrtdCard): Promise<void> {
  const socket = await vi.waitFor(
    async () => {
      const attempt = connect(port, '127.0.0.1');
      await once(attempt, 'connect');
      return attempt;
    },
    { timeout: 15_000, interval: 50 },
  );
  let received = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const message = received.subarray(2, 2 + received.readUInt16BE(0));
      received = received.subarray(2 + message.length);
      const answer = react(card, message);
      if (answer) socket.write(Buffer.concat([Uint8Array.of(answer.length >> 8, answer.length & 0xff), answer]));
    }
  });
}

function react(card: EmrtdCard, message: Uint8Array): Uint8Array | null {
  if (message.length > 1) return card.transmit(message);
  if (message[0] === 4) return Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
  if (message[0] === 0) card.leaveField();
  else card.enterField();
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function read(args: readonly string[], request: Partial<SpecimenRequest> = {}) {
  const made = specimen({ random: seededRandom('cli'), at: AT, ...request });
  writeFileSync(join(folder, 'csca.cer'), made.issuer.authority);
  const port = await freePort();
  const run = spawnCli(['chip', 'read', '--reader', `vpcd:${port}`, '--at', '2026-06-01', ...args]);
  const [done] = await Promise.all([run, presentCard(port, made.card)]);
  return { made, ...done };
}

test('a genuine chip is read, verified and written out; nothing personal is printed', async () => {
  const out = join(folder, 'out');
  const args = ['--mrz', SPECIMEN_LINES.join('/'), '--trust', join(folder, 'csca.cer'), '--out', out];
  const { code, stdout, stderr, made } = await read([...args, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ valid: true, access: { protocol: 'BAC', cipher: '3DES' } });
  expect(report.checks).toHaveLength(17);
  expect(report.checks).toContainEqual({ id: 'mrzMatchesChip', outcome: 'passed', reason: null });
  expect(report.steps.map(({ step }: { step: string }) => step)).toEqual(['access', 'COM', 'SOD', 'DG1', 'DG2']);
  expect(new Uint8Array(readFileSync(join(out, 'EF_DG2.bin')))).toEqual(made.files.get('DG2'));
  const portrait = Buffer.from(made.files.get('DG2')!.subarray(200, 216));
  const keys = bacKeys({ kind: 'mrz', documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '360415' });
  expect(`${stdout}${stderr}`).not.toContain(Buffer.from(keys.encryption).toString('hex'));
  for (const secret of [
    'L898902C3',
    'ERIKSSON',
    'ANNA',
    '740812',
    portrait.toString('hex'),
    portrait.toString('base64'),
  ]) {
    expect(`${stdout}${stderr}`).not.toContain(secret);
  }
});

test('a chip on a PN532 at a serial port is read the same way', async () => {
  const { card, issuer, files } = specimen({ random: seededRandom('pn532'), at: AT });
  writeFileSync(join(folder, 'csca.cer'), issuer.authority);
  const reader = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 1 });
  try {
    reader.presentChip({ card: inField(card), kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 3) });
    const args = ['--reader', `pn532:${reader.path}`, '--mrz', SPECIMEN_LINES.join('\n'), '--at', '2026-06-01'];
    const trust = ['--trust', join(folder, 'csca.cer'), '--out', join(folder, 'out'), '--json'];
    const { code, stdout, stderr } = await spawnCli(['chip', 'read', ...args, ...trust]);
    expect(stderr).toBe('');
    // The report first: where the reading fails, it says at which step.
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, unreadable: {}, access: { protocol: 'BAC' } });
    expect(code).toBe(0);
    expect(new Uint8Array(readFileSync(join(folder, 'out', 'EF_DG2.bin')))).toEqual(files.get('DG2'));
  } finally {
    reader.close();
  }
});

test('an untrusted chip is a negative answer, in words', async () => {
  const { code, stdout } = await read(['--key', 'L898902C3,740812,360415']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/NOT proved genuine/);
  expect(stdout).toMatch(/signerChain\s+failed unknownIssuer/);
  expect(stdout).toMatch(/mrzMatchesChip\s+notDone noPrintedMrz/);
});

test('PACE with a CAN, and a wrong one', async () => {
  const pace = [{ oid: '0.4.0.127.0.7.2.2.4.2.2', parameterId: 13 }];
  const request = { document: { pace }, card: { pace, bac: false, can: '123456' } };
  const right = await read(['--can', '123456', '--trust', join(folder, 'csca.cer'), '--json'], request);
  expect(right.code).toBe(0);
  expect(JSON.parse(right.stdout).access).toMatchObject({ protocol: 'PACE', cipher: 'AES-128', mapping: 'generic' });
  const wrong = await read(['--can', '999999', '--json'], request);
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('paceKeyRefused');
});

test.each([
  [['chip', 'read'], 2],
  [['chip', 'read', '--reader', 'vpcd:1', '--can', '1', '--key', 'A,B,C'], 2],
  [['chip', 'read', '--reader', 'vpcd:99999', '--can', '123456'], 2],
  [['chip', 'read', '--reader', 'usb:1', '--can', '123456'], 2],
  [['chip', 'read', '--reader', 'pcsc:', '--can', '123456'], 2],
  [['chip', 'read', '--reader', 'vpcd:1', '--key', 'A,B'], 2],
  [['lds', 'verify', '/nowhere'], 2],
  [['lds', 'verify', tmpdir(), '--at', '2026-02-30'], 2],
])('%j is wrong usage', async (args, expected) => {
  const { code, stdout, stderr } = await spawnCli(args);
  expect(code).toBe(expected);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^jointgate: /);
});

test('a reader that is not there is a fault, at once', async () => {
  const args = ['chip', 'read', '--reader', `pn532:${join(folder, 'none')}`, '--can', '123456'];
  const { code, stderr } = await spawnCli(args);
  expect(code).toBe(3);
  expect(stderr).toMatch(/is not there \(openFailed\)/);
});

test('a PC/SC reader without its package is refused in words and with a code', async () => {
  const { code, stdout, stderr } = await spawnCli([
    'chip',
    'read',
    '--reader',
    'pcsc:ACS',
    '--can',
    '123456',
    '--wait',
    '2',
  ]);
  expect(code).toBe(3);
  expect(stdout).toBe('');
  // Where the package is installed, it is the service or the reader that is missing.
  expect(stderr).toMatch(
    /pcsc:ACS is not there \((pcscNotInstalled: .*npm install|pcscServiceAbsent: |openFailed|silent)/,
  );
});

test('lds verify tells genuine files from changed ones', async () => {
  const { files, issuer } = specimen({ random: seededRandom('lds'), at: AT });
  for (const [name, bytes] of files) writeFileSync(join(folder, `EF_${name}.bin`), bytes);
  writeFileSync(join(folder, 'list.ml'), issuer.masterList([issuer.authority]));
  const args = ['lds', 'verify', folder, '--trust', join(folder, 'list.ml'), '--at', '2026-06-01', '--json'];
  const genuine = await spawnCli(args);
  expect(genuine.stderr).toBe('');
  expect(genuine.code).toBe(0);
  expect(JSON.parse(genuine.stdout)).toMatchObject({ valid: true, trust: { authorities: 1 } });
  const changed = Uint8Array.from(files.get('DG2')!);
  changed[900]! ^= 1;
  writeFileSync(join(folder, 'EF_DG2.bin'), changed);
  const tampered = await spawnCli(args);
  expect(tampered.code).toBe(1);
  expect(tampered.stdout).toContain('hashMismatch:DG2');
});
