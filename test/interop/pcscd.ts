import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '../../app/contract/result.ts';
import { readChip } from '../../app/documents/chip/read-chip.ts';
import { PcscChipReader } from '../../native-bridge/devices/pcsc-chip-reader.ts';
import { encodeVpcd, VPCD_ATR, VPCD_POWER_OFF, VpcdDeframer } from '../../native-bridge/framing/vpcd-frame.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import type { EmrtdCard } from '../../native-bridge/simulators/emrtd/card.ts';
import { seededRandom, specimen } from '../../native-bridge/simulators/emrtd/specimen.ts';
import { openPcsc } from '../../native-bridge/transport/pcsc-mini.ts';
import { commandMissing, type Partner } from './partner.ts';

/** Where Debian's vpcd driver of pcscd listens for virtual cards. */
const VPCD_PORT = 35_963;
const READER = 'Virtual PCD 00 00';
const KEY = { kind: 'mrz', documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '360415' } as const;
const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
/** A folder that holds the package, where it is not installed beside us. */
const PACKAGE = process.env.JOINTGATE_PCSC_PACKAGE ?? 'pcsc-mini';
const NOBODY = { readerCame: () => {}, readerGone: () => {}, chip: () => {}, failed: () => {} };

async function packageMissing(): Promise<string | null> {
  const opened = await openPcsc(NOBODY, PACKAGE);
  if (opened.ok) opened.value.stop();
  return !opened.ok && opened.error.code === 'pcscNotInstalled'
    ? 'pcsc-mini is not installed (npm install pcsc-mini)'
    : null;
}

/** The system's own service where it runs already; else one of ours. */
async function withService<T>(work: () => Promise<T>): Promise<T> {
  const running = await openPcsc(NOBODY, PACKAGE);
  if (running.ok) {
    running.value.stop();
    return work();
  }
  const service: ChildProcess = spawn('pcscd', ['--foreground'], { stdio: 'ignore' });
  try {
    await sleep(1_500);
    return await work();
  } finally {
    service.kill();
    await once(service, 'exit');
  }
}

/** Our simulated passport lies on the reader of vpcd. */
async function layCard(card: EmrtdCard): Promise<Socket> {
  const socket = connect(VPCD_PORT, '127.0.0.1');
  await once(socket, 'connect');
  const deframer = new VpcdDeframer();
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    for (const message of deframer.push(chunk)) {
      if (message.length > 1) socket.write(encodeVpcd(card.transmit(message)));
      else if (message[0] === VPCD_ATR) socket.write(encodeVpcd(ATR));
      else if (message[0] === VPCD_POWER_OFF) card.leaveField();
      else card.enterField();
    }
  });
  return socket;
}

async function readThroughService(): Promise<string> {
  const { card, files } = specimen({ random: seededRandom('pcscd'), at: new Date('2026-06-01T12:00:00Z') });
  const reader = new PcscChipReader({
    load: (sink) => openPcsc(sink, PACKAGE),
    name: READER,
    timing: systemTiming,
    apduTimeoutMs: 5_000,
    extendedLength: false,
  });
  reader.start();
  for (let turn = 0; !reader.ready && turn < 100; turn += 1) await sleep(50);
  if (!reader.ready) throw new Error(`no reader ${READER} (${reader.lastError?.code ?? 'not told by the service'})`);
  const socket = await layCard(card);
  try {
    const channel = unwrap(await reader.awaitChip(10_000));
    const reading = await readChip({
      channel,
      key: KEY,
      random: (length) => new Uint8Array(randomBytes(length)),
      nowMs: () => performance.now(),
      dataGroups: ['DG1', 'DG2'],
      maxFileBytes: 64_000,
      onProgress: () => undefined,
      signal: null,
    });
    for (const name of ['DG1', 'DG2'] as const) {
      const [read, issued] = [reading.files.get(name), files.get(name)];
      if (read === undefined || issued === undefined || Buffer.compare(read, issued) !== 0)
        throw new Error(`${name} did not come as issued`);
    }
    const lost = new Promise<void>((resolve) => reader.subscribe(({ type }) => type === 'chipLost' && resolve()));
    socket.destroy();
    await Promise.race([lost, sleep(5_000).then(() => Promise.reject(new Error('a chip taken away was not told')))]);
    return `reader found, ${reading.access?.protocol} and secure messaging, EF.DG1 and EF.DG2 as issued, chip taken away told`;
  } finally {
    socket.destroy();
    await reader.close();
  }
}

/** pcscd with vsmartcard's virtual reader, through pcsc-mini: our PC/SC driver against the real service. */
export const pcscd: Partner = {
  name: 'pcscd',
  proves: 'our PC/SC driver, against pcscd and the virtual reader of vsmartcard',
  packages: ['pcscd', 'vsmartcard-vpcd'],
  missing: async () => commandMissing('pcscd') ?? (await packageMissing()),
  run: () => withService(readThroughService),
};
