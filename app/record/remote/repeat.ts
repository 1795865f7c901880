import { canonicalText } from '../../crypto/canonical-json.ts';
import type { RecordDoc } from '../record-doc.ts';
import type { OpenRecord } from '../store.ts';
import type { RecordStep } from './wire.ts';

/**
 * Whether a record already holds what a call asks for. Only asked for a repeat after a lost answer: the first try has then
 * been done, and the caller gets the record as it stands instead of a refusal of its own success.
 */
export function openedAlready(doc: RecordDoc, opening: OpenRecord): boolean {
  return (
    doc.recordId === opening.recordId &&
    doc.laneId === opening.laneId &&
    canonicalText(doc.direction) === canonicalText(opening.direction) &&
    opening.documentDigests.every((digest) => doc.documentDigests.includes(digest)) &&
    (opening.profileDigest === null || doc.profileDigest === opening.profileDigest)
  );
}

export function doneAlready(doc: RecordDoc, step: RecordStep): boolean {
  switch (step.step) {
    case 'commit':
      return doc.committedAt !== null;
    case 'append':
      return holdsFact(doc, step.fact);
    case 'end':
      return holdsEnding(doc, step.ending);
  }
}

function holdsFact(doc: RecordDoc, fact: Extract<RecordStep, { step: 'append' }>['fact']): boolean {
  switch (fact.type) {
    case 'identified':
      return (
        doc.state !== 'open' &&
        doc.profileDigest === fact.profileDigest &&
        fact.documentDigests.every((digest) => doc.documentDigests.includes(digest))
      );
    case 'verified':
      return doc.face !== null && same(doc.face, fact.face);
    case 'asked':
      return doc.evidenceDigest === fact.evidenceDigest;
    case 'answered':
      return same(doc.answers[fact.answer.body.side], fact.answer);
    case 'lastDoorReleased':
      return same(doc.lastDoorRelease, { door: fact.door, passagesBefore: fact.passagesBefore });
  }
}

function holdsEnding(doc: RecordDoc, ending: Extract<RecordStep, { step: 'end' }>['ending']): boolean {
  switch (ending.type) {
    case 'passed':
      return doc.state === 'passed';
    case 'refused':
      return doc.state === 'refused' && doc.endCode === ending.owner;
    case 'referred':
      return doc.referral !== null && doc.referral.owner === ending.owner && doc.referral.code === ending.code;
    case 'resolved':
      return (
        doc.state === 'resolved' &&
        same(doc.resolution, { officer: ending.officer, reasonCode: ending.reasonCode }) &&
        doc.endCode === ending.action
      );
    case 'abandoned':
    case 'voided':
      return doc.state === ending.type && doc.endCode === ending.code;
  }
}

function same(a: unknown, b: unknown): boolean {
  return canonicalText(a) === canonicalText(b);
}
