import type {
  ControlAnswer,
  ControlError,
  ControlReason,
  Notice,
  PrepareRequest,
} from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import type { Result } from '../contract/result.ts';

/** An Ed25519 public key a control signs with. `raw` is the 32-byte key, base64url. */
export interface ControlKey {
  readonly keyId: string;
  readonly raw: string;
}

/**
 * One boundary control as the lane sees it, embedded or on the network. Answers are already checked by the caller's
 * `verifyAnswer` before they count. No method throws; none takes longer than its deadline.
 */
export interface Control {
  readonly side: Side;
  /** `signal` aborts at the request's deadline. */
  prepare(request: PrepareRequest, signal: AbortSignal): Promise<Result<unknown, ControlError>>;
  notify(notice: Notice, idempotencyKey: string, signal: AbortSignal): Promise<Result<void, ControlError>>;
  keys(): Promise<Result<readonly ControlKey[], ControlError>>;
  close(): Promise<void>;
}

/** What only the owning side's officers' console may call. */
export interface ReasonReader {
  readonly side: Side;
  open(answer: ControlAnswer): Result<ControlReason, { readonly code: 'notOurs' | 'undecipherable' }>;
}
