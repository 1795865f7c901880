import { expect, test } from 'vitest';
import { mrzInformation } from '../../../app/documents/chip/access-key.ts';
import { dhByStandardizedId } from '../../../app/documents/chip/dh-parameters.ts';
import { type AgreementGroup, dhGroup, ecGroup } from '../../../app/documents/chip/key-agreement.ts';
import { paceProtocol } from '../../../app/documents/chip/pace-protocol-id.ts';
import * as examples from '../../../app/documents/chip/worked-examples.ts';
import { curveByStandardizedId } from '../../../app/documents/lds/crypto/curve.ts';
import { digest } from '../../../app/documents/lds/crypto/digest.ts';
import { modPow } from '../../../app/documents/lds/crypto/mod-pow.ts';
import { CARD_DEFAULTS, EmrtdCard } from './card.ts';
import { parseCommand } from './card-command.ts';
import { CardPace } from './card-pace.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex').toUpperCase();
const number = (text: string): bigint => BigInt(`0x${text}`);

test('the card alone plays its part of appendices D.3 and D.4 byte for byte', () => {
  const { BAC } = examples;
  const script = [bytes(BAC.chipNonce), bytes(BAC.chipKeyShare)];
  const card = new EmrtdCard({
    ...CARD_DEFAULTS,
    files: new Map([['COM', bytes(BAC.efCom)]]),
    mrzInformation: 'L898902C<369080619406236',
    random: () => script.shift()!,
  });
  card.enterField();
  expect(hex(card.transmit(bytes('00A4040C07A0000002471001')))).toBe('9000');
  for (const [command, response] of BAC.transcript) {
    expect(hex(card.transmit(bytes(command)))).toBe(hex(bytes(response)));
  }
});

test.each([
  [examples.PACE_ECDH_GENERIC, ecGroup(curveByStandardizedId(13)!) as AgreementGroup<unknown>, null],
  [examples.PACE_DH_GENERIC, dhGroup(dhByStandardizedId(0)!) as AgreementGroup<unknown>, null],
  [examples.PACE_CHIP_AUTHENTICATION, ecGroup(curveByStandardizedId(13)!) as AgreementGroup<unknown>, 'derive'],
] as const)('the card alone plays its part of $name', (example, group, chip) => {
  const scalars = example.chipScalars.map(number);
  const { n } = curveByStandardizedId(13)!.parameters;
  // The static key of I.1 is not printed; mapping scalar divided by the printed chip data gives it.
  const data = number(examples.PACE_CHIP_AUTHENTICATION.chipData);
  const chipSecret = chip ? (scalars[0]! * modPow(data, n - 2n, n)) % n : null;
  const pace = new CardPace({
    ...paceProtocol(example.oid)!,
    group,
    secret: digest('SHA-1', new TextEncoder().encode(mrzInformation(example.key))),
    random: () => new Uint8Array(0),
    scalar: () => scalars.shift()!,
    nonce: () => bytes(example.chipNonce),
    chipSecret,
  });
  for (const [command, response] of example.transcript.slice(1)) {
    const step = pace.step(parseCommand(bytes(command))!.data);
    const printed = hex(bytes(response)).slice(0, -4);
    // In G.2 the chip adds its certificate authority reference, DO'87', which this card has none of.
    const expected = printed.startsWith('7C1B8608') ? `7C0A${printed.slice(4, 24)}` : printed;
    expect(hex(step.answer.data)).toBe(expected);
    if (step.keys) {
      expect(hex(step.keys.encryption)).toBe(example.sessionEncryption);
      expect(hex(step.keys.mac)).toBe(example.sessionMac);
    }
  }
});
