import { createHash } from 'node:crypto';
import { dhByStandardizedId } from '../../../app/documents/chip/dh-parameters.ts';
import { type AgreementGroup, dhGroup, ecGroup } from '../../../app/documents/chip/key-agreement.ts';
import { chipAuthenticationProtocol, paceProtocol } from '../../../app/documents/chip/pace-protocol-id.ts';
import { readTlv, readTlvs } from '../../../app/documents/lds/ber-tlv.ts';
import { curveByStandardizedId } from '../../../app/documents/lds/crypto/curve.ts';
import { bytesToBigInt, encodeOidValue } from '../../../app/documents/lds/der.ts';
import type { FileName } from '../../../app/documents/lds/files.ts';
import { answerBac } from './card-bac.ts';
import { type Answer, answer, parseCommand, type ReceivedCommand, writeAnswer } from './card-command.ts';
import { type CardFaults, NO_FAULTS } from './card-faults.ts';
import { CardFiles } from './card-files.ts';
import { CardPace } from './card-pace.ts';
import { agreeChipKey, signChallenge } from './card-proofs.ts';
import { CardSession } from './card-session.ts';
import type { DhKeyPair, EcKeyPair, RandomBytes, RsaKeyPair } from './key-pair.ts';

export interface CardOptions {
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  /** `number|digit|birth|digit|expiry|digit` as in ICAO 9303-11 §9.7.2. */
  readonly mrzInformation: string;
  /** Null where the card has no CAN. */
  readonly can: string | null;
  readonly bac: boolean;
  readonly pace: readonly { readonly oid: string; readonly parameterId: number }[];
  readonly chipAuthentication: { readonly oid: string; readonly key: EcKeyPair | DhKeyPair } | null;
  readonly activeAuthentication: EcKeyPair | RsaKeyPair | null;
  readonly random: RandomBytes;
  readonly faults: CardFaults;
}

export const CARD_DEFAULTS = {
  can: null,
  bac: true,
  pace: [],
  chipAuthentication: null,
  activeAuthentication: null,
  faults: NO_FAULTS,
} satisfies Partial<CardOptions>;

const AID = 'a0000002471001';
const MAX_CHAINED_BYTES = 4096;
const MAX_SHORT_ANSWER = 256;

/**
 * An eMRTD that answers APDUs: the card's side of BAC, PACE, secure messaging, chip and active authentication. It is driven by
 * the radio field: `enterField` powers it up, `leaveField` forgets every session.
 */
export class EmrtdCard {
  readonly #options: CardOptions;
  readonly #files: CardFiles;
  #session: CardSession | null = null;
  #challenge: Uint8Array | null = null;
  #pace: CardPace<unknown> | null = null;
  #pendingChipProtocol: string | null = null;
  #rest: Uint8Array | null = null;
  #restSize = 0;
  #chained: Uint8Array = new Uint8Array(0);
  #isPowered = false;

  constructor(options: CardOptions) {
    this.#options = options;
    this.#files = new CardFiles(options.files, options.faults);
  }

  enterField(): void {
    this.leaveField();
    this.#isPowered = true;
  }

  leaveField(): void {
    this.#isPowered = false;
    this.#session = null;
    this.#challenge = null;
    this.#pace = null;
    this.#pendingChipProtocol = null;
    this.#rest = null;
    this.#chained = new Uint8Array(0);
    this.#files.reset();
  }

  /** One command, one answer. Throws where the card is not in the field: a reader bug. */
  transmit(apdu: Uint8Array): Uint8Array {
    if (!this.#isPowered) throw new Error('the card is not in the field');
    const cmd = parseCommand(apdu);
    if (!cmd) return writeAnswer(answer(0x6700));
    if (cmd.ins === 0xc0 && this.#rest) return this.#handOut(this.#rest);
    const result = (cmd.cla & 0x0c) === 0x0c ? this.#answerProtected(cmd) : this.#answerPlain(cmd);
    return this.#limit(result, cmd.isExtended);
  }

  #answerPlain(cmd: ReceivedCommand): Answer {
    // A command in clear ends a session (ICAO 9303-11 §9.8.8); simple simulators keep it.
    if (this.#session && !this.#options.faults.plainErrors) this.#session = null;
    return this.#execute(cmd, false);
  }

  #answerProtected(cmd: ReceivedCommand): Answer {
    const session = this.#session;
    if (!session || this.#options.faults.refusesProtected) return answer(0x6988);
    const plain = session.open(cmd);
    if (!plain) {
      this.#session = null;
      return answer(0x6988);
    }
    const result = this.#execute(plain, true);
    const isError = result.status !== 0x9000 && result.status !== 0x6282;
    const { plainErrors, dropsSessionOnError } = this.#options.faults;
    if (isError && (plainErrors || dropsSessionOnError)) {
      if (dropsSessionOnError) this.#session = null;
      return answer(result.status);
    }
    return session.seal(cmd.ins, result);
  }

  /** Collects a chain (ISO/IEC 7816-4 §5.3.3). PACE marks its steps the same way: there a whole DO'7C' is a step, not a link. */
  #execute(link: ReceivedCommand, isSecured: boolean): Answer {
    const data = Buffer.concat([this.#chained, link.data]);
    this.#chained = new Uint8Array(0);
    const isStep = link.ins === 0x86 && readTlv(data).ok;
    if ((link.cla & 0x10) !== 0 && !isStep) {
      if (data.length > MAX_CHAINED_BYTES) return answer(0x6700);
      this.#chained = data;
      return answer(0x9000);
    }
    return this.#perform({ ...link, data }, isSecured);
  }

  #perform(cmd: ReceivedCommand, isSecured: boolean): Answer {
    switch (cmd.ins) {
      case 0xa4:
        return this.#select(cmd, isSecured);
      case 0xb0:
      case 0xb1:
        return this.#files.read(cmd, isSecured);
      case 0x84:
        this.#challenge = this.#options.random(8);
        return this.#options.bac && this.#files.isApplicationSelected
          ? answer(0x9000, this.#challenge)
          : answer(0x6985);
      case 0x82:
        return this.#authenticateTerminal(cmd.data);
      case 0x22:
        return this.#manageSecurity(cmd, isSecured);
      case 0x86:
        return this.#generalAuthenticate(cmd, isSecured);
      case 0x88:
        return this.#internalAuthenticate(cmd, isSecured);
      default:
        return answer(0x6d00);
    }
  }

  #select(cmd: ReceivedCommand, isSecured: boolean): Answer {
    const wanted = Buffer.from(cmd.data).toString('hex');
    if (cmd.p1 === 0x04) {
      if (wanted !== AID) return answer(0x6a82);
      this.#files.selectApplication();
      return answer(0x9000);
    }
    if (cmd.p1 === 0x00 && (wanted === '3f00' || wanted === '')) {
      this.#files.selectMasterFile();
      return answer(0x9000);
    }
    return cmd.data.length === 2 ? this.#files.select(Number.parseInt(wanted, 16), isSecured) : answer(0x6a86);
  }

  #authenticateTerminal(data: Uint8Array): Answer {
    const challenge = this.#challenge;
    this.#challenge = null;
    if (!challenge || !this.#options.bac) return answer(0x6985);
    const outcome = answerBac(this.#options.mrzInformation, challenge, this.#options.random(16), data);
    if (!outcome) return answer(0x6300);
    this.#session = new CardSession(outcome.keys, this.#options.faults);
    return answer(0x9000, outcome.answer);
  }

  #manageSecurity(cmd: ReceivedCommand, isSecured: boolean): Answer {
    const objects = readTlvs(cmd.data);
    if (!objects.ok) return answer(0x6a80);
    const value = (tag: number) => objects.value.find((object) => object.tag === tag)?.value ?? null;
    const purpose = cmd.p1 * 256 + cmd.p2;
    if (purpose === 0xc1a4) return this.#startPace(value(0x80), value(0x83), value(0x84));
    const chip = this.#options.chipAuthentication;
    if (!chip || !isSecured) return answer(0x6985);
    const isKnown = value(0x80) && Buffer.compare(value(0x80)!, encodeOidValue(chip.oid)) === 0;
    if (purpose === 0x41a4 && isKnown) {
      this.#pendingChipProtocol = chip.oid;
      return answer(0x9000);
    }
    const terminalKey = value(0x91);
    return purpose === 0x41a6 && terminalKey ? this.#agree(terminalKey, answer(0x9000)) : answer(0x6a80);
  }

  #startPace(oid: Uint8Array | null, reference: Uint8Array | null, parameterId: Uint8Array | null): Answer {
    const offers = this.#options.pace.filter((offer) => oid && Buffer.compare(oid, encodeOidValue(offer.oid)) === 0);
    const offer = offers.length > 1 ? offers.find((one) => one.parameterId === parameterId?.[0]) : offers[0];
    const protocol = offer ? paceProtocol(offer.oid) : null;
    const secret = this.#password(reference?.[0]);
    if (!offer || !protocol) return answer(0x6a80);
    if (!secret) return answer(0x6a88);
    const group = (
      protocol.agreement === 'ecdh'
        ? ecGroup(curveByStandardizedId(offer.parameterId)!)
        : dhGroup(dhByStandardizedId(offer.parameterId)!)
    ) as AgreementGroup<unknown>;
    const { random, chipAuthentication } = this.#options;
    const nonceBytes = protocol.cipher === 'AES-192' || protocol.cipher === 'AES-256' ? 32 : 16;
    this.#pace = new CardPace({
      ...protocol,
      group,
      secret,
      random,
      scalar: () => group.randomScalar(random),
      nonce: () => random(nonceBytes),
      chipSecret: chipAuthentication?.key.secret ?? null,
    });
    return answer(0x9000);
  }

  #password(reference: number | undefined): Uint8Array | null {
    const { can, mrzInformation } = this.#options;
    if (reference === 1) return createHash('sha1').update(mrzInformation, 'latin1').digest();
    return reference === 2 && can !== null ? Buffer.from(can, 'latin1') : null;
  }

  #generalAuthenticate(cmd: ReceivedCommand, isSecured: boolean): Answer {
    if (isSecured) {
      const objects = readTlvs(cmd.data);
      const inner = objects.ok && objects.value[0]?.tag === 0x7c ? readTlvs(objects.value[0].value) : null;
      const key = inner?.ok ? inner.value.find(({ tag }) => tag === 0x80)?.value : undefined;
      return key && this.#pendingChipProtocol
        ? this.#agree(key, answer(0x9000, Uint8Array.of(0x7c, 0)))
        : answer(0x6985);
    }
    if (!this.#pace) return answer(0x6985);
    const step = this.#pace.step(cmd.data);
    if (step.keys) {
      this.#session = new CardSession(step.keys, this.#options.faults);
      this.#pace = null;
    }
    return step.answer;
  }

  /** The answer still goes out under the old keys; the new ones hold from the next command on. */
  #agree(terminalKey: Uint8Array, success: Answer): Answer {
    const chip = this.#options.chipAuthentication!;
    const { faults, random } = this.#options;
    // A clone has the certificate's public key and a private key of its own.
    const secret = faults.clonedWithoutKey ? bytesToBigInt(random(16)) : chip.key.secret;
    const keys = agreeChipKey(chip.key, secret, chipAuthenticationProtocol(chip.oid)!.cipher, terminalKey);
    this.#pendingChipProtocol = null;
    if (!keys) return answer(0x6a80);
    this.#nextSession = new CardSession(keys, faults);
    return success;
  }

  #nextSession: CardSession | null = null;

  #internalAuthenticate(cmd: ReceivedCommand, isSecured: boolean): Answer {
    const { activeAuthentication, faults, random } = this.#options;
    if (!activeAuthentication || !isSecured) return answer(0x6d00);
    if (cmd.data.length !== 8) return answer(0x6700);
    const signature = signChallenge(activeAuthentication, cmd.data, random);
    return answer(0x9000, faults.clonedWithoutKey ? random(signature.length) : signature);
  }

  #limit(result: Answer, isExtended: boolean): Uint8Array {
    if (this.#nextSession) {
      this.#session = this.#nextSession;
      this.#nextSession = null;
    }
    const bytes = writeAnswer(result);
    const { chunkedAnswers } = this.#options.faults;
    this.#restSize = Math.min(chunkedAnswers || bytes.length, isExtended ? bytes.length : MAX_SHORT_ANSWER);
    return result.data.length <= this.#restSize ? bytes : this.#handOut(bytes);
  }

  /** The first part of a long answer, and how much is left. */
  #handOut(bytes: Uint8Array): Uint8Array {
    const size = this.#restSize;
    const left = bytes.length - 2;
    if (left <= size) {
      this.#rest = null;
      return bytes;
    }
    this.#rest = bytes.subarray(size);
    return writeAnswer(answer(0x6100 + Math.min(left - size, 255), bytes.subarray(0, size)));
  }
}
