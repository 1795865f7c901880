import { performance } from 'node:perf_hooks';
import { ok } from '../../app/contract/result.ts';
import { judgeChip } from '../../app/documents/chip/chip-verdict.ts';
import { readChip } from '../../app/documents/chip/read-chip.ts';
import { CMS_LIMITS, checkBerStructure } from '../../app/documents/lds/ber-structure.ts';
import { readTlvs } from '../../app/documents/lds/ber-tlv.ts';
import { readPublicKey } from '../../app/documents/lds/crypto/public-key.ts';
import { BUNDLED_DEFECTS } from '../../app/documents/lds/defects.ts';
import { readDg1 } from '../../app/documents/lds/dg1.ts';
import { readDg2 } from '../../app/documents/lds/dg2.ts';
import { readDg7 } from '../../app/documents/lds/dg7.ts';
import { readEfCom } from '../../app/documents/lds/ef-com.ts';
import { readCertificate } from '../../app/documents/lds/pki/certificate.ts';
import { readMasterList } from '../../app/documents/lds/pki/master-list.ts';
import { readRevocationList } from '../../app/documents/lds/pki/revocation-list.ts';
import { TrustStore } from '../../app/documents/lds/pki/trust-store.ts';
import { readDg14, readDg15 } from '../../app/documents/lds/security-infos.ts';
import { readEfSod, readSecurityObject } from '../../app/documents/lds/security-object.ts';
import { readDg11, readDg12 } from '../../app/documents/lds/text-data-groups.ts';
import { readMrz } from '../../app/documents/mrz/read-mrz.ts';
import { splitMrzLines } from '../../app/documents/mrz/split-lines.ts';
import { NO_FAULTS } from '../../native-bridge/simulators/emrtd/card-faults.ts';
import { cardChannel } from '../../native-bridge/simulators/emrtd/card-link.ts';
import { ecKeyPair } from '../../native-bridge/simulators/emrtd/key-pair.ts';
import {
  portraitBytes,
  SPECIMEN_KEY,
  SPECIMEN_LINES,
  seededRandom,
  specimen,
} from '../../native-bridge/simulators/emrtd/specimen.ts';
import { Corpus, Coverage } from './coverage.ts';
import { Dice, mutate } from './mutate.ts';

/** What one target went through. `slowestMs` is a single input's. */
export interface FuzzReport {
  readonly target: string;
  readonly inputs: number;
  readonly crashes: readonly { readonly input: string; readonly error: string }[];
  readonly slowestMs: number;
  /** Inputs that reached new code and were kept as seeds, and how many blocks of app/documents were reached. */
  readonly corpus: number;
  readonly blocks: number;
}

interface Target {
  readonly name: string;
  /** Share of all inputs, in parts of a thousand: slow targets get fewer. */
  readonly share: number;
  readonly seeds: readonly Uint8Array[];
  readonly run: (input: Uint8Array) => void;
}

const AT = new Date('2026-06-01T12:00:00Z');
const MAX_CRASHES = 20;
const BATCH = 1024;
/** Part of the inputs that is guided by coverage; the rest varies what was found. */
const EXPLORING_SHARE = 0.1;

function targets(): readonly Target[] {
  const random = seededRandom('fuzz');
  const key = ecKeyPair('secp256r1', 'SHA-256', random);
  const made = specimen({
    random,
    at: AT,
    document: {
      portrait: portraitBytes(300, random),
      activeAuthentication: key,
      chipAuthentication: { oid: '0.4.0.127.0.7.2.2.3.2.2', key },
    },
  });
  const files = [...made.files.values()];
  const pki = [
    made.issuer.authority,
    made.issuer.signer.certificate,
    made.issuer.revocationList(true),
    made.issuer.masterList([made.issuer.authority]),
    key.subjectPublicKeyInfo,
  ];
  const readers = [readEfCom, readDg1, readDg2, readDg7, readDg11, readDg12, readDg14, readDg15, readSecurityObject];
  const mrz = [Buffer.from(SPECIMEN_LINES.join('\n')), Buffer.from('CSC000000004<2404200<8108038<6')];
  return [
    {
      name: 'TLV and data groups',
      share: 700,
      seeds: files,
      run: (bytes) => {
        readTlvs(bytes);
        checkBerStructure(bytes, CMS_LIMITS);
        for (const read of readers) read(bytes);
      },
    },
    {
      name: 'certificates, lists, keys',
      share: 180,
      seeds: pki,
      run: (bytes) => {
        readCertificate(bytes);
        readRevocationList(bytes);
        readPublicKey(bytes);
      },
    },
    {
      name: 'MRZ text',
      share: 100,
      seeds: mrz,
      run: (bytes) => {
        readMrz(splitMrzLines(Buffer.from(bytes).toString('latin1')), { today: { year: 2026, month: 6, day: 1 } });
      },
    },
    {
      name: 'CMS',
      share: 17,
      seeds: [made.files.get('SOD')!, pki[3]!],
      run: (bytes) => {
        readEfSod(bytes);
        readMasterList(bytes);
      },
    },
  ];
}

/** A whole reading of a chip whose answers are changed at random on their way. */
async function readHostileChip(dice: Dice, files: Parameters<typeof judgeChip>[0]['reading']['files']): Promise<void> {
  const random = seededRandom(`hostile${dice.below(1_000_000)}`);
  const pace = dice.below(3) === 0 ? [{ oid: '0.4.0.127.0.7.2.2.4.2.2', parameterId: 12 }] : [];
  const { card } = specimen({
    random,
    at: AT,
    document: { portrait: portraitBytes(100, random), pace },
    card: { pace, files },
    faults: NO_FAULTS,
  });
  const channel = cardChannel(card);
  let left = 3000;
  const reading = await readChip({
    channel: {
      ...channel,
      transmit: async (command) => {
        if (--left < 0) throw new Error('the reader does not end');
        const answer = await channel.transmit(command);
        return answer.ok && dice.below(12) === 0 ? ok(mutate([answer.value], dice)) : answer;
      },
    },
    key: SPECIMEN_KEY,
    random,
    nowMs: () => 0,
    dataGroups: ['DG1', 'DG2'],
    maxFileBytes: 65_536,
    onProgress: () => undefined,
    signal: null,
  });
  judgeChip({ reading, printedMrz: SPECIMEN_LINES, store: new TrustStore(), defects: BUNDLED_DEFECTS, at: AT });
}

/** Throws `inputs` inputs at all parsers of documents, guided by coverage; a crash keeps its input. */
export async function run(inputs: number, seed = 1): Promise<readonly FuzzReport[]> {
  const reports: FuzzReport[] = [];
  for (const target of targets()) reports.push(await runTarget(target, inputs, new Dice(seed)));
  reports.push(await runHostileChips(Math.max(1, Math.round((inputs * 3) / 1000)), seed));
  return reports;
}

async function runTarget(target: Target, inputs: number, dice: Dice): Promise<FuzzReport> {
  const count = Math.max(1, Math.round((inputs * target.share) / 1000));
  const coverage = new Coverage('/app/documents/');
  await coverage.start();
  const corpus = new Corpus(coverage, target.seeds);
  const crashes: { input: string; error: string }[] = [];
  let slowestMs = 0;
  const attempt = (input: Uint8Array) => {
    const startMs = performance.now();
    try {
      target.run(input);
    } catch (error) {
      crashes.push({ input: Buffer.from(input).toString('base64'), error: explain(error) });
    }
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
  };
  await corpus.learn(target.seeds, attempt);
  const explored = Math.ceil(count * EXPLORING_SHARE);
  let isExploring = true;
  for (let done = 0; done < count && crashes.length < MAX_CRASHES; ) {
    const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => mutate(corpus.seeds, dice));
    for (const input of batch) attempt(input);
    done += batch.length;
    if (isExploring) await corpus.learn(batch, attempt);
    // Coverage halves the speed: once the corpus has grown, the rest goes without it.
    if (isExploring && done >= explored) {
      await coverage.stop();
      isExploring = false;
    }
  }
  if (isExploring) await coverage.stop();
  const grown = corpus.seeds.length - target.seeds.length;
  return {
    target: target.name,
    inputs: count,
    crashes,
    slowestMs: Math.round(slowestMs),
    corpus: grown,
    blocks: corpus.blocks,
  };
}

async function runHostileChips(count: number, seed: number): Promise<FuzzReport> {
  const random = seededRandom('fuzz');
  const { files } = specimen({ random, at: AT, document: { portrait: portraitBytes(300, random) } });
  const crashes: { input: string; error: string }[] = [];
  let slowestMs = 0;
  for (let index = 0; index < count && crashes.length < MAX_CRASHES; index++) {
    const own = Math.imul(seed, 1_000_003) + index;
    const startMs = performance.now();
    await readHostileChip(new Dice(own), files).catch((error: unknown) => {
      crashes.push({ input: `dice ${own}`, error: explain(error) });
    });
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
  }
  return { target: 'APDU responses', inputs: count, crashes, slowestMs: Math.round(slowestMs), corpus: 0, blocks: 0 };
}

const explain = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1]?.trim()}` : String(error);

if (import.meta.main) {
  const baseMb = Math.round(process.memoryUsage.rss() / 1_048_576);
  const reports = await run(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1));
  process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`resident memory: ${baseMb} MB before the first input, ${peakMb} MB at its peak\n`);
  const isBad = reports.some(({ crashes, slowestMs }) => crashes.length > 0 || slowestMs > 1000);
  process.exitCode = isBad ? 1 : 0;
}
