import type { Result } from '../../app/contract/result.ts';
import type { ByteLink, LinkOpener, LinkSink, OpenError, WriteError } from './byte-link.ts';

/** An open HID device: input reports come through the sink, one a call, with their report id first where the device numbers them. */
export interface HidLink extends ByteLink {
  sendFeature(report: Uint8Array): Promise<Result<void, WriteError>>;
  /** The report with its id in front, `length` bytes with it. */
  getFeature(reportId: number, length: number): Promise<Result<Uint8Array, WriteError>>;
}

/** What `node-hid` and the fake both fill. */
export interface HidOpener extends LinkOpener {
  open(sink: LinkSink): Promise<Result<HidLink, OpenError>>;
}
