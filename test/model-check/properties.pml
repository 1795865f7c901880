/*
 * The guarantees, each beside the sentence of the design it translates.
 */

/*
 * G1 "No last door opens without two valid, unexpired, signed clears for the same live record, committed on disk."
 * and "only then may the last door open, and only for this record, and only until the earlier expiry": asserted whenever
 * the door takes a grant, and as an invariant for as long as it holds one.
 */
#define mayStandOpen (signedClear[EXIT] && signedClear[ENTRY] && !expired && rec == committed && !unsynced && row[EXIT] && row[ENTRY])

/* G2 "Exit recorded if and only if entry recorded, for ever, whatever crashes": at the home in every single state. */
#define recordedTogether (row[EXIT] == row[ENTRY])
/* ... and at the controls once every notice has arrived: both count the crossing, or neither does, as the record has it. */
#define crossedAt(s) (known[s] == committed || known[s] == passed)
#define toldTogether (crossedAt(EXIT) == crossedAt(ENTRY) && crossedAt(EXIT) == (rec == passed) && (rec == passed) == row[EXIT])
/* "... an alarm for both, never a silent correction": who had given up on the record and then hears of its commit. */
#define neverSilently(s) (known[s] != passed || !gaveUp[s] || alarmed[s])

/*
 * G4 "the lane restarts, every record reaches an end, nothing is counted twice, no door opens by itself."
 * Asserted when nothing can happen any more (all crashes spent): the record has ended as the door's counter says, and
 * each side has counted once what passed and nothing of what did not.
 */
#define endReached (rec == none || isEnded)
#define endIsTrue ((rec == passed) == through)
#define countedOnce(s) (counted[s] == (rec == passed -> 1 : 0))
/* While things still happen, too: never two. */
#define neverTwice (counted[EXIT] <= 1 && counted[ENTRY] <= 1)

bit gaveUp[2];

#ifdef LTL
#define G1_AT_OPENING skip
#define G4_AT_OPENING skip
#else

#ifdef G1
#define G1_AT_OPENING assert(mayStandOpen)
active proctype G1Invariant() { atomic { grant && !(mayStandOpen) -> assert(false) } }
#else
#define G1_AT_OPENING skip
#endif

#ifdef G4
/* "No door opens by itself": after a restart has shut the doors, only a new crossing's own release opens the last one. */
#define G4_AT_OPENING assert(!shutSinceRestart)
active proctype G4Invariant() { atomic { !(neverTwice) -> assert(false) } }
#else
#define G4_AT_OPENING skip
#endif

#ifdef G2
active proctype G2Invariant() { atomic { !(recordedTogether) -> assert(false) } }
#endif

/* Runs when nothing else can: every maximal execution ends here. */
active proctype AtRest() {
  timeout;
  /* Nobody waits for ever for somebody else. */
  assert(atIdle);
#ifdef G2
  assert(toldTogether);
  assert(neverSilently(EXIT) && neverSilently(ENTRY));
#endif
#ifdef G4
  assert(endReached);
  assert(endIsTrue);
#ifndef NO_NOTICES
  assert(countedOnce(EXIT));
#endif
#endif
}
#endif

#ifdef LTL
#ifdef G4
/* The same as a promise about time: a live record is ended, whatever crashes. Checked under weak fairness. */
ltl everyRecordEnds { [] (isLive -> <> (isEnded)) }
#endif
#ifdef G2
/* For ever: from some moment on both controls agree, and stay so. */
ltl controlsAgreeForEver { <> [] (crossedAt(EXIT) == crossedAt(ENTRY)) }
#endif
#endif
