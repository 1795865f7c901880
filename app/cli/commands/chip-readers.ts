import { PcscChipReader } from '../../../native-bridge/devices/pcsc-chip-reader.ts';
import { Pn532ChipReader } from '../../../native-bridge/devices/pn532-chip-reader.ts';
import { VpcdChipReader } from '../../../native-bridge/devices/vpcd-chip-reader.ts';
import type { ChipReader } from '../../../native-bridge/ports/chip-reader.ts';
import { systemTiming } from '../../../native-bridge/ports/timing.ts';
import { openPcsc } from '../../../native-bridge/transport/pcsc-mini.ts';
import { eightNoneOne, serialOpener } from '../../../native-bridge/transport/serial-link.ts';
import type { ApduChannel } from '../../documents/chip/apdu-channel.ts';
import { fault, usageFailure } from '../io.ts';

/** High speed UART of the PN532 (NXP UM0701-02 §6.2). */
const PN532_BAUD_RATE = 115_200;
const VIRTUAL_CARD_TIMEOUT_MS = 10_000;
/** A chip may think this long about one APDU; key agreement on old passports takes more than a second. */
const PCSC_TIMEOUT_MS = 10_000;
/** In words a technician can act on; the code goes with them. */
const PCSC_WORDS = {
  pcscNotInstalled: 'the optional package for PC/SC readers is not installed: npm install pcsc-mini',
  pcscServiceAbsent: 'the PC/SC service of this machine does not run (on Debian: apt-get install pcscd)',
} as const;

/** Waits for a chip at a connection string; closing the channel closes the reader as well. */
export async function awaitChipAt(connection: string, waitMs: number): Promise<ApduChannel> {
  const reader = readerFor(connection);
  try {
    reader.start();
    await untilReady(reader, connection, waitMs);
    const chip = await reader.awaitChip(waitMs);
    if (!chip.ok) throw fault(`no chip at ${connection} (${chip.error.code})`);
    const channel = chip.value;
    return {
      maxCommandLength: channel.maxCommandLength,
      maxResponseLength: channel.maxResponseLength,
      transmit: (command) => channel.transmit(command),
      close: async () => {
        await channel.close();
        await reader.close();
      },
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function readerFor(connection: string): ChipReader {
  const split = connection.indexOf(':');
  const [scheme, rest] = [connection.slice(0, Math.max(split, 0)), connection.slice(split + 1)];
  switch (scheme) {
    case 'vpcd': {
      const port = Number(rest);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) throw usageFailure(`not a port: ${rest}`);
      return new VpcdChipReader({
        host: '127.0.0.1',
        port,
        timing: systemTiming,
        apduTimeoutMs: VIRTUAL_CARD_TIMEOUT_MS,
      });
    }
    case 'pn532':
      return new Pn532ChipReader({ opener: serialOpener(rest, eightNoneOne(PN532_BAUD_RATE)), timing: systemTiming });
    case 'pcsc':
      if (rest === '') throw usageFailure('pcsc: needs the name of a reader, or how it begins');
      return new PcscChipReader({
        load: (sink) => openPcsc(sink),
        name: rest,
        timing: systemTiming,
        apduTimeoutMs: PCSC_TIMEOUT_MS,
        extendedLength: false,
      });
    default:
      throw usageFailure(`unknown reader: ${connection}`);
  }
}

function whyOf(reader: ChipReader, reason: string): string {
  const pcsc = reader instanceof PcscChipReader ? reader.lastError : null;
  return pcsc === null ? reason : `${pcsc.code}: ${PCSC_WORDS[pcsc.code]}`;
}

/** A driver looks for its device for ever; a command line gives up, and at once where the port can't be opened at all. */
function untilReady(reader: ChipReader, connection: string, waitMs: number): Promise<void> {
  if (reader.ready) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let reason = 'silent';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      settle();
    };
    const refuse = () => end(() => reject(fault(`the reader ${connection} is not there (${whyOf(reader, reason)})`)));
    const timer = setTimeout(refuse, waitMs);
    const unsubscribe = reader.subscribe((event) => {
      if (event.type === 'ready') end(resolve);
      if (event.type !== 'lost') return;
      reason = event.reason;
      if (event.reason === 'openFailed') refuse();
    });
  });
}
