import { err, ok } from '../../app/contract/result.ts';
import type { LinkSink } from './byte-link.ts';
import type { HidLink, HidOpener } from './hid-link.ts';

/** A HID device made of a test: keeps what it is sent, answers feature reads from `feature`, gives input reports with `say`. */
export class FakeHid implements HidOpener {
  readonly name = 'fake-hid';
  readonly sentFeatures: Uint8Array[] = [];
  /** What a feature read gives; null refuses it, undefined never answers. */
  feature: (reportId: number, length: number) => Uint8Array | null | undefined = () => null;
  onFeature: (report: Uint8Array) => void = () => {};
  /** Hears output reports; it may answer by `say` at once. */
  onReport: (report: Uint8Array) => void = () => {};
  #sink: LinkSink | null = null;
  #plugged = true;

  open(sink: LinkSink): ReturnType<HidOpener['open']> {
    if (!this.#plugged) return Promise.resolve(err({ code: 'openFailed', cause: 'absent' }));
    this.#sink = sink;
    const link: HidLink = {
      write: (report) => {
        if (this.#sink !== sink) return Promise.resolve(err({ code: 'linkClosed' }));
        this.onReport(report.slice());
        return Promise.resolve(ok());
      },
      sendFeature: (report) => {
        if (this.#sink !== sink) return Promise.resolve(err({ code: 'linkClosed' }));
        this.sentFeatures.push(report.slice());
        this.onFeature(report);
        return Promise.resolve(ok());
      },
      getFeature: (reportId, length) => {
        const report = this.#sink === sink ? this.feature(reportId, length) : null;
        if (report === undefined) return new Promise(() => {});
        return Promise.resolve(report === null ? err({ code: 'writeFailed' }) : ok(report));
      },
      close: () => {
        if (this.#sink === sink) this.#sink = null;
        return Promise.resolve();
      },
    };
    return Promise.resolve(ok(link));
  }

  say(report: Uint8Array): void {
    this.#sink?.received(report);
  }

  unplug(): void {
    this.#plugged = false;
    const sink = this.#sink;
    this.#sink = null;
    sink?.closed();
  }

  plug(): void {
    this.#plugged = true;
  }
}
