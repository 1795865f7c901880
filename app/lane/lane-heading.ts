import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../contract/result.ts';
import { Closure } from './closure.ts';
import { type LaneProfile, type LaneProfileError, readLaneProfile } from './lane-profile.ts';

const MAX_BYTES = 4_096;
const markSchema = z.strictObject({ reversed: z.literal(true), officer: z.string().max(16), at: z.iso.datetime() });

export type HeadingError =
  | LaneProfileError
  /** Nobody can say which way the lane leads: it does not start. */
  | { readonly code: 'headingUnreadable'; readonly detail: string }
  | { readonly code: 'reversedProfileInvalid'; readonly detail: string };

export interface ReversalError {
  readonly code: 'storeFailed';
  readonly detail: string;
}

/**
 * Which way a reversible lane leads. Its reversed form is a profile of its own, with its own data folder, controls, rules and officers:
 * nothing of one authority is ever read with the eyes of the other. Which of the two is in force is a mark beside the first one's data.
 */
export interface LaneHeading {
  readonly path: string;
  readonly profile: LaneProfile;
  /** Null: no reversed form is fitted. */
  readonly reversal: LaneReversal | null;
}

export class LaneReversal {
  readonly #mark: string;
  readonly #reversed: boolean;
  readonly #other: LaneProfile;

  constructor(mark: string, reversed: boolean, other: LaneProfile) {
    this.#mark = mark;
    this.#reversed = reversed;
    this.#other = other;
  }

  /** The other direction, for the journal. */
  get leadsTo(): LaneProfile['direction'] {
    return this.#other.direction;
  }

  /** Durable on return: the lane that starts next leads the other way, closed by the port until an officer has looked. */
  reverse(officer: string, at: string): Result<void, ReversalError> {
    const closed = Closure.open(join(this.#other.dataFolder, 'closed-by-officer.json')).close({
      by: 'port',
      officer,
      at,
    });
    if (!closed.ok) return err({ code: 'storeFailed', detail: closed.error.code });
    try {
      if (this.#reversed) rmSync(this.#mark, { force: true });
      else writeWhole(this.#mark, JSON.stringify({ reversed: true, officer, at }));
      return ok();
    } catch (cause) {
      return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : String(cause) });
    }
  }
}

/** The profile that is in force, read from the lane's first one. `checked` may refuse the reversed one, too (a signature). */
export function laneHeading(path: string): Result<LaneHeading, HeadingError> {
  const first = readLaneProfile(path);
  if (!first.ok) return first;
  const { reversed } = first.value;
  if (reversed === undefined) return ok({ path, profile: first.value, reversal: null });
  const other = readLaneProfile(reversed);
  if (!other.ok) return other;
  const problem = mismatch(first.value, other.value);
  if (problem !== null) return err({ code: 'reversedProfileInvalid', detail: problem });
  const mark = join(first.value.dataFolder, 'reversed.json');
  const marked = readMark(mark);
  if (!marked.ok) return marked;
  return ok(
    marked.value
      ? { path: reversed, profile: other.value, reversal: new LaneReversal(mark, true, first.value) }
      : { path, profile: first.value, reversal: new LaneReversal(mark, false, other.value) },
  );
}

/** What keeps two profiles from being one lane in two directions, in words for whoever writes them. */
function mismatch(first: LaneProfile, other: LaneProfile): string | null {
  const [a, b] = [first.devices.laneController, other.devices.laneController];
  if (first.direction.from !== other.direction.to || first.direction.to !== other.direction.from)
    return 'direction: the reversed profile leads the same way, or elsewhere';
  if (first.topology !== other.topology) return 'topology: the doors are as many in both directions';
  if (a.units.join() !== [...b.units].reverse().join())
    return 'devices.laneController.units: the same units, met in the opposite order';
  if ((a.turned ?? false) === (b.turned ?? false))
    return 'devices.laneController.turned: the units are met from the other side in one of the two';
  if (JSON.stringify(a.at) !== JSON.stringify(b.at)) return 'devices.laneController.at: the same controller';
  if (first.dataFolder === other.dataFolder) return 'dataFolder: each direction keeps its own';
  return null;
}

function readMark(path: string): Result<boolean, HeadingError> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    // No mark: the lane leads as its first profile says.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ok(false);
    return err({ code: 'headingUnreadable', detail: path });
  }
  try {
    const read = text.length <= MAX_BYTES && markSchema.safeParse(JSON.parse(text)).success;
    return read ? ok(true) : err({ code: 'headingUnreadable', detail: path });
  } catch {
    // Torn or edited.
    return err({ code: 'headingUnreadable', detail: path });
  }
}

/** Beside it first, then in its place: after a loss of power it is whole or not there. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.new`;
  const file = openSync(next, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(next, path);
}
