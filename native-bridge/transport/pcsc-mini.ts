import { err, ok, type Result } from '../../app/contract/result.ts';
import type { PcscCard, PcscError, PcscService, PcscSink } from './pcsc.ts';

/**
 * Optional: `npm install pcsc-mini` where a lane has a PC/SC reader. Prebuilt on Node-API, without any dependency; imported by a name
 * that no bundler follows, so that everything else runs without it.
 */
const PACKAGE: string = 'pcsc-mini';

// Numbers of the PC/SC specification (winscard.h).
const SHARE_EXCLUSIVE = 1;
const RESET_CARD = 1;
const STATE_PRESENT = 0x20;
const STATE_MUTE = 0x200;
/** Extended APDUs: 4 + 3 + 65536 + 3 and the status word. */
const RESPONSE_BUFFER = 65_548;

/** As far as we use it; asked for at run time, because its types are not there to be compiled against. */
interface PcscMini {
  Client: new () => MiniClient;
}
interface MiniClient {
  on(event: 'reader', listener: (reader: MiniReader) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  start(): unknown;
  stop(): void;
}
interface MiniReader {
  name(): string;
  on(event: 'change', listener: (status: { readonly raw: number }) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  connect(mode: number): Promise<MiniCard>;
}
interface MiniCard {
  transmit(command: Uint8Array, output: ArrayBuffer): Promise<Uint8Array>;
  disconnect(disposition: number): Promise<void>;
}

function isPcscMini(loaded: unknown): loaded is PcscMini {
  return typeof loaded === 'object' && loaded !== null && 'Client' in loaded && typeof loaded.Client === 'function';
}

async function loadPackage(name: string): Promise<PcscMini | null> {
  try {
    const loaded: unknown = await import(name);
    return isPcscMini(loaded) ? loaded : null;
  } catch {
    // Not installed, or no binary for this machine in it.
    return null;
  }
}

/** The system's PC/SC service through pcsc-mini. */
export async function openPcsc(sink: PcscSink, packageName = PACKAGE): Promise<Result<PcscService, PcscError>> {
  const pcsc = await loadPackage(packageName);
  if (pcsc === null) return err({ code: 'pcscNotInstalled' });
  const client = new pcsc.Client();
  client.on('reader', (reader) => watch(reader, sink));
  client.on('error', () => sink.failed());
  try {
    client.start();
  } catch {
    return err({ code: 'pcscServiceAbsent' });
  }
  return ok({
    stop: () => {
      try {
        client.stop();
      } catch {
        // The service ended before us.
      }
    },
  });
}

function watch(reader: MiniReader, sink: PcscSink): void {
  const name = reader.name();
  reader.on('change', ({ raw }) => sink.chip(name, (raw & STATE_PRESENT) !== 0 && (raw & STATE_MUTE) === 0));
  reader.on('disconnect', () => sink.readerGone(name));
  sink.readerCame({ name, connect: async () => cardOf(await reader.connect(SHARE_EXCLUSIVE)) });
}

function cardOf(card: MiniCard): PcscCard {
  const output = new ArrayBuffer(RESPONSE_BUFFER);
  return {
    // A copy: the next answer comes into the same buffer.
    transmit: async (command) => Uint8Array.from(await card.transmit(command, output)),
    disconnect: () => card.disconnect(RESET_CARD),
  };
}
