import { z } from 'zod';
import type { ReleaseGrant, Sealed } from '../contract/control-protocol.ts';
import type { Owner, Side } from '../contract/crossing.ts';
import { officerNumberSchema } from '../contract/officer-account.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { MAX_NOTE } from '../contract/supervisor-view.ts';
import { openSealed, type SealingKey, seal } from '../crypto/sealing.ts';
import type { ReferralMaterialStore } from '../record/store.ts';
import { type CapturedPictures, toJpegs } from './referral-pictures.ts';

const MAX_NOTES = 20;
/** Longer than any grant: its parts are bounded by their schema. */
const GRANT_BYTES = 2_048;
const noteSchema = z.strictObject({
  at: z.iso.datetime(),
  officer: officerNumberSchema,
  text: z.string().max(MAX_NOTE),
});
const materialSchema = z.strictObject({
  /** JPEG, base64. */
  portrait: z.string().max(700_000).nullable(),
  live: z.string().max(700_000).nullable(),
  notes: z.array(noteSchema).max(MAX_NOTES),
});
export type ReferralMaterial = z.infer<typeof materialSchema>;
export type ReferralNote = z.infer<typeof noteSchema>;

export interface MaterialOptions {
  readonly store: ReferralMaterialStore;
  /** Each side's officers' key; opens what is sealed to it. */
  readonly keys: Readonly<Record<Side, SealingKey>>;
  readonly onChange: () => void;
}

const NOTHING: ReferralMaterial = { portrait: null, live: null, notes: [] };

/**
 * What a referral's officer needs beyond codes: the portrait beside the live image, and the notes of the side. Pictures of a
 * crossing stay in memory; only when it is referred to a side are they sealed to that side and kept, until the store erases them
 * with the referral's end (G5, G6). The port has no key: its referrals keep nothing.
 */
export class ReferralMaterials {
  readonly #options: MaterialOptions;
  readonly #versions = new Map<string, number>();
  #sealing: Promise<unknown> = Promise.resolve();
  #held: { readonly recordId: string; readonly pictures: CapturedPictures } | null = null;

  constructor(options: MaterialOptions) {
    this.#options = options;
  }

  /** The pictures of the crossing under way; those of the one before are overwritten. */
  hold(recordId: string, pictures: CapturedPictures): void {
    this.drop();
    this.#held = { recordId, pictures };
  }

  /** The lane is done with this crossing: what was held of it is overwritten, once it has been sealed. */
  async forget(recordId: string): Promise<void> {
    await this.#sealing;
    if (this.#held?.recordId === recordId) this.drop();
  }

  /** Overwrites what was held. */
  drop(): void {
    this.#held?.pictures.portrait.fill(0);
    this.#held?.pictures.live?.data.fill(0);
    this.#held = null;
  }

  /** How often this referral's material has changed; 0: there is none. */
  version(recordId: string): number {
    return this.#versions.get(recordId) ?? 0;
  }

  /** A traveller of a record that has ended (refused) stands in the lane still: shown from memory, nothing is kept. */
  standing(recordId: string): void {
    if (this.#held?.recordId === recordId && this.version(recordId) === 0) this.#versions.set(recordId, 1);
  }

  /** Called for each open referral whenever the list is read anew; does its work once. */
  async referred(recordId: string, owner: Owner): Promise<void> {
    if (owner === 'port' || this.#versions.has(recordId)) return;
    this.#versions.set(recordId, 0);
    const held = this.#held?.recordId === recordId ? this.#held.pictures : null;
    if (held === null) {
      // After a restart the store may have it from before.
      const kept = await this.#options.store.material(recordId);
      if (kept.ok && kept.value !== null) this.#changed(recordId);
      return;
    }
    const sealing = toJpegs(held);
    this.#sealing = sealing;
    const jpegs = await sealing;
    // They stay in memory as long as the traveller stays in the lane: released, they may be referred to the other side.
    await this.#keep(recordId, owner, { ...NOTHING, ...jpegs });
  }

  /** Forgets what has ended: the store has erased it. */
  keepOnly(recordIds: ReadonlySet<string>): void {
    for (const recordId of this.#versions.keys()) if (!recordIds.has(recordId)) this.#versions.delete(recordId);
  }

  async read(
    recordId: string,
    side: Side,
  ): Promise<Result<ReferralMaterial, { readonly code: 'notOurs' | 'storeFailed' }>> {
    const kept = await this.#options.store.material(recordId);
    if (!kept.ok) return err({ code: 'storeFailed' });
    if (kept.value === null) {
      const held = this.#held?.recordId === recordId ? await toJpegs(this.#held.pictures) : null;
      return ok(held === null ? NOTHING : { ...NOTHING, ...held });
    }
    const opened = openSealed(this.#options.keys[side], kept.value, contextOf(recordId, side));
    if (!opened.ok) return err({ code: 'notOurs' });
    const material = materialSchema.safeParse(parseJson(opened.value));
    return material.success ? ok(material.data) : err({ code: 'storeFailed' });
  }

  async addNote(recordId: string, side: Side, note: ReferralNote): Promise<Result<void, { readonly code: string }>> {
    const before = await this.read(recordId, side);
    if (!before.ok) return before;
    return this.#keep(recordId, side, { ...before.value, notes: [...before.value.notes, note].slice(-MAX_NOTES) });
  }

  async #keep(
    recordId: string,
    side: Side,
    material: ReferralMaterial,
  ): Promise<Result<void, { readonly code: string }>> {
    const { keyId, publicKeyRaw } = this.#options.keys[side];
    const plain = Buffer.from(JSON.stringify(material), 'utf8');
    const sealed = seal(publicKeyRaw, keyId, plain, contextOf(recordId, side));
    plain.fill(0);
    const kept = await this.#options.store.keepMaterial(recordId, sealed);
    if (kept.ok) this.#changed(recordId);
    return kept;
  }

  /** The same person goes on under another record: their pictures are its pictures now. */
  carry(from: string, to: string): void {
    if (this.#held?.recordId === from) this.#held = { ...this.#held, recordId: to };
  }

  /** A release as the joint record keeps it: of one length whatever it says, so that the other side learns nothing from it. */
  sealGrant(recordId: string, side: Side, grant: ReleaseGrant): Sealed {
    const { keyId, publicKeyRaw } = this.#options.keys[side];
    const plain = Buffer.from(JSON.stringify(grant).padEnd(GRANT_BYTES), 'utf8');
    return seal(publicKeyRaw, keyId, plain, `jointgate release v1 ${recordId} ${side}`);
  }

  #changed(recordId: string): void {
    this.#versions.set(recordId, this.version(recordId) + 1);
    this.#options.onChange();
  }
}

function contextOf(recordId: string, side: Side): string {
  return `jointgate referral material v1 ${recordId} ${side}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // Sealed by us to this side and yet no JSON: for the reader the same as nothing.
    return undefined;
  }
}
