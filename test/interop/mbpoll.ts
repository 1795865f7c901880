import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { LOT_TURNSTILE } from '../../native-bridge/protocol/turnstile-map.ts';
import { LaneControllerSimulator } from '../../native-bridge/simulators/lane-controller-simulator.ts';
import { commandMissing, expectMatch, type Partner, speakTo } from './partner.ts';

/** A Modbus master on libmodbus reads and steers our simulated doors. */
export const mbpoll: Partner = {
  name: 'mbpoll',
  proves: 'our lane controller simulator, against a master on libmodbus',
  packages: ['mbpoll'],
  missing: () => Promise.resolve(commandMissing('mbpoll')),
  async run() {
    const lane = new LaneControllerSimulator({
      linkPath: null,
      timing: systemTiming,
      map: LOT_TURNSTILE,
      doorCount: 3,
      travelMs: 0,
    });
    const poll = async (
      unit: number,
      reference: number,
      rest: readonly string[],
      wantedCode: number,
    ): Promise<string> => {
      const options = [
        '-m',
        'rtu',
        '-a',
        String(unit),
        '-b',
        '9600',
        '-P',
        'none',
        '-t',
        '4',
        '-0',
        '-1',
        '-o',
        '0.5',
        '-r',
        String(reference),
      ];
      const { code, output } = await speakTo('mbpoll', [...options, ...rest], {}, 10_000);
      if (code !== wantedCode) throw new Error(`mbpoll ended with ${code}, not ${wantedCode}:\n${output}`);
      return output;
    };
    try {
      expectMatch(
        await poll(1, 0x40, ['-c', '9', lane.path], 0),
        /\[64\]:\s+0[\s\S]*\[72\]:\s+0/,
        'nine registers of a shut door',
      );
      await poll(2, LOT_TURNSTILE.grantForward, [lane.path, '1'], 0);
      if (!lane.door(2).openForward || lane.door(1).openForward)
        throw new Error('mbpoll wrote a grant to door 2, and door 2 alone is not open');
      await poll(1, LOT_TURNSTILE.grantForward, [lane.path, '1'], 0);
      await lane.walkIn(1);
      expectMatch(
        await poll(1, 0x44, ['-c', '2', lane.path], 0),
        /\[68\]:\s+1\n\[69\]:\s+0/,
        'the counter, low word first',
      );
      await poll(1, LOT_TURNSTILE.lamps.green, [lane.path, ...LOT_TURNSTILE.lamps.on.map(String)], 0);
      if (lane.door(1).lamp !== 'green')
        throw new Error(`the lamp is ${lane.door(1).lamp} after three registers written at once`);
      expectMatch(
        await poll(1, 0x999, ['-c', '1', lane.path], 1),
        /[Ii]llegal data address/,
        'the exception for an unknown register',
      );
      expectMatch(await poll(9, 0x40, ['-c', '1', lane.path], 1), /timed out/, 'silence of a unit that is not there');
      return 'read 9 registers, opened doors, read a counter, set a lamp, got the exception and the silence';
    } finally {
      lane.close();
    }
  },
};
