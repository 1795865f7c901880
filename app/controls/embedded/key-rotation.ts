import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { base64UrlSchema } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type KeyFileError, loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import type { ControlKey } from '../control.ts';

/**
 * Changing a control's signing key while it serves. `prepare` makes the next key and the control publishes it beside the one
 * that signs; lanes are told both. `activate` lets it sign; answers of the key before stay valid. `retire` ends that.
 * A control that runs reads its keys again on SIGHUP.
 */
export type RotationStep = 'prepare' | 'activate' | 'retire';
export const ROTATION_STEPS = ['prepare', 'activate', 'retire'] as const satisfies readonly RotationStep[];

export type RotationError =
  | KeyFileError
  | { readonly code: 'nothingPrepared' | 'alreadyPrepared' | 'previousStillValid' };

const publicKeySchema = z.strictObject({ keyId: z.string().max(64), raw: base64UrlSchema.length(43) });

const signingFile = (dir: string, side: Side): string => join(dir, `control-${side}-signing.pem`);
const nextFile = (dir: string, side: Side): string => join(dir, `control-${side}-signing.next.pem`);
const previousFile = (dir: string, side: Side): string => join(dir, `control-${side}-signing.previous.json`);

export function rotateSigningKey(
  dir: string,
  side: Side,
  step: RotationStep,
): Result<readonly ControlKey[], RotationError> {
  switch (step) {
    case 'prepare':
      return prepare(dir, side);
    case 'activate':
      return activate(dir, side);
    case 'retire':
      rmSync(previousFile(dir, side), { force: true });
      return validKeys(dir, side);
  }
}

function prepare(dir: string, side: Side): Result<readonly ControlKey[], RotationError> {
  if (existsSync(nextFile(dir, side))) return err({ code: 'alreadyPrepared' });
  const made = loadOrCreateKeyFile(nextFile(dir, side), 'signing');
  return made.ok ? validKeys(dir, side) : made;
}

function activate(dir: string, side: Side): Result<readonly ControlKey[], RotationError> {
  if (!existsSync(nextFile(dir, side))) return err({ code: 'nothingPrepared' });
  // A third valid key would mean that the one before was never retired: somebody has lost count.
  if (existsSync(previousFile(dir, side))) return err({ code: 'previousStillValid' });
  const signing = loadOrCreateKeyFile(signingFile(dir, side), 'signing');
  if (!signing.ok) return signing;
  const { keyId, publicKeyRaw } = signing.value.key;
  // The public half first: whatever happens between the two, answers already signed can still be checked.
  writeFileSync(previousFile(dir, side), JSON.stringify({ keyId, raw: publicKeyRaw }), { mode: 0o600 });
  renameSync(nextFile(dir, side), signingFile(dir, side));
  return validKeys(dir, side);
}

function validKeys(dir: string, side: Side): Result<readonly ControlKey[], KeyFileError> {
  const signing = loadOrCreateKeyFile(signingFile(dir, side), 'signing');
  if (!signing.ok) return signing;
  const others = otherSigningKeys(dir, side);
  if (!others.ok) return others;
  return ok([{ keyId: signing.value.key.keyId, raw: signing.value.key.publicKeyRaw }, ...others.value]);
}

/** The next key's public half, when one is prepared, and the one before, until it is retired. */
export function otherSigningKeys(dir: string, side: Side): Result<readonly ControlKey[], KeyFileError> {
  const others: ControlKey[] = [];
  if (existsSync(nextFile(dir, side))) {
    const next = loadOrCreateKeyFile(nextFile(dir, side), 'signing');
    if (!next.ok) return next;
    others.push({ keyId: next.value.key.keyId, raw: next.value.key.publicKeyRaw });
  }
  const path = previousFile(dir, side);
  if (existsSync(path)) {
    const previous = publicKeySchema.safeParse(parseJson(readFileSync(path, 'utf8')));
    if (!previous.success) return err({ code: 'keyFileInvalid', path });
    others.push(previous.data);
  }
  return ok(others);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not what this software writes: the schema says so.
    return undefined;
  }
}
