/** One exhaustive run of the model checker. */
export interface Check {
  readonly guarantee: 'G1' | 'G2' | 'G3' | 'G4';
  /** What is asked, in a few words. */
  readonly question: string;
  readonly model: 'crossing.pml' | 'claims.pml';
  /** Preprocessor switches of the model. */
  readonly defines: readonly string[];
  /** A promise about time (LTL under weak fairness) instead of assertions. */
  readonly liveness: boolean;
}

/** A change of the model that must break its guarantee: a checker that does not find it proves nothing. */
export interface Mutation extends Check {
  readonly change: string;
  /** Set where the product is as the mutation has it today, with the file to look at. Caught all the same. */
  readonly asBuiltIn: string | null;
}

interface Faults {
  readonly crashes: number;
  readonly failures: number;
  readonly liveness?: boolean;
  /** Whether the controls are told anything: left out where nothing told to them is asked about. */
  readonly notices?: boolean;
}

const crossing = (
  guarantee: 'G1' | 'G2' | 'G4',
  question: string,
  { crashes, failures, liveness = false, notices = true }: Faults,
): Check => ({
  guarantee,
  question: `${question}; kills ${crashes}, failed store calls ${failures}`,
  model: 'crossing.pml',
  defines: [
    guarantee,
    `CRASHES=${crashes}`,
    `FAILURES=${failures}`,
    ...(liveness ? ['LTL'] : []),
    ...(notices ? [] : ['NO_NOTICES']),
  ],
  liveness,
});

const claims = (question: string, defines: readonly string[]): Check => ({
  guarantee: 'G3',
  question,
  model: 'claims.pml',
  defines: ['G3', ...defines],
  liveness: false,
});

const DOOR = 'the last door stands open only for a live record with two valid clears that is committed on disk';
const TOGETHER =
  'exit and entry are recorded together, at the home always, at both controls in the end, never silently';
const ENDS = 'every record ends as the door counted, no door opens by itself';
const ENDS_COUNTED = `${ENDS}, nothing counts twice`;

export const PROPERTIES: readonly Check[] = [
  crossing('G1', DOOR, { crashes: 2, failures: 0, notices: false }),
  crossing('G1', DOOR, { crashes: 1, failures: 1, notices: false }),
  crossing('G2', TOGETHER, { crashes: 2, failures: 0 }),
  crossing('G2', TOGETHER, { crashes: 1, failures: 1 }),
  crossing('G2', 'both controls come to agree for ever', { crashes: 1, failures: 0, liveness: true }),
  claims('no document and no profile has two live records; four records at once', ['RECORDS=4']),
  claims('the same with claims in two steps', ['RECORDS=4', 'B_CLAIMS_IN_TWO_STEPS']),
  claims('of two at the same instant one goes on', ['RECORDS=2', 'ONE_GOES_ON']),
  crossing('G4', ENDS, { crashes: 2, failures: 0, notices: false }),
  crossing('G4', ENDS_COUNTED, { crashes: 1, failures: 1 }),
  crossing('G4', 'a live record is ended, whatever crashes', {
    crashes: 1,
    failures: 0,
    liveness: true,
    notices: false,
  }),
];

const mutate = (check: Check, name: string, change: string, asBuiltIn: string | null = null): Mutation => ({
  ...check,
  defines: [...check.defines, name],
  change,
  asBuiltIn,
});

const ONE_KILL = { crashes: 1, failures: 0 } as const;
const g1 = crossing('G1', DOOR, { ...ONE_KILL, notices: false });
const g2 = crossing('G2', TOGETHER, ONE_KILL);
const g4 = crossing('G4', ENDS, { ...ONE_KILL, notices: false });
const g4Counted = crossing('G4', ENDS_COUNTED, ONE_KILL);
const g3 = claims('no two live records', ['RECORDS=3']);

export const MUTATIONS: readonly Mutation[] = [
  mutate(g1, 'M_ACK_BEFORE_SYNC', 'the commit is acknowledged before it is on disk'),
  mutate(g1, 'M_HOME_TRUSTS_LANE', 'the home commits without checking signatures itself'),
  mutate(g1, 'M_EXPIRY_UNCHECKED', 'nobody asks the clock, neither at the commit nor at the release'),
  mutate(
    g1,
    'B_RELEASE_UNFENCED',
    'a release that is under way is carried out although the crossing has left `leaving` meanwhile',
  ),
  mutate(
    g1,
    'B_NO_MARGIN',
    'a grant may outlive the clears: released up to the last moment, shut only by a process that may be dead',
  ),
  mutate(g2, 'M_TWO_TRANSACTIONS', 'exit and entry are written in two transactions'),
  mutate(g2, 'M_OUTBOX_APART', 'a notice is written in a transaction of its own'),
  mutate(
    g2,
    'M_INQUIRY_BELIEVES_OPEN',
    'a control that asks what became of its clear takes a record that is still open for one that never will be',
  ),
  mutate(g2, 'M_SILENT_LAPSE', 'a control that had given up takes the passage without an alarm'),
  mutate(g3, 'M_CHECK_THEN_CLAIM', 'claims are looked up in one transaction and made in another'),
  mutate(g3, 'M_NO_PROFILE_CLAIM', 'only the document on the reader is claimed'),
  mutate(g3, 'M_REFERRED_GIVES_BACK', 'a referral gives its claims back before it is resolved'),
  mutate(
    claims('of two at the same instant one goes on', ['RECORDS=2', 'ONE_GOES_ON']),
    'B_CLAIMS_IN_TWO_STEPS',
    'a record is opened with its one document and claims the profile’s other document later: both can lose',
  ),
  mutate(g4, 'M_RECOVERY_GUESSES', 'recovery voids what was committed without asking the door’s counter'),
  mutate(g4Counted, 'M_COUNT_TWICE', 'a control takes a repeated notice for a new one'),
  mutate(
    g4Counted,
    'M_INQUIRY_COUNTS_AGAIN',
    'a commit that a control has learnt by asking counts once more when its notice comes after all',
  ),
  mutate(g4, 'M_NO_RECOVERY', 'a restarted lane leaves the records of its former life alone'),
  mutate(g4, 'M_RESUMES', 'a restarted lane goes on with the crossing and releases the door'),
  mutate(g4, 'M_LATE_REQUESTS', 'the home carries out what a dead lane had sent'),
  mutate(
    crossing('G4', 'a live record is ended', { ...ONE_KILL, liveness: true, notices: false }),
    'M_NO_RECOVERY',
    'a restarted lane leaves its records alone, asked as a promise about time',
  ),
  mutate(
    g4,
    'B_SETTLE_WHILE_BETWEEN',
    'the counter is read while somebody is still in the door: voided behind the traveller’s back',
  ),
];
