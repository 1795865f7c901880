import { join } from 'node:path';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ControlKeys, loadControlKeys } from '../controls/embedded/control-keys.ts';
import { loadOrCreateKeyFile } from '../crypto/key-files.ts';
import type { SigningKey } from '../crypto/signing.ts';

export interface OpenLaneError {
  readonly code: string;
  readonly detail: string;
}

export interface LaneKeys {
  /** Shared by the lanes of a port: document and profile digests are made with it. */
  readonly portKey: Uint8Array;
  readonly enrolmentKey: Uint8Array;
  /** Signs checkpoints and receipts of the lane's own file. */
  readonly signing: SigningKey;
  readonly controls: Readonly<Record<Side, ControlKeys>>;
}

/** Each side's keys lie in a folder of its own, so that they can be moved to that side's own machine. */
export function openLaneKeys(dataFolder: string): Result<LaneKeys, OpenLaneError> {
  const portKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'port-document.hex'), 'secret');
  const enrolmentKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'enrolment.hex'), 'secret');
  const signing = loadOrCreateKeyFile(laneSigningFile(dataFolder), 'signing');
  const exit = loadControlKeys(join(dataFolder, 'exit'), 'exit');
  const entry = loadControlKeys(join(dataFolder, 'entry'), 'entry');
  for (const loaded of [portKey, enrolmentKey, signing, exit, entry]) {
    if (!loaded.ok) return err({ code: loaded.error.code, detail: loaded.error.path });
  }
  if (!portKey.ok || !enrolmentKey.ok || !signing.ok || !exit.ok || !entry.ok)
    return err({ code: 'keyFileFailed', detail: dataFolder });
  return ok({
    portKey: portKey.value.key,
    enrolmentKey: enrolmentKey.value.key,
    signing: signing.value.key,
    controls: { exit: exit.value, entry: entry.value },
  });
}

export function laneSigningFile(dataFolder: string): string {
  return join(dataFolder, 'keys', 'lane-signing.pem');
}

export function publicKeyOf({ signingKey }: Pick<ControlKeys, 'signingKey'>): { keyId: string; raw: string } {
  return { keyId: signingKey.keyId, raw: signingKey.publicKeyRaw };
}
