import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { laneIdSchema } from '../../../contract/crossing.ts';
import { type SettingValues, settingValuesSchema } from '../../../contract/diagnostics-settings.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { canonicalBytes } from '../../../crypto/canonical-json.ts';
import { loadOrCreateKeyFile } from '../../../crypto/key-files.ts';
import { type SigningKey, verifySignature } from '../../../crypto/signing.ts';

const MAX_BYTES = 16 * 1024;

const contentSchema = z.strictObject({
  schema: z.literal('jointgate-lane-settings/1'),
  laneId: laneIdSchema,
  values: settingValuesSchema,
  changedAt: z.iso.datetime(),
  officer: z.string().regex(/^[A-Z0-9]{1,16}$/),
  /** HMAC digests of documents that only ever test the lane. */
  testDocuments: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(50),
});
const fileSchema = z.strictObject({
  content: contentSchema,
  keyId: z.string().max(32),
  signature: z.string().max(100),
});

export interface LaneSettings {
  readonly values: SettingValues;
  readonly changedAt: string;
  readonly officer: string;
  readonly testDocuments: readonly string[];
}

/** `settingsUnreadable`: too large, not JSON, not of this form. `settingsForeign`: signed by nobody, or for another lane. */
export interface SettingsFileError {
  readonly code: 'settingsUnreadable' | 'settingsForeign' | 'settingsUnwritable' | 'settingsKeyFailed';
}

/**
 * What technicians have set, in one file that the lane's own key signs: somebody who can write the file but is no technician of
 * this lane changes nothing. Read at start and written whole, durable before `write` returns.
 */
export class SettingsFile {
  readonly path: string;
  readonly #laneId: string;
  readonly #key: SigningKey;

  private constructor(path: string, laneId: string, key: SigningKey) {
    this.path = path;
    this.#laneId = laneId;
    this.#key = key;
  }

  static open(dataFolder: string, laneId: string): Result<SettingsFile, SettingsFileError> {
    const key = loadOrCreateKeyFile(join(dataFolder, 'keys', 'lane-signing.pem'), 'signing');
    if (!key.ok) return err({ code: 'settingsKeyFailed' });
    return ok(new SettingsFile(join(dataFolder, 'settings.json'), laneId, key.value.key));
  }

  /** Null when there is none: the lane runs by its profile. */
  read(): Result<LaneSettings | null, SettingsFileError> {
    let value: unknown;
    try {
      const size = statSync(this.path, { throwIfNoEntry: false })?.size;
      if (size === undefined) return ok(null);
      if (size > MAX_BYTES) return err({ code: 'settingsUnreadable' });
      value = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch {
      // Which byte is wrong helps nobody: the file is written anew, never edited by hand.
      return err({ code: 'settingsUnreadable' });
    }
    const parsed = fileSchema.safeParse(value);
    if (!parsed.success) return err({ code: 'settingsUnreadable' });
    const { content, signature } = parsed.data;
    const signed = verifySignature(this.#key.publicKeyRaw, canonicalBytes(content), signature);
    if (!signed || content.laneId !== this.#laneId) return err({ code: 'settingsForeign' });
    return ok({
      values: content.values,
      changedAt: content.changedAt,
      officer: content.officer,
      testDocuments: content.testDocuments,
    });
  }

  write({ values, changedAt, officer, testDocuments }: LaneSettings): Result<void, SettingsFileError> {
    const content = {
      schema: 'jointgate-lane-settings/1',
      laneId: this.#laneId,
      values,
      changedAt,
      officer,
      testDocuments: [...testDocuments],
    };
    const signature = this.#key.sign(canonicalBytes(content));
    const draft = `${this.path}.${randomBytes(6).toString('hex')}.new`;
    try {
      const file = openSync(draft, 'wx', 0o600);
      try {
        writeFileSync(file, JSON.stringify({ content, keyId: this.#key.keyId, signature }, null, 2));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, this.path);
      return ok();
    } catch {
      // Disk full or read-only: the readiness check says which.
      rmSync(draft, { force: true });
      return err({ code: 'settingsUnwritable' });
    }
  }
}
