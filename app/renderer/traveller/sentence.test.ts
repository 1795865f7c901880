import { expect, it } from 'vitest';
import { helpKey, sentenceKey } from './sentence.ts';

it('says what was wrong with a document only while it is asked for again', () => {
  const again = { step: 'documentAgain', hint: null, documentAdvice: 'wrongSide' } as const;
  expect(sentenceKey(again)).toBe('advice.wrongSide.title');
  expect(helpKey(again)).toBe('advice.wrongSide.help');
  expect(sentenceKey({ ...again, documentAdvice: null })).toBe('steps.documentAgain.title');
  expect(sentenceKey({ ...again, step: 'seeOfficer', documentAdvice: 'unreadable' })).toBe('steps.seeOfficer.title');
});

it('says a hint while somebody looks, and nowhere else', () => {
  expect(sentenceKey({ step: 'lookHere', hint: 'turnLeft', documentAdvice: null })).toBe('hints.turnLeft');
  expect(helpKey({ step: 'lookHere', hint: 'turnLeft', documentAdvice: null })).toBe('afterMovement');
  expect(helpKey({ step: 'lookHere', hint: 'comeCloser', documentAdvice: null })).toBe('steps.lookHere.help');
  expect(sentenceKey({ step: 'pleaseWait', hint: 'turnLeft', documentAdvice: null })).toBe('steps.pleaseWait.title');
});
