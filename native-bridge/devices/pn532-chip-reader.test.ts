import { describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { encodePacket, TFI_FROM_CHIP } from '../framing/pn532-frame.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import { chipReaderContract, echoCard } from '../ports/chip-reader.contract.ts';
import type { ChipReaderEvent } from '../ports/chip-reader.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { systemTiming, type Timing } from '../ports/timing.ts';
import { PN532 } from '../protocol/pn532.ts';
import { Pn532Model } from '../simulators/pn532-model.ts';
import { FakeLink } from '../transport/fake-link.ts';
import { CHIP_READER_TIMES, Pn532ChipReader } from './pn532-chip-reader.ts';

const UID = Uint8Array.of(8, 1, 2, 3);
const COMMAND = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c);
const ANSWER = Uint8Array.of(...COMMAND, 0x90, 0x00);

/** An honest chip behind a byte fake; a test may spoil what either side says. */
function fakeReader(timing: Timing, pollMs: number) {
  const fake = new FakeLink();
  const spoil = {
    toHost: (bytes: Uint8Array): readonly Uint8Array[] => [bytes],
    toChip: (bytes: Uint8Array): Uint8Array => bytes,
  };
  const model = new Pn532Model(timing, { apduMs: 0, activationMs: 0 }, (bytes) => fake.say(...spoil.toHost(bytes)));
  fake.reaction = (heard) => {
    model.received(spoil.toChip(heard));
    return null;
  };
  const reader = new Pn532ChipReader({ opener: fake, timing, times: { ...CHIP_READER_TIMES, pollMs } });
  return { fake, spoil, model, reader };
}

chipReaderContract('PN532 driver over a byte fake', () => {
  const { fake, model, reader } = fakeReader(systemTiming, 1);
  return {
    reader,
    present: () => model.presentChip({ card: echoCard, kind: 'typeA', uid: UID }),
    remove: () => model.removeChip(),
    unplug: () => {
      fake.unplug();
      model.powerDown();
    },
    replug: () => fake.plug(),
    end: async () => {
      await reader.close();
      model.powerDown();
    },
  };
});

async function openChannel() {
  const timing = new ManualTiming();
  const bench = fakeReader(timing, 50);
  const events: ChipReaderEvent[] = [];
  bench.reader.subscribe((event) => events.push(event));
  bench.reader.start();
  await timing.advance(50);
  bench.model.presentChip({ card: echoCard, kind: 'typeA', uid: UID });
  const waiting = bench.reader.awaitChip(1_000);
  await timing.advance(200);
  const channel: ApduChannel = unwrap(await waiting);
  const transmit = async () => {
    const transmitted = channel.transmit(COMMAND);
    await timing.advance(20_000);
    return transmitted;
  };
  /** The next chip can be read, whatever happened before: the cause is over and at most 2 s have gone. */
  const recovered = async (): Promise<boolean> => {
    const { spoil } = bench;
    spoil.toHost = (bytes) => [bytes];
    spoil.toChip = (bytes) => bytes;
    await timing.advance(2_000);
    const again = bench.reader.awaitChip(1_000);
    await timing.advance(1_100);
    const opened = await again;
    if (!opened.ok) return false;
    const answer = opened.value.transmit(COMMAND);
    await timing.advance(200);
    return unwrap(await answer).length === ANSWER.length;
  };
  return { ...bench, timing, events, channel, transmit, recovered };
}

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

describe('each single bit flipped', () => {
  // ACK (6 bytes) and answer (15 bytes) of one exchange.
  test.each(['ack', 'answer'])(
    'in the %s: the right answer or an error, never another one, and recovery',
    async (which) => {
      const length = which === 'ack' ? 6 : encodePacket(TFI_FROM_CHIP, Uint8Array.of(0x41, 0, ...ANSWER)).length;
      for (let bit = 0; bit < length * 8; bit += 1) {
        const { spoil, transmit, recovered, reader } = await openChannel();
        let turn = 0;
        spoil.toHost = (bytes) => {
          turn += 1;
          return [turn === (which === 'ack' ? 1 : 2) ? flip(bytes, bit) : bytes];
        };
        const result = await transmit();
        if (result.ok) expect(result.value, `bit ${bit}`).toEqual(ANSWER);
        expect(await recovered(), `bit ${bit}`).toBe(true);
        await reader.close();
      }
    },
  );

  test('in the command: the chip never does something else', async () => {
    const length = encodePacket(0xd4, Uint8Array.of(0x40, 1, ...COMMAND)).length;
    for (let bit = 0; bit < length * 8; bit += 1) {
      const { spoil, transmit, recovered, reader } = await openChannel();
      let turn = 0;
      spoil.toChip = (bytes) => {
        turn += 1;
        return turn === 1 ? flip(bytes, bit) : bytes;
      };
      const result = await transmit();
      if (result.ok) expect(result.value, `bit ${bit}`).toEqual(ANSWER);
      expect(await recovered(), `bit ${bit}`).toBe(true);
      await reader.close();
    }
  });
});

test('half an answer is asked for again', async () => {
  const { spoil, transmit } = await openChannel();
  let turn = 0;
  spoil.toHost = (bytes) => {
    turn += 1;
    return [turn === 2 ? bytes.slice(0, 9) : bytes];
  };
  expect(await transmit()).toEqual({ ok: true, value: ANSWER });
});

test('ACK and answer glued, with noise before them, are read', async () => {
  const { spoil, transmit } = await openChannel();
  const held: number[] = [0x7e, 0x01];
  spoil.toHost = (bytes) => {
    held.push(...bytes);
    return held.length > 10 ? [Uint8Array.from(held.splice(0))] : [];
  };
  expect(await transmit()).toEqual({ ok: true, value: ANSWER });
});

test('every answer byte by byte is the same answer', async () => {
  const { spoil, transmit } = await openChannel();
  spoil.toHost = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await transmit()).toEqual({ ok: true, value: ANSWER });
});

test('silence ends in a timeout, the reader is lost when it stays silent, and is back within 2 s', async () => {
  const { spoil, transmit, events, recovered, channel } = await openChannel();
  spoil.toHost = () => [];
  expect(await transmit()).toMatchObject({ ok: false, error: { code: 'deviceTimeout' } });
  expect(await channel.transmit(COMMAND)).toMatchObject({ ok: false });
  expect(events).toContainEqual({ type: 'lost', reason: 'silent' });
  expect(await recovered()).toBe(true);
});

test('a reader that hangs while nobody uses it is noticed by its heartbeat', async () => {
  const { spoil, timing, events, channel } = await openChannel();
  await timing.advance(0);
  await channel.close();
  spoil.toHost = () => [];
  await timing.advance(3_000);
  expect(events).toContainEqual({ type: 'lost', reason: 'silent' });
});

test('an answer after its timeout is never taken for the answer of another command', async () => {
  const { spoil, timing, channel: before, reader, fake } = await openChannel();
  const late: Uint8Array[] = [];
  spoil.toHost = (bytes) => {
    late.push(Uint8Array.from(bytes));
    return [];
  };
  const first = before.transmit(COMMAND);
  await timing.advance(200);
  expect(await first).toMatchObject({ ok: false, error: { code: 'deviceTimeout' } });
  expect(late.length).toBeGreaterThan(1);
  // The chip's answers of before come all at once, in front of those to the next commands.
  let flushed = false;
  spoil.toHost = (bytes) => {
    if (flushed) return [bytes];
    flushed = true;
    return [...late, bytes];
  };
  const again = reader.awaitChip(3_000);
  await timing.advance(1_000);
  const channel = unwrap(await again);
  const other = Uint8Array.of(0x00, 0xb0, 0x00, 0x01, 0x10);
  const answered = channel.transmit(other);
  await timing.advance(100);
  expect(await answered).toEqual({ ok: true, value: Uint8Array.of(...other, 0x90, 0x00) });
  expect(fake.opened).toBe(1);
});

test('a babbling line for 10 s: a coded error in time, and recovery within 2 s of its end', async () => {
  const { fake, timing, channel, recovered } = await openChannel();
  const honest = fake.reaction;
  fake.reaction = () => null;
  let outcome: object | null = null;
  void channel.transmit(COMMAND).then((result) => {
    outcome = result;
  });
  for (let ms = 0; ms < 10_000; ms += 10) {
    fake.say(new Uint8Array(115).fill(0xff));
    await timing.advance(10);
    // The APDU's time limit and the ACK's, not the end of the babble, end the command.
    if (ms > 4_200) expect(outcome, `after ${ms} ms`).toMatchObject({ ok: false });
  }
  fake.reaction = honest;
  expect(await recovered()).toBe(true);
});

test('unplugged at every byte the chip says in a session: no hang, lost, ready and reading again', async () => {
  const total = 6 + 15;
  for (let cutAt = 0; cutAt <= total; cutAt += 1) {
    const { fake, model, spoil, transmit, events, recovered, reader } = await openChannel();
    let said = 0;
    spoil.toHost = (bytes) => {
      const keep = Math.max(0, Math.min(bytes.length, cutAt - said));
      said += bytes.length;
      if (keep < bytes.length && fake.isOpen) {
        fake.say(bytes.slice(0, keep));
        fake.unplug();
        model.powerDown();
        fake.plug();
        spoil.toHost = (later) => [later];
        return [];
      }
      return [bytes];
    };
    const result = await transmit();
    if (result.ok) expect(result.value).toEqual(ANSWER);
    else
      expect(
        events.map((event) => event.type),
        `cut at ${cutAt}`,
      ).toContain('lost');
    expect(await recovered(), `cut at ${cutAt}`).toBe(true);
    await reader.close();
  }
});

test('something else than a PN532 is not taken for one', async () => {
  const timing = new ManualTiming();
  const { spoil, reader } = fakeReader(timing, 50);
  spoil.toHost = (bytes) =>
    bytes[6] === PN532.getFirmwareVersion + 1
      ? [encodePacket(TFI_FROM_CHIP, Uint8Array.of(3, 0x33, 1, 6, 7))]
      : [bytes];
  reader.start();
  await timing.advance(3_000);
  expect(reader.ready).toBe(false);
  await reader.close();
});
