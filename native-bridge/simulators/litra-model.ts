import { LITRA, LITRA_LEAST, litraRefusal, litraReport, readLitra } from '../protocol/litra.ts';

const INVALID_ARGUMENT = 0x02;

/** What is inside a Litra light. HID reports in, reports out by `send`; HID has no far end of a cable that a machine could simulate. */
export class LitraModel {
  readonly #send: (report: Uint8Array) => void;
  readonly #most: number;
  #on = false;
  #lumens = LITRA_LEAST;

  constructor(most: number, send: (report: Uint8Array) => void) {
    this.#most = most;
    this.#send = send;
  }

  /** Lumens that fall on a face; 0 in the dark. */
  get shining(): number {
    return this.#on ? this.#lumens : 0;
  }

  /** Somebody presses the button on its back; the light tells it unasked. */
  pressButton(): void {
    this.#on = !this.#on;
    this.#send(litraReport(0, 0, [Number(this.#on)]));
  }

  powerDown(): void {
    this.#on = false;
  }

  received(report: Uint8Array): void {
    const question = readLitra(report);
    if (question?.kind !== 'answer') return;
    const { functionIndex, tag, parameters } = question;
    const answer = (values: readonly number[]): void => this.#send(litraReport(functionIndex, tag, values));
    const lumens = (parameters[0] ?? 0) * 256 + (parameters[1] ?? 0);
    switch (functionIndex) {
      case LITRA.isOn:
        answer([Number(this.#on)]);
        return;
      case LITRA.switch:
        this.#on = parameters[0] === 1;
        answer([]);
        return;
      case LITRA.lumens:
        answer([this.#lumens >>> 8, this.#lumens & 0xff]);
        return;
      case LITRA.setLumens:
        if (lumens < LITRA_LEAST || lumens > this.#most) {
          this.#send(litraRefusal(report, INVALID_ARGUMENT));
          return;
        }
        this.#lumens = lumens;
        answer([]);
        return;
      default:
        this.#send(litraRefusal(report, INVALID_ARGUMENT));
    }
  }
}
