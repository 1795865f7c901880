import { type AnswerBody, type ControlReason, controlReasonSchema, type Sealed } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok } from '../contract/result.ts';
import { loadSealingKey, openSealed, type Sealer, type SealingKey } from '../crypto/sealing.ts';
import { reasonContext } from './answer-signing.ts';
import type { ReasonReader } from './control.ts';

/** The public half of the key that the owning side's officers open reasons with. */
export type SealTo = Pick<SealingKey, 'keyId' | 'publicKeyRaw'>;

/** Every reason is sealed at this length: the length of the box must not tell the other side which reason it is (G5). */
const PADDED_BYTES = 512;

type Bound = Pick<AnswerBody, 'side' | 'recordId' | 'evidenceDigest'>;

/** JSON, filled up with blanks, which JSON readers skip. */
export function sealReason(reason: ControlReason, sealer: Pick<Sealer, 'seal'>, bound: Bound): Sealed {
  const plain = Buffer.alloc(PADDED_BYTES, ' ');
  const json = Buffer.from(JSON.stringify(controlReasonSchema.parse(reason)), 'utf8');
  if (json.length > PADDED_BYTES) throw new RangeError('a reason is at most 512 bytes of JSON');
  json.copy(plain);
  return sealer.seal(plain, reasonContext(bound));
}

/**
 * For the owning side's officers' console only. Throws when the PEM is no X25519 private key; `notOurs` for the other
 * side's answers and for those sealed to another key; `undecipherable` for altered ones and those without a reason.
 */
export function openReasonReader(side: Side, sealingPrivateKeyPem: string): ReasonReader {
  const key = loadSealingKey(sealingPrivateKeyPem);
  return {
    side,
    open({ body }) {
      if (body.side !== side) return err({ code: 'notOurs' });
      if (body.reason === null) return err({ code: 'undecipherable' });
      const opened = openSealed(key, body.reason, reasonContext(body));
      if (!opened.ok) return opened;
      const reason = controlReasonSchema.safeParse(parseJson(opened.value));
      return reason.success ? ok(reason.data) : err({ code: 'undecipherable' });
    },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The control sealed something that is no JSON: for the reader the same as nothing.
    return undefined;
  }
}
