import type { Notice } from '../../contract/control-protocol.ts';
import { receiptSchema } from '../../contract/receipt.ts';
import type { RecordCopies, RecordCopy, RecordSnapshot } from '../../record/store.ts';

/** More than a lane changes while its disk is slow; of more the oldest are given up. */
const MAX_WAITING = 200;
const MAX_RECEIPTS_KNOWN = 1_000;

/**
 * The lane's copies of records whose home is the hub, from the commit (or referral, or end) on. Written one after the other
 * behind the crossing's back: nothing waits for them, nothing is decided by them, and of one record only the newest is written.
 */
export class HubCopies {
  readonly #to: Partial<RecordCopies>;
  readonly #onKept: (kept: boolean) => void;
  readonly #waiting = new Map<string, RecordCopy>();
  readonly #receipts = new Set<string>();
  #failed = false;
  #writing: Promise<void> | null = null;

  constructor(to: Partial<RecordCopies>, onKept: (kept: boolean) => void) {
    this.#to = to;
    this.#onKept = onKept;
  }

  of(record: RecordSnapshot): void {
    const { recordId, clearance, endedAt, referral } = record;
    // Before that it is only something under way, which recovery ends.
    if (clearance === 'none' && endedAt === null && referral === null) return;
    this.#put({ recordId, record, receipt: this.#waiting.get(recordId)?.receipt ?? null });
  }

  /** Both sides get the same one. */
  receiptOf({ step, recordId, detail }: Notice): void {
    if (step !== 'receipt' || this.#receipts.has(recordId)) return;
    const receipt = receiptSchema.safeParse(detail?.receipt);
    if (!receipt.success) return;
    this.#receipts.add(recordId);
    if (this.#receipts.size > MAX_RECEIPTS_KNOWN) this.#receipts.delete(this.#receipts.keys().next().value ?? '');
    this.#put({ recordId, record: this.#waiting.get(recordId)?.record ?? null, receipt: receipt.data });
  }

  /** What waits is written first; a file that fails is not waited for. */
  async close(): Promise<void> {
    await this.#writing;
  }

  #put(copy: RecordCopy): void {
    if (this.#to.keepCopy === undefined) return;
    this.#waiting.set(copy.recordId, copy);
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value ?? '');
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    for (;;) {
      const [copy] = this.#waiting.values();
      if (copy === undefined) break;
      const kept = await this.#to.keepCopy?.(copy);
      const ok = kept?.ok === true;
      if (ok === this.#failed) this.#onKept(ok);
      this.#failed = !ok;
      // It stays, and is tried again with the next one.
      if (!ok) break;
      if (this.#waiting.get(copy.recordId) === copy) this.#waiting.delete(copy.recordId);
    }
    this.#writing = null;
  }
}
