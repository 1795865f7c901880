import { err, ok, type Result } from '../../contract/result.ts';
import { type FileFacts, fileFacts } from '../lds/files.ts';
import { readSecurityInfos, type SecurityInfos } from '../lds/security-infos.ts';
import { type Access, type AccessError, EMRTD_AID, openChip } from './access.ts';
import { type AccessKey, isUsableKey } from './access-key.ts';
import type { RandomBytes } from './bac.ts';
import { readCapabilities } from './card-capabilities.ts';
import type { CardConnection } from './card-connection.ts';
import { type FileError, FileReader, type ReadProgress, selectApplication } from './file-reader.ts';

export interface SessionOptions {
  readonly key: AccessKey;
  readonly random: RandomBytes;
  readonly maxFileBytes: number;
  readonly onProgress: (progress: ReadProgress) => void;
}

/** How often a broken session is opened anew before the chip is given up. */
const MAX_REOPENINGS = 3;
/** Without extended length on the reader's side EF.ATR/INFO has nothing to tell. */
const SHORT_CHANNEL_BYTES = 270;

/** One chip under one access key: opens it, reads files, and opens it again where a chip drops the session over an error. */
export class ChipSession {
  readonly #connection: CardConnection;
  readonly #options: SessionOptions;
  #reader: FileReader;
  #cardAccess: SecurityInfos | null = null;
  #reopeningsLeft = MAX_REOPENINGS;
  #integrityFailure: string | null = null;

  constructor(connection: CardConnection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#reader = this.#newReader(null);
  }

  /** First code of an answer whose protection did not hold; null while all did. */
  get integrityFailure(): string | null {
    return this.#integrityFailure;
  }

  get cardAccess(): SecurityInfos | null {
    return this.#cardAccess;
  }

  /** Reads EF.CardAccess and EF.ATR/INFO in clear, then gains access. */
  async open(): Promise<Result<Access, AccessError>> {
    if (!isUsableKey(this.#options.key)) return err({ code: 'accessKeyUnusable' });
    await this.#readMasterFile();
    return openChip(this.#connection, this.#options.key, this.#cardAccess, this.#options.random);
  }

  /** Selects the eMRTD application within the session: needed after PACE, which runs in the master file. */
  async selectApplication(): Promise<Result<void, AccessError>> {
    const answer = await this.#connection.send(selectApplication(EMRTD_AID));
    if (!answer.ok) return answer;
    return answer.value.status === 0x9000 ? ok() : err({ code: 'applicationMissing', status: answer.value.status });
  }

  /** Reads a file; opens the session again, once for this file, where the chip has dropped it. */
  async read(facts: Pick<FileFacts, 'name' | 'fileId'>): Promise<Result<Uint8Array, FileError>> {
    const first = await this.#reader.read(facts);
    if (first.ok || !this.#isSessionLost(first.error) || this.#reopeningsLeft === 0) return first;
    if (!(await this.reopen())) return first;
    const second = await this.#reader.read(facts);
    if (!second.ok) this.#isSessionLost(second.error);
    return second;
  }

  /** Opens the chip again with the same key; false where that failed or was done too often. */
  async reopen(): Promise<boolean> {
    if (this.#reopeningsLeft === 0) return false;
    this.#reopeningsLeft--;
    const reopened = await openChip(this.#connection, this.#options.key, this.#cardAccess, this.#options.random);
    if (!reopened.ok) return false;
    return reopened.value.protocol !== 'PACE' || (await this.selectApplication()).ok;
  }

  async #readMasterFile(): Promise<void> {
    // Absent on chips that know BAC only; then the answer is an error and says just that.
    const cardAccess = await this.#reader.read(fileFacts('CardAccess'));
    if (cardAccess.ok) {
      const infos = readSecurityInfos(cardAccess.value, 'CardAccess');
      this.#cardAccess = infos.ok ? infos.value : null;
    }
    if (this.#connection.maxResponseLength <= SHORT_CHANNEL_BYTES) return;
    const atrInfo = await this.#reader.readWhole(fileFacts('ATR_INFO').fileId);
    const capabilities = atrInfo.ok ? readCapabilities(atrInfo.value) : null;
    if (capabilities) this.#reader = this.#newReader(capabilities.maxResponseLength);
  }

  #newReader(chipResponseLimit: number | null): FileReader {
    const { maxFileBytes, onProgress } = this.#options;
    return new FileReader(this.#connection, { maxFileBytes, onProgress, chipResponseLimit });
  }

  /** A bare error status in a secured session means that the chip has closed it (ICAO 9303-11 §9.8.8), a plain "no such file" not. */
  #isSessionLost(error: FileError): boolean {
    if (error.code.startsWith('secureResponse')) {
      this.#integrityFailure ??= error.code;
      return true;
    }
    return 'isAuthentic' in error && !error.isAuthentic && error.code !== 'fileNotFound';
  }
}
