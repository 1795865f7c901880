import { ok, type Result } from '../../app/contract/result.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { ChipReader, ChipReaderEvent } from '../ports/chip-reader.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { Unsubscribe } from '../ports/event-source.ts';
import type { Timing } from '../ports/timing.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** A chip reader whose APDUs are timed; otherwise the one inside. */
export class MeasuredChipReader implements ChipReader {
  readonly #inner: ChipReader;
  readonly #latency: LatencyHistogram;
  readonly #timing: Timing;

  constructor(inner: ChipReader, latency: LatencyHistogram, timing: Timing) {
    this.#inner = inner;
    this.#latency = latency;
    this.#timing = timing;
  }

  get ready(): boolean {
    return this.#inner.ready;
  }

  subscribe(listener: (event: ChipReaderEvent) => void): Unsubscribe {
    return this.#inner.subscribe(listener);
  }

  start(): void {
    this.#inner.start();
  }

  async awaitChip(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    const opened = await this.#inner.awaitChip(timeoutMs);
    if (!opened.ok) return opened;
    const channel = opened.value;
    return ok({
      maxCommandLength: channel.maxCommandLength,
      maxResponseLength: channel.maxResponseLength,
      transmit: async (command) => {
        const startedAt = this.#timing.now();
        const answer = await channel.transmit(command);
        this.#latency.add(this.#timing.now() - startedAt);
        return answer;
      },
      close: () => channel.close(),
    });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
