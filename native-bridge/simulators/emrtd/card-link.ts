import { err, ok } from '../../../app/contract/result.ts';
import type { ApduChannel } from '../../ports/apdu-channel.ts';
import type { CardSimulator } from '../card-simulator.ts';
import type { EmrtdCard } from './card.ts';

export interface LinkOptions {
  readonly maxCommandLength: number;
  readonly maxResponseLength: number;
  /** Milliseconds that one exchange takes; 0 for none. */
  readonly exchangeMs: (bytesSent: number, bytesReceived: number) => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The chip leaves the field once so many bytes have gone over, both ways; null for never. */
  readonly tornAfterBytes: number | null;
}

export const INSTANT_LINK: LinkOptions = {
  maxCommandLength: 261,
  maxResponseLength: 258,
  exchangeMs: () => 0,
  sleep: async () => undefined,
  tornAfterBytes: null,
};

/**
 * Time of one exchange on an ISO/IEC 14443-4 link: every byte has 9 bits on the air at type A (parity), each block of up to 256
 * bytes has 3 bytes of frame around it, and `turnaroundMs` covers frame delay and reader.
 */
export function radioLinkMs(kbitPerSecond: number, turnaroundMs: number): LinkOptions['exchangeMs'] {
  return (sent, received) => {
    const framed = (bytes: number) => bytes + 3 * Math.max(1, Math.ceil(bytes / 253));
    return ((framed(sent) + framed(received)) * 9) / kbitPerSecond + turnaroundMs;
  };
}

/** The reader's view of a card in the field: an APDU channel that takes the time of a radio link and can tear. */
export function cardChannel(card: EmrtdCard, options: LinkOptions = INSTANT_LINK): ApduChannel {
  let bytes = 0;
  let isClosed = false;
  card.enterField();
  return {
    maxCommandLength: options.maxCommandLength,
    maxResponseLength: options.maxResponseLength,
    transmit: async (command) => {
      if (isClosed) return err({ code: 'deviceClosed' });
      const response = card.transmit(command);
      bytes += command.length + response.length;
      if (options.tornAfterBytes !== null && bytes > options.tornAfterBytes) {
        card.leaveField();
        isClosed = true;
        return err({ code: 'chipLost' });
      }
      const ms = options.exchangeMs(command.length, response.length);
      if (ms > 0) await options.sleep(ms);
      return ok(response);
    },
    close: async () => {
      isClosed = true;
      card.leaveField();
    },
  };
}

/** The same card as reader simulators carry it: in the field, and powered up anew by each activation. */
export function inField(card: EmrtdCard): CardSimulator {
  card.enterField();
  return { transmit: async (command) => card.transmit(command), reset: () => card.enterField() };
}
