import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { base64UrlSchema } from '../contract/control-protocol.ts';
import { SIDES, type Side } from '../contract/crossing.ts';
import type { ControlKey } from '../controls/control.ts';
import type { LaneControl } from './lane-controls.ts';
import type { Timers } from './timers.ts';

const keysSchema = z.array(z.strictObject({ keyId: z.string().max(64), raw: base64UrlSchema.length(43) })).max(16);
const REFRESH_MS = 60_000;
const RETRY_MS = 2_000;

export interface KeyringListener {
  /** Another set of keys counts for this side from now on. */
  onKeys(side: Side, keys: Readonly<Record<Side, readonly ControlKey[]>>): void;
  onKnown(allKnown: boolean): void;
}

/**
 * The keys each control signs its answers with. A control on the network is asked for them ahead of time, over its own
 * certificate, at the start and every minute; the last ones are kept, so that a restart does not need it. Until a side's
 * keys are known none of its answers can count.
 */
export class ControlKeyring {
  readonly #controls: Readonly<Record<Side, LaneControl>>;
  readonly #folder: string;
  readonly #timers: Timers;
  readonly #listener: KeyringListener;
  readonly #keys: Record<Side, readonly ControlKey[]> = { exit: [], entry: [] };

  constructor(
    controls: Readonly<Record<Side, LaneControl>>,
    folder: string,
    timers: Timers,
    listener: KeyringListener,
  ) {
    this.#controls = controls;
    this.#folder = folder;
    this.#timers = timers;
    this.#listener = listener;
  }

  /** The keys of this moment: the same object, whatever changes in it. */
  get keys(): Readonly<Record<Side, readonly ControlKey[]>> {
    return this.#keys;
  }

  /** Resolves after each control was asked once. */
  async start(): Promise<void> {
    await Promise.all(
      SIDES.map(async (side) => {
        if (this.#controls[side].embedded === null) this.#keys[side] = this.#kept(side);
        await this.#ask(side);
      }),
    );
    this.#listener.onKnown(this.#allKnown);
  }

  async #ask(side: Side): Promise<void> {
    const { control, embedded } = this.#controls[side];
    const found = await control.keys();
    if (found.ok && found.value.length > 0) this.#learn(side, found.value);
    if (embedded !== null) return;
    this.#timers.later(found.ok ? REFRESH_MS : RETRY_MS, () => void this.#ask(side));
  }

  #learn(side: Side, keys: readonly ControlKey[]): void {
    const known = JSON.stringify(this.#keys[side]);
    if (known === JSON.stringify(keys)) return;
    this.#keys[side] = keys;
    if (this.#controls[side].embedded === null) this.#keep(side, keys);
    this.#listener.onKeys(side, this.#keys);
    this.#listener.onKnown(this.#allKnown);
  }

  get #allKnown(): boolean {
    return SIDES.every((side) => this.#keys[side].length > 0);
  }

  #path(side: Side): string {
    return join(this.#folder, `${side}-control-keys.json`);
  }

  #kept(side: Side): readonly ControlKey[] {
    try {
      return keysSchema.parse(JSON.parse(readFileSync(this.#path(side), 'utf8')));
    } catch {
      // Never asked before, or the file is damaged: the control will say.
      return [];
    }
  }

  /** Public keys; lost they are asked for again, so nothing waits for this file. */
  #keep(side: Side, keys: readonly ControlKey[]): void {
    try {
      writeFileSync(`${this.#path(side)}.new`, JSON.stringify(keys), { mode: 0o600 });
      renameSync(`${this.#path(side)}.new`, this.#path(side));
    } catch {
      // The disk is full or read-only, which the record's store tells by itself.
    }
  }
}
