import { join } from 'node:path';
import type { Side } from '../../contract/crossing.ts';
import { ok, type Result } from '../../contract/result.ts';
import { type KeyFileError, loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import type { ControlKey } from '../control.ts';
import type { SealTo } from '../reason.ts';
import { otherSigningKeys } from './key-rotation.ts';

export interface ControlKeys {
  readonly signingKey: SigningKey;
  /** Valid beside it while keys are being changed: see `key-rotation.ts`. */
  readonly alsoValid: readonly ControlKey[];
  readonly sealTo: SealTo;
  /** For `openReasonReader`; where officers sit at another machine, the file belongs there and not here. */
  readonly sealingPem: string;
  readonly secret: Uint8Array;
  /** Names of the files that this call made, for `keyCreated` audit lines. */
  readonly created: readonly string[];
}

/** One side's keys below `dir`, made at first start: `control-{side}-signing.pem`, `-sealing.pem`, `-secret.hex`. */
export function loadControlKeys(dir: string, side: Side): Result<ControlKeys, KeyFileError> {
  const file = (name: string): string => join(dir, `control-${side}-${name}`);
  const signing = loadOrCreateKeyFile(file('signing.pem'), 'signing');
  if (!signing.ok) return signing;
  const sealing = loadOrCreateKeyFile(file('sealing.pem'), 'sealing');
  if (!sealing.ok) return sealing;
  const secret = loadOrCreateKeyFile(file('secret.hex'), 'secret');
  if (!secret.ok) return secret;
  const { keyId, publicKeyRaw } = sealing.value.key;
  const alsoValid = otherSigningKeys(dir, side);
  if (!alsoValid.ok) return alsoValid;
  return ok({
    signingKey: signing.value.key,
    alsoValid: alsoValid.value,
    sealTo: { keyId, publicKeyRaw },
    sealingPem: sealing.value.pem,
    secret: secret.value.key,
    created: [signing.value, sealing.value, secret.value].filter(({ created }) => created).map(({ path }) => path),
  });
}
