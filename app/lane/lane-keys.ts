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

/** The two keys that the lanes of a port share. */
export interface PortKeys {
  /** Document and profile digests are made with it. */
  readonly portKey: Uint8Array;
  /** Seals what travellers have enrolled. */
  readonly enrolmentKey: Uint8Array;
}

export interface LaneKeys extends PortKeys {
  /** Signs checkpoints and receipts of the lane's own file. */
  readonly signing: SigningKey;
  readonly controls: Readonly<Record<Side, ControlKeys>>;
}

/** Each side's keys lie in a folder of its own, so that they can be moved to that side's own machine. */
export function openLaneKeys(dataFolder: string): Result<LaneKeys, OpenLaneError> {
  const port = openPortKeys(dataFolder);
  if (!port.ok) return port;
  const signing = loadOrCreateKeyFile(laneSigningFile(dataFolder), 'signing');
  const exit = loadControlKeys(join(dataFolder, 'exit'), 'exit');
  const entry = loadControlKeys(join(dataFolder, 'entry'), 'entry');
  for (const loaded of [signing, exit, entry]) {
    if (!loaded.ok) return err({ code: loaded.error.code, detail: loaded.error.path });
  }
  if (!signing.ok || !exit.ok || !entry.ok) return err({ code: 'keyFileFailed', detail: dataFolder });
  return ok({
    ...port.value,
    signing: signing.value.key,
    controls: { exit: exit.value, entry: entry.value },
  });
}

/** Those of this folder, made when there are none yet; the port's other lanes need the same files. */
export function openPortKeys(dataFolder: string): Result<PortKeys, OpenLaneError> {
  const portKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'port-document.hex'), 'secret');
  if (!portKey.ok) return err({ code: portKey.error.code, detail: portKey.error.path });
  const enrolmentKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'enrolment.hex'), 'secret');
  if (!enrolmentKey.ok) return err({ code: enrolmentKey.error.code, detail: enrolmentKey.error.path });
  return ok({ portKey: portKey.value.key, enrolmentKey: enrolmentKey.value.key });
}

export function laneSigningFile(dataFolder: string): string {
  return join(dataFolder, 'keys', 'lane-signing.pem');
}

/** As it stands in `hub.json`, `--lane-keys` and the like. */
export interface PublicKey {
  readonly keyId: string;
  readonly raw: string;
}

export function publicKeyOf({ signingKey }: Pick<ControlKeys, 'signingKey'>): PublicKey {
  return { keyId: signingKey.keyId, raw: signingKey.publicKeyRaw };
}
