import { addDays, ageOn, dateRange } from './calendar.ts';
import { finding, NOTHING, type Rule } from './finding.ts';

/** The side takes this kind of document from this issuing state, and it is valid on the day of crossing. */
export const judgeDocument: Rule = ({ documents }, { document, today }) => {
  const ofKind = documents.accepted.filter((entry) => entry.kind === document.kind);
  if (ofKind.length === 0) return finding(documents.otherwise, 'documentKindNotAccepted', 'documents.accepted');
  const entry = ofKind.find(({ issuingStates }) => includesState(issuingStates, document.issuingState));
  if (entry === undefined) return finding(documents.otherwise, 'issuingStateNotAccepted', 'documents.accepted');
  const rule = `documents.accepted.${document.kind}`;
  // Unknown parts are read against the holder: the earliest day the date can mean.
  const expiry = dateRange(document.expiryDate)?.first;
  if (expiry === undefined) return finding(documents.otherwise, 'documentDateInvalid', rule);
  if (expiry < today) return finding(documents.otherwise, 'documentExpired', rule);
  if (expiry < addDays(today, entry.minimumValidityDays)) {
    return finding(documents.otherwise, 'documentValidityTooShort', rule);
  }
  return NOTHING;
};

/** Old enough, and for children: known to be tall enough for the lane's sensors. */
export const judgeAge: Rule = ({ age }, { document, enrolment, today }) => {
  // The latest day of birth the date can mean makes the youngest person.
  const born = dateRange(document.birthDate)?.last;
  if (born === undefined) return finding(age.otherwise, 'documentDateInvalid', 'age.minimumYears');
  const years = ageOn(born, today);
  if (years < age.minimumYears) return finding(age.otherwise, 'tooYoung', 'age.minimumYears');
  if (years < age.heightFlagBelowYears && enrolment?.tallEnough !== true) {
    return finding(age.otherwise, 'heightNotConfirmed', 'age.heightFlagBelowYears');
  }
  return NOTHING;
};

function includesState(accepted: readonly string[], state: string): boolean {
  return accepted.includes('*') || accepted.includes(state);
}
