/**
 * Why a device is not there. The same word stands in the driver, the audit line, the console and the manual.
 * - `openFailed`: the port is absent, busy or not permitted
 * - `unplugged`: it was open and went away
 * - `silent`: it is plugged in and does not answer
 * - `garbled`: it answers, but nothing that can be understood
 * - `writeFailed`: it does not take what we send
 * - `flapping`: it comes and goes too often and was taken out of service
 */
export type LostReason = 'openFailed' | 'unplugged' | 'silent' | 'garbled' | 'writeFailed' | 'flapping';

/**
 * What a verb of a device can answer instead of success. Expected, therefore a value and never an exception.
 * - `deviceClosed`: `close()` was called; nothing will come any more
 * - `deviceLost`: there is no device at this moment; the driver keeps looking for it
 * - `deviceTimeout`: the device took the command and did not answer in time, also not when asked again
 * - `deviceRejected`: the device understood and said no; `detail` is its own code (Modbus exception, PN532 status, status word)
 * - `deviceGarbled`: an answer came that is none to this command
 * - `deviceBusy`: too many commands wait already; nothing was sent
 * - `requestInvalid`: the caller asked for something the device can't do; a bug or a wrong lane profile
 * - `chipLost`: the chip left the field in the middle
 */
export type DeviceError =
  | { readonly code: 'deviceClosed' }
  | { readonly code: 'deviceLost'; readonly reason: LostReason }
  | { readonly code: 'deviceTimeout'; readonly timeoutMs: number }
  | { readonly code: 'deviceRejected'; readonly detail: number }
  | { readonly code: 'deviceGarbled' }
  | { readonly code: 'deviceBusy' }
  | { readonly code: 'requestInvalid'; readonly what: string }
  | { readonly code: 'chipLost' };
