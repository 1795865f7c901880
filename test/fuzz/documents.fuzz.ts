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
import { Dice, mutate } from './mutate.ts';

/** What one target went through. `slowestMs` is a single input's. */
export interface FuzzReport {
  readonly target: string;
  readonly inputs: number;
  readonly crashes: readonly { readonly seed: number; readonly error: string }[];
  readonly slowestMs: number;
}

interface Target {
  readonly name: string;
  /** Share of all inputs, in parts of a thousand: slow targets get fewer. */
  readonly share: number;
  readonly run: (dice: Dice) => void | Promise<void>;
}

const AT = new Date('2026-06-01T12:00:00Z');
const MAX_CRASHES = 20;

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
      run: (dice) => {
        const bytes = mutate(files, dice);
        readTlvs(bytes);
        checkBerStructure(bytes, CMS_LIMITS);
        for (const read of readers) read(bytes);
      },
    },
    {
      name: 'certificates, lists, keys',
      share: 180,
      run: (dice) => {
        const bytes = mutate(pki, dice);
        readCertificate(bytes);
        readRevocationList(bytes);
        readPublicKey(bytes);
      },
    },
    {
      name: 'MRZ text',
      share: 100,
      run: (dice) =>
        void readMrz(splitMrzLines(Buffer.from(mutate(mrz, dice)).toString('latin1')), {
          today: { year: 2026, month: 6, day: 1 },
        }),
    },
    {
      name: 'CMS',
      share: 17,
      run: (dice) => {
        const sod = made.files.get('SOD')!;
        const bytes = mutate([sod], dice);
        readEfSod(bytes);
        readMasterList(mutate([pki[3]!], dice));
      },
    },
    { name: 'APDU responses', share: 3, run: (dice) => readHostileChip(dice, made.files) },
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

/** Throws `inputs` inputs at all parsers of documents; a crash keeps the dice seed that reproduces it. */
export async function run(inputs: number, seed = 1): Promise<readonly FuzzReport[]> {
  const reports: FuzzReport[] = [];
  for (const target of targets()) {
    const count = Math.max(1, Math.round((inputs * target.share) / 1000));
    const crashes: { seed: number; error: string }[] = [];
    let slowestMs = 0;
    for (let index = 0; index < count && crashes.length < MAX_CRASHES; index++) {
      const own = Math.imul(seed, 0x9e37_79b1) + index;
      const startMs = performance.now();
      try {
        await target.run(new Dice(own));
      } catch (error) {
        crashes.push({
          seed: own,
          error: error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1]?.trim()}` : String(error),
        });
      }
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    }
    reports.push({ target: target.name, inputs: count, crashes, slowestMs: Math.round(slowestMs) });
  }
  return reports;
}

if (import.meta.main) {
  const reports = await run(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1));
  process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  process.stdout.write(`peak resident memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
  const isBad = reports.some(({ crashes, slowestMs }) => crashes.length > 0 || slowestMs > 1000);
  process.exitCode = isBad ? 1 : 0;
}
