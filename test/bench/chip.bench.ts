import { mkdirSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { ApduChannel } from '../../app/documents/chip/apdu-channel.ts';
import { DEFAULT_MAX_FILE_BYTES, readChip } from '../../app/documents/chip/read-chip.ts';
import { largestReadLength } from '../../app/documents/chip/read-length.ts';
import { BUNDLED_DEFECTS } from '../../app/documents/lds/defects.ts';
import { authenticatePassively } from '../../app/documents/lds/passive-authentication.ts';
import { importTrust } from '../../app/documents/lds/pki/trust-sources.ts';
import { TrustStore } from '../../app/documents/lds/pki/trust-store.ts';
import { cardChannel, INSTANT_LINK, radioLinkMs } from '../../native-bridge/simulators/emrtd/card-link.ts';
import { ecKeyPair, rsaKeyPair, type SigningKey } from '../../native-bridge/simulators/emrtd/key-pair.ts';
import {
  portraitBytes,
  SPECIMEN_KEY,
  type Specimen,
  seededRandom,
  specimen,
} from '../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../native-bridge/simulators/emrtd/test-issuer.ts';

// A chip with a 20 KB portrait, read from access to the last byte over a link without delay: how long the reader's own work takes,
// apart from the simulated card's; over radio links in virtual time: how much of the link's payload limit is used; and how
// long passive authentication takes once warm.

const RUNS = 15;
const WARM_UP = 3;
const PORTRAIT_BYTES = 20 * 1024;
const AT = new Date('2026-06-01T12:00:00Z');
const ECDH_GM_AES128 = '0.4.0.127.0.7.2.2.4.2.2';

export interface ReadFigures {
  /** Reader's work, median: all but the time inside the simulated card. */
  readonly readerMs: number;
  readonly cardMs: number;
  readonly exchanges: number;
}

export interface ChipBench {
  readonly bac3des: ReadFigures;
  readonly paceAes: ReadFigures;
  /** Share of the payload rate that the link allows at this APDU size, reader's work included; by kbit/s. */
  readonly linkUse: Readonly<Record<string, number>>;
  readonly passiveAuthenticationMs: Readonly<Record<string, number>>;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const round = (value: number): number => Math.round(value * 100) / 100;

function newSpecimen(pace: boolean): Specimen {
  const random = seededRandom('bench');
  const offers = pace ? [{ oid: ECDH_GM_AES128, parameterId: 13 }] : [];
  const document = { portrait: portraitBytes(PORTRAIT_BYTES, random), ...(pace ? { pace: offers } : {}) };
  return specimen({ random, at: AT, document, card: { pace: offers } });
}

/** The same channel with a stopwatch around the card. */
function timed(channel: ApduChannel, add: (ms: number, sent: number, received: number) => void): ApduChannel {
  return {
    ...channel,
    transmit: async (command) => {
      const startMs = performance.now();
      const answer = await channel.transmit(command);
      add(performance.now() - startMs, command.length, answer.ok ? answer.value.length : 0);
      return answer;
    },
  };
}

async function readOnce(made: Specimen, onExchange: (ms: number, sent: number, received: number) => void) {
  const startMs = performance.now();
  const reading = await readChip({
    channel: timed(cardChannel(made.card, INSTANT_LINK), onExchange),
    key: SPECIMEN_KEY,
    random: seededRandom('reader'),
    nowMs: () => performance.now(),
    dataGroups: ['DG1', 'DG2'],
    maxFileBytes: DEFAULT_MAX_FILE_BYTES,
    onProgress: () => undefined,
    signal: null,
  });
  if (!reading.files.has('DG2')) throw new Error(`bench chip unreadable: ${reading.accessError}`);
  return { totalMs: performance.now() - startMs, reading };
}

async function measureRead(pace: boolean): Promise<ReadFigures> {
  const made = newSpecimen(pace);
  const runs: { readerMs: number; cardMs: number; exchanges: number }[] = [];
  for (let run = 0; run < RUNS + WARM_UP; run++) {
    let cardMs = 0;
    let exchanges = 0;
    const { totalMs } = await readOnce(made, (ms) => {
      cardMs += ms;
      exchanges++;
    });
    if (run >= WARM_UP) runs.push({ readerMs: totalMs - cardMs, cardMs, exchanges });
  }
  return {
    readerMs: round(median(runs.map(({ readerMs }) => readerMs))),
    cardMs: round(median(runs.map(({ cardMs }) => cardMs))),
    exchanges: runs[0]!.exchanges,
  };
}

/** Virtual time: what the link would have taken for every exchange of DG2, plus the reader's measured work. */
async function measureLinkUse(kbitPerSecond: number): Promise<number> {
  const linkMs = radioLinkMs(kbitPerSecond, 1);
  const made = newSpecimen(true);
  const log: { readonly sent: number; readonly received: number; readonly cardMs: number }[] = [];
  const { reading } = await readOnce(made, (cardMs, sent, received) => log.push({ cardMs, sent, received }));
  const step = reading.steps.find((one) => one.step === 'DG2')!;
  const exchanges = log.slice(-step.exchanges);
  const virtualMs = exchanges.reduce((sum, one) => sum + linkMs(one.sent, one.received), 0);
  const workMs = step.ms - exchanges.reduce((sum, one) => sum + one.cardMs, 0);
  const payload = largestReadLength(INSTANT_LINK, 'AES-128', null, false);
  const full = exchanges.reduce((best, one) => (one.received > best.received ? one : best));
  const limit = payload / linkMs(full.sent, full.received);
  return round(reading.files.get('DG2')!.length / (virtualMs + workMs) / limit);
}

function measurePassive(authorityKey: SigningKey, signerKey: SigningKey): number {
  const random = seededRandom('bench');
  const issuer = new TestIssuer({ country: 'UT', random, at: AT, authorityKey, signerKey });
  const made = specimen({ random, at: AT, issuer, document: { portrait: portraitBytes(PORTRAIT_BYTES, random) } });
  const store = new TrustStore();
  importTrust(store, issuer.authority);
  const times: number[] = [];
  for (let run = 0; run < 60; run++) {
    const startMs = performance.now();
    const { checks } = authenticatePassively({
      files: made.files,
      unreadable: new Map(),
      store,
      defects: BUNDLED_DEFECTS,
      at: AT,
    });
    times.push(performance.now() - startMs);
    if (checks.some(({ outcome }) => outcome !== 'passed')) throw new Error('bench document not authentic');
  }
  return round(median(times.slice(20)));
}

/** Measures, writes out/bench/chip.json, gives the figures. */
export async function run(): Promise<ChipBench> {
  const random = seededRandom('keys');
  const ec = (name: Parameters<typeof ecKeyPair>[0], hash: Parameters<typeof ecKeyPair>[1]) =>
    ecKeyPair(name, hash, random);
  const figures: ChipBench = {
    bac3des: await measureRead(false),
    paceAes: await measureRead(true),
    linkUse: { '106': await measureLinkUse(106), '424': await measureLinkUse(424) },
    passiveAuthenticationMs: {
      'P-256': measurePassive(ec('secp256r1', 'SHA-256'), ec('secp256r1', 'SHA-256')),
      'brainpoolP512r1, P-521': measurePassive(ec('brainpoolP512r1', 'SHA-512'), ec('secp521r1', 'SHA-512')),
      'RSA 4096 PSS, RSA 2048': measurePassive(rsaKeyPair(4096, 'SHA-256', true), rsaKeyPair(2048, 'SHA-256')),
    },
  };
  mkdirSync('out/bench', { recursive: true });
  writeFileSync('out/bench/chip.json', `${JSON.stringify(figures, null, 2)}\n`);
  return figures;
}

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2));
