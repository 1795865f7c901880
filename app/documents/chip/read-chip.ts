import type { Result } from '../../contract/result.ts';
import { readEfCom } from '../lds/ef-com.ts';
import { type DataGroupName, dataGroupNumber, type FileName, fileFacts } from '../lds/files.ts';
import { readDg14, readDg15 } from '../lds/security-infos.ts';
import { readEfSod } from '../lds/security-object.ts';
import type { Access } from './access.ts';
import type { AccessKey } from './access-key.ts';
import { performActiveAuthentication } from './active-authentication.ts';
import type { ApduChannel } from './apdu-channel.ts';
import type { RandomBytes } from './bac.ts';
import { CardConnection, type Traffic } from './card-connection.ts';
import { chipAuthenticationOffers, performChipAuthentication } from './chip-authentication.ts';
import { ChipSession } from './chip-session.ts';
import { type FileError, type ReadProgress, selectFile } from './file-reader.ts';

export interface ReadChipOptions {
  readonly channel: ApduChannel;
  readonly key: AccessKey;
  readonly random: RandomBytes;
  /** Monotonic milliseconds, for the step times only. */
  readonly nowMs: () => number;
  /** Data groups wanted beside those that prove the chip; what the chip does not list is not asked for. */
  readonly dataGroups: readonly DataGroupName[];
  readonly maxFileBytes: number;
  readonly onProgress: (progress: ReadProgress) => void;
  readonly signal: AbortSignal | null;
}

export interface ReadStep extends Traffic {
  readonly step: 'access' | 'chipAuthentication' | 'activeAuthentication' | FileName;
  readonly ms: number;
}

/** How one way to prove the chip went; `absent` where the chip does not offer it. */
export type ChipProof = 'passed' | 'absent' | { readonly failed: string };

export interface ChipReading {
  readonly access: Access | null;
  /** Why access failed, or what broke the session's integrity later. */
  readonly accessError: string | null;
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  /** Files that are there, or were expected, and could not be read, with the code why. */
  readonly unreadable: ReadonlyMap<FileName, string>;
  readonly chipAuthentication: ChipProof;
  readonly activeAuthentication: ChipProof;
  readonly steps: readonly ReadStep[];
  /** What the chip does against Doc 9303-11 that takes nothing from the proof of its files. */
  readonly deviations: readonly ProtocolDeviation[];
}

/** `statusWordUnprotected`: protected answers lack DO'99' (§9.8.4); their data and sequence are still under the MAC. */
export type ProtocolDeviation = 'statusWordUnprotected';

/** Data groups that a lane wants: MRZ and portrait; details where there is time. */
export const LANE_DATA_GROUPS: readonly DataGroupName[] = ['DG1', 'DG2'];
export const ALL_OPEN_DATA_GROUPS: readonly DataGroupName[] = ['DG1', 'DG2', 'DG7', 'DG11', 'DG12', 'DG13', 'DG16'];
export const DEFAULT_MAX_FILE_BYTES = 512 * 1024;
/** Fingerprints and irises need terminal authentication, which a lane has no certificates for. */
const PROTECTED: readonly DataGroupName[] = ['DG3', 'DG4'];
/** Some simple card simulators keep EF.SOD at the place of DG13. */
const ODD_SOD_FILE_ID = 0x010d;

/**
 * Reads a chip from access to proof (ICAO 9303-11 appendix J.1). Never throws on what a chip says; whatever could not be read is
 * in `unreadable`. Judging is apart, in chip-verdict.ts.
 */
export async function readChip(options: ReadChipOptions): Promise<ChipReading> {
  return new ChipReadingRun(options).run();
}

class ChipReadingRun {
  readonly #options: ReadChipOptions;
  readonly #connection: CardConnection;
  readonly #session: ChipSession;
  readonly #files = new Map<FileName, Uint8Array>();
  readonly #unreadable = new Map<FileName, string>();
  readonly #steps: ReadStep[] = [];
  #isDead = false;

  constructor(options: ReadChipOptions) {
    this.#options = options;
    this.#connection = new CardConnection(options.channel, options.signal);
    this.#session = new ChipSession(this.#connection, options);
  }

  async run(): Promise<ChipReading> {
    const access = await this.#timed('access', () => this.#session.open());
    if (!access.ok) return this.#reading(null, access.error.code, 'absent', 'absent');
    const isPace = access.value.protocol === 'PACE';
    if (access.value.matchesChipKey) await this.#read('CardSecurity');
    if (isPace) {
      const application = await this.#session.selectApplication();
      if (!application.ok) return this.#reading(access.value, application.error.code, 'absent', 'absent');
    }
    await this.#read('COM');
    await this.#readSod();
    const listed = this.#listed();
    // DG14 first: chip authentication renews the session keys before anything worth reading is read.
    if (listed.includes('DG14')) await this.#read('DG14');
    const chipAuthentication = await this.#authenticateChip(access.value);
    if (listed.includes('DG15')) await this.#read('DG15');
    const activeAuthentication = await this.#authenticateActively();
    for (const name of this.#options.dataGroups) {
      if (!listed.includes(name)) continue;
      await this.#read(name);
    }
    for (const name of PROTECTED) if (listed.includes(name)) this.#unreadable.set(name, 'accessProtected');
    return this.#reading(access.value, this.#session.integrityFailure, chipAuthentication, activeAuthentication);
  }

  async #readSod(): Promise<void> {
    await this.#read('SOD');
    const com = this.#files.get('COM');
    const listed = com ? readEfCom(com) : null;
    if (this.#files.has('SOD') || this.#isDead || !listed?.ok || listed.value.dataGroups.includes('DG13')) return;
    const odd = await this.#session.read({ name: 'SOD', fileId: ODD_SOD_FILE_ID });
    if (odd.ok && odd.value[0] === fileFacts('SOD').tag) {
      this.#files.set('SOD', odd.value);
      this.#unreadable.delete('SOD');
    } else if (!odd.ok && odd.error.code === 'fileEmpty') this.#unreadable.set('SOD', 'fileEmpty');
  }

  /** Data groups of EF.COM and EF.SOD together: EF.COM can be forged to hide one, EF.SOD can be unreadable. */
  #listed(): readonly DataGroupName[] {
    const com = this.#files.get('COM');
    const sod = this.#files.get('SOD');
    const fromCom = com ? readEfCom(com) : null;
    const fromSod = sod ? readEfSod(sod) : null;
    const names = new Set<DataGroupName>(fromCom?.ok ? fromCom.value.dataGroups : []);
    if (fromSod?.ok) for (const number of fromSod.value.securityObject.hashes.keys()) names.add(`DG${number}`);
    // With neither list the two mandatory data groups are still worth a try.
    if (names.size === 0) return ['DG1', 'DG2'];
    return [...names].sort((a, b) => dataGroupNumber(a)! - dataGroupNumber(b)!);
  }

  async #authenticateChip(access: Access): Promise<ChipProof> {
    const file = this.#files.get('DG14');
    const infos = file ? readDg14(file) : null;
    // With chip-authentication mapping the chip is proved by EF.CardSecurity already (§4.4.3.5).
    if (!infos?.ok || this.#isDead || access.protocol === 'none' || this.#files.has('CardSecurity')) return 'absent';
    const [offer] = chipAuthenticationOffers(infos.value);
    if (!offer) return infos.value.chipAuthenticationKeys.length > 0 ? { failed: 'caKeyUnsupported' } : 'absent';
    const done = await this.#timed('chipAuthentication', async () => {
      const agreed = await performChipAuthentication(this.#connection, offer, this.#options.random);
      if (!agreed.ok) return agreed;
      // The proof: a chip without the private key cannot answer this under the new keys.
      const proof = await this.#connection.send(selectFile(fileFacts('COM').fileId));
      if (!proof.ok || !proof.value.isAuthentic) return { ok: false, error: { code: 'caSessionRefused' } } as const;
      return proof;
    });
    if (done.ok) return 'passed';
    await this.#session.reopen();
    return { failed: done.error.code };
  }

  async #authenticateActively(): Promise<ChipProof> {
    const file = this.#files.get('DG15');
    const key = file ? readDg15(file) : null;
    if (!key || this.#isDead) return 'absent';
    if (!key.ok) return { failed: key.error.code };
    const dg14 = this.#files.get('DG14');
    const infos = dg14 ? readDg14(dg14) : null;
    const algorithm = infos?.ok ? infos.value.activeAuthenticationAlgorithm : null;
    const done = await this.#timed('activeAuthentication', () =>
      performActiveAuthentication(this.#connection, key.value, algorithm, this.#options.random),
    );
    return done.ok ? 'passed' : { failed: done.error.code };
  }

  async #read(name: FileName): Promise<void> {
    if (this.#isDead) {
      this.#unreadable.set(name, 'linkFailed');
      return;
    }
    const read = await this.#timed(name, () => this.#session.read(fileFacts(name)));
    if (read.ok) this.#files.set(name, read.value);
    else this.#fail(name, read.error);
  }

  #fail(name: FileName, error: FileError): void {
    this.#unreadable.set(name, error.code);
    if (error.code === 'linkFailed' || error.code === 'aborted') this.#isDead = true;
  }

  async #timed<T, E>(step: ReadStep['step'], work: () => Promise<Result<T, E>>): Promise<Result<T, E>> {
    const startMs = this.#options.nowMs();
    const before = this.#connection.traffic;
    const result = await work();
    const after = this.#connection.traffic;
    this.#steps.push({
      step,
      ms: this.#options.nowMs() - startMs,
      exchanges: after.exchanges - before.exchanges,
      bytesSent: after.bytesSent - before.bytesSent,
      bytesReceived: after.bytesReceived - before.bytesReceived,
    });
    return result;
  }

  #reading(
    access: Access | null,
    accessError: string | null,
    chipAuthentication: ChipProof,
    activeAuthentication: ChipProof,
  ): ChipReading {
    return {
      access,
      accessError,
      files: this.#files,
      unreadable: this.#unreadable,
      chipAuthentication,
      activeAuthentication,
      steps: this.#steps,
      deviations: this.#connection.leavesStatusUnprotected ? ['statusWordUnprotected'] : [],
    };
  }
}
