import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { base64UrlSchema } from '../contract/control-protocol.ts';
import { hubKeysSchema, LANE_PATHS } from '../contract/hub-protocol.ts';
import { receiptSchema } from '../contract/receipt.ts';
import type { ControlKey } from '../controls/control.ts';
import type { SigningKey } from '../crypto/signing.ts';
import type { HubClient } from '../record/remote/hub-client.ts';
import type { OutboxNotice } from '../record/store.ts';
import { publicKeyOf } from './lane-keys.ts';

/** A key and the one before it: receipts may wait in an outbox while a key is changed. */
const MAX_EACH = 2;
const keysSchema = z
  .array(z.strictObject({ keyId: z.string().max(64), raw: base64UrlSchema.length(43) }))
  .max(MAX_EACH);
const fileSchema = z.strictObject({ lane: keysSchema, hub: keysSchema });

/**
 * The public keys that receipts for this lane's embedded controls are signed with: the lane's own, and the hub's where the
 * record has its home there. Kept in a file, so that a receipt signed before a change of keys is still known after it.
 */
export class ReceiptKeys {
  /** The same array, whatever changes in it. */
  readonly keys: ControlKey[] = [];
  readonly #path: string;
  #lane: readonly ControlKey[];
  #hub: readonly ControlKey[];

  private constructor(path: string, lane: readonly ControlKey[], hub: readonly ControlKey[]) {
    this.#path = path;
    this.#lane = lane;
    this.#hub = hub;
    this.#tell();
  }

  static open(path: string, signing: SigningKey): ReceiptKeys {
    const kept = readKept(path);
    const opened = new ReceiptKeys(path, kept.lane, kept.hub);
    opened.#lane = newestFirst(publicKeyOf({ signingKey: signing }), kept.lane);
    opened.#keep();
    return opened;
  }

  /**
   * Those of the hub's notices that the controls can judge now. A receipt signed with a key that is not known yet waits, with
   * all behind it, until the hub has named its keys: it is no forgery because we have not asked. What the hub does not name
   * then goes on, and the control refuses it.
   */
  async readable(notices: readonly OutboxNotice[], hub: HubClient): Promise<readonly OutboxNotice[]> {
    const unknown = notices.findIndex((pending) => !this.#isKnown(pending));
    if (unknown < 0 || (await this.#ask(hub))) return notices;
    return notices.slice(0, unknown);
  }

  #isKnown({ notice }: OutboxNotice): boolean {
    if (notice.step !== 'receipt') return true;
    const receipt = receiptSchema.safeParse(notice.detail?.receipt);
    return !receipt.success || this.keys.some(({ keyId }) => keyId === receipt.data.keyId);
  }

  async #ask(hub: HubClient): Promise<boolean> {
    const named = await hub.call({
      method: 'GET',
      path: LANE_PATHS.keys,
      body: null,
      life: null,
      answer: hubKeysSchema,
    });
    if (!named.ok || named.value.value === null) return false;
    for (const key of named.value.value.keys) this.#hub = newestFirst(key, this.#hub);
    this.#keep();
    return true;
  }

  #tell(): void {
    this.keys.splice(0, this.keys.length, ...this.#lane, ...this.#hub);
  }

  /** Public keys: lost, the lane's comes from its key file and the hub's is asked for. */
  #keep(): void {
    this.#tell();
    const text = JSON.stringify({ lane: this.#lane, hub: this.#hub });
    try {
      writeFileSync(`${this.#path}.new`, text, { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // The disk is full or read-only, which the record's store tells by itself.
    }
  }
}

function newestFirst(key: ControlKey, before: readonly ControlKey[]): readonly ControlKey[] {
  return [key, ...before.filter(({ raw }) => raw !== key.raw)].slice(0, MAX_EACH);
}

function readKept(path: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The first start, or a damaged file.
    return { lane: [], hub: [] };
  }
}
