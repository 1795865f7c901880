/*
 * Who may have a live record: two lanes of one port, one traveller's profile with a document for each side, one home.
 * G3 "No document and no profile has two live records in a port."
 *
 * Each lane opens a record with the document it is shown, which claims it; finds the profile, which claims the profile and
 * its other document in the transaction that identifies; and ends the record or refers it, in any order and at any moment,
 * lanes dying and coming back included: a lane that died is a record that is ended later by recovery or by an officer.
 * Claims are given back with the end and not before (app/record/consequences.ts, sqlite/writes.ts).
 */
#ifndef RECORDS
#define RECORDS 4
#endif
#define EXIT_DOCUMENT 0
#define ENTRY_DOCUMENT 1
#define PROFILE 2
#define NOBODY 255

mtype = { none, open, identified, referred, ended };

mtype state[RECORDS] = none;
bit wasIdentified[RECORDS];
byte shown[RECORDS]; /* the document that was on the reader */
byte holder[3] = NOBODY; /* the record that has claimed a document or the profile */

#define isLive(r) (state[r] == open || state[r] == identified || state[r] == referred)
/* Of one profile, known or not yet known to be: the truth, whatever the claims say. */
#define onProfile(r) (isLive(r) && wasIdentified[r])
#define free(claim, r) (holder[claim] == NOBODY || holder[claim] == r)
#define other(document) (1 - document)

bit goesOn; /* somebody was let on */
byte tried;

/*
 * A record that is only `open` has shown its one document, and that is all anybody knows of it. From `identified` on it
 * stands for the profile and for both documents.
 */
#define holdsDocument(r, d) (isLive(r) && (shown[r] == d || onProfile(r)))
#define clash(a, b) ((holdsDocument(a, EXIT_DOCUMENT) && holdsDocument(b, EXIT_DOCUMENT)) || (holdsDocument(a, ENTRY_DOCUMENT) && holdsDocument(b, ENTRY_DOCUMENT)) || (onProfile(a) && onProfile(b)))

inline giveBack(r) {
  if :: holder[EXIT_DOCUMENT] == r -> holder[EXIT_DOCUMENT] = NOBODY :: else fi;
  if :: holder[ENTRY_DOCUMENT] == r -> holder[ENTRY_DOCUMENT] = NOBODY :: else fi;
  if :: holder[PROFILE] == r -> holder[PROFILE] = NOBODY :: else fi
}

#ifdef M_NO_PROFILE_CLAIM
/* Only the document on the reader is claimed. */
#define claimProfile(r) skip
#define profileFree(r) (1)
#else
#define claimProfile(r) holder[PROFILE] = r; holder[other(shown[r])] = r
#define profileFree(r) (free(PROFILE, r) && free(other(shown[r]), r))
#endif

/* One record of a lane, from the document on the reader to its end. */
proctype Record(byte r) {
  /* Either document may be shown at either lane. */
  if :: shown[r] = EXIT_DOCUMENT :: shown[r] = ENTRY_DOCUMENT fi;
#ifdef M_CHECK_THEN_CLAIM
  if :: free(shown[r], r) && profileFree(r) :: else -> goto refused fi;
  d_step { holder[shown[r]] = r; claimProfile(r); state[r] = open; wasIdentified[r] = 1 };
#else
#ifdef B_CLAIMS_IN_TWO_STEPS
  /* Opened with the one document that was shown; the profile and its other document are claimed when they are found. */
  if
  :: d_step { free(shown[r], r) -> holder[shown[r]] = r; state[r] = open }
  :: d_step { !free(shown[r], r) -> goesOn = goesOn }; goto refused
  fi;
  if
  :: d_step { profileFree(r) -> claimProfile(r); wasIdentified[r] = 1 }
  :: d_step { !profileFree(r) -> state[r] = referred }; goto waits
  fi;
#else
  /* The profile is looked up first: one transaction claims everything or nothing. */
  if
  :: d_step { free(shown[r], r) && profileFree(r) -> holder[shown[r]] = r; claimProfile(r); state[r] = open; wasIdentified[r] = 1 }
  :: d_step { !(free(shown[r], r) && profileFree(r)) -> goesOn = goesOn }; goto refused
  fi;
#endif
#endif
  state[r] = identified;
  goesOn = 1;
  /* Some are referred, a lane that died here is ended by recovery, the others end well. */
  if
  :: d_step { state[r] = referred;
#ifdef M_REFERRED_GIVES_BACK
      giveBack(r);
#endif
      skip
    }
  :: skip
  fi;
waits:
  skip;
#ifdef ONE_GOES_ON
  /* No officer comes before both have tried: it is about the same instant. */
  (tried == RECORDS - 1 || goesOn);
#endif
  /* Its end: passed, voided, refused, abandoned, or resolved by an officer. */
  d_step { giveBack(r); state[r] = ended };
refused:
  tried++
}

init {
  byte r;
  atomic {
    for (r : 0 .. RECORDS - 1) { run Record(r) }
  }
}

/* In every single state. */
active proctype G3Invariant() {
  atomic {
    if
    :: clash(0, 1) -> assert(false)
#if RECORDS > 2
    :: clash(0, 2) || clash(1, 2) -> assert(false)
#endif
#if RECORDS > 3
    :: clash(0, 3) || clash(1, 3) || clash(2, 3) -> assert(false)
#endif
    fi
  }
}

/* Every claim is given back in the end: nobody is shut out for ever by a record that is over. */
active proctype AtRest() {
  timeout;
#ifdef ONE_GOES_ON
  /* Two lanes at the same instant with one document, or with two documents of one profile: exactly one goes on. */
  assert(goesOn);
#endif
  assert(holder[EXIT_DOCUMENT] == NOBODY && holder[ENTRY_DOCUMENT] == NOBODY && holder[PROFILE] == NOBODY)
}
