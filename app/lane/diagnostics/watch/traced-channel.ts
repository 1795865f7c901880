import type { ApduChannel } from '../../../documents/chip/apdu-channel.ts';
import type { Trace } from './trace.ts';

/**
 * A chip's channel whose commands stand in the trace by instruction and length. What goes over it is somebody's passport, and
 * before secure messaging has begun not even encrypted: no byte of it is written down.
 */
export function tracedChannel(channel: ApduChannel, trace: Trace): ApduChannel {
  return {
    maxCommandLength: channel.maxCommandLength,
    maxResponseLength: channel.maxResponseLength,
    transmit: async (command) => {
      const startedAt = performance.now();
      const answered = await channel.transmit(command);
      trace.add('chipReader', 'out', 'apdu', {
        instruction: command[1] ?? 0,
        sent: command.length,
        received: answered.ok ? answered.value.length : 0,
        answer: answered.ok ? 'ok' : answered.error.code,
        ms: performance.now() - startedAt,
      });
      return answered;
    },
    close: () => channel.close(),
  };
}
