import { Pn532ChipReader } from '../../../native-bridge/devices/pn532-chip-reader.ts';
import { systemTiming } from '../../../native-bridge/ports/timing.ts';
import { eightNoneOne, serialOpener } from '../../../native-bridge/transport/serial-link.ts';
import type { ApduChannel } from '../../documents/chip/apdu-channel.ts';
import { fault } from '../io.ts';

/** High speed UART of the PN532 (NXP UM0701-02 §6.2). */
const BAUD_RATE = 115_200;

/** Waits for a chip on a PN532 at a serial port; closing the channel closes the reader as well. */
export async function awaitChipOnPn532(path: string, waitMs: number): Promise<ApduChannel> {
  const reader = new Pn532ChipReader({ opener: serialOpener(path, eightNoneOne(BAUD_RATE)), timing: systemTiming });
  reader.start();
  await untilReady(reader, waitMs);
  const chip = await reader.awaitChip(waitMs);
  if (!chip.ok) {
    await reader.close();
    throw fault(`no chip at ${path} (${chip.error.code})`);
  }
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
}

/** The driver keeps looking for its device; a command line gives up after a while and says why. */
function untilReady(reader: Pn532ChipReader, waitMs: number): Promise<void> {
  if (reader.ready) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let reason = 'silent';
    const timer = setTimeout(() => {
      unsubscribe();
      void reader.close();
      reject(fault(`the chip reader is not there (${reason})`));
    }, waitMs);
    const unsubscribe = reader.subscribe((event) => {
      if (event.type === 'lost') reason = event.reason;
      if (event.type !== 'ready') return;
      clearTimeout(timer);
      unsubscribe();
      resolve();
    });
  });
}
