/*
 * Both controls (app/controls/embedded: notice-rules.ts, holdings.ts, each step one durable transaction) and the way to
 * them (app/controls/notices). The dispatcher keeps nothing that a crash could take: all it knows is the outbox.
 * The network: what is in the outbox may arrive at any later moment, again and again, and old copies after newer notices.
 * Only the order of first sending is kept: a record's last word waits until its commit is acknowledged.
 */

inline cross(s) {
  /* The holder's entry, quota place and presence, once: the register says whether it was done. */
  counted[s] = (counted[s] < 2 -> counted[s] + 1 : 2)
}

inline onCommit(s) {
  toldCommit[s] = 1;
  if
  :: known[s] == prepared -> known[s] = committed; cross(s)
  :: known[s] == lapsed -> known[s] = committed; cross(s); alarmed[s] = 1
#ifdef M_COUNT_TWICE
  :: known[s] == committed -> cross(s) /* a copy is taken for news */
#endif
  :: else
  fi
}

inline onVoid(s) {
  toldEnd[s] = 1;
  if
  :: known[s] == committed -> known[s] = voided; counted[s] = counted[s] - 1
  :: known[s] == passed -> alarmed[s] = 1
  :: else -> known[s] = voided
  fi
}

inline onReceipt(s) {
  toldEnd[s] = 1;
  if
  :: known[s] == committed -> known[s] = passed
  :: known[s] == prepared -> known[s] = passed; cross(s)
  :: known[s] == lapsed -> known[s] = passed; cross(s); alarmed[s] = 1
  :: else -> alarmed[s] = 1
  fi
#ifdef M_SILENT_LAPSE
  ; alarmed[s] = 0
#endif
}

#ifdef M_COUNT_TWICE
#define isNews(told) (1)
#else
#define isNews(told) (!told)
#endif

#define commitSent(s) (everCommitted)
#define endSent(s) (!commitPending[s] && (notice[s] == passed || notice[s] == voided))

proctype Control(byte s) {
end:
  do
  :: d_step { commitSent(s) && isNews(toldCommit[s]) -> onCommit(s) }
  /* Its acknowledgement, whichever of the copies it is for, and however late. */
  :: d_step { commitPending[s] && toldCommit[s] -> commitPending[s] = 0 }
  :: d_step { endSent(s) && notice[s] == voided && isNews(toldEnd[s]) -> onVoid(s) }
  :: d_step { endSent(s) && notice[s] == passed && isNews(toldEnd[s]) -> onReceipt(s) }
  /*
   * Cleared, expired, and nobody said what became of it: the record's home is asked (app/controls/inquiry). What is committed
   * is taken as told, what has ended is given back, of what is open nothing is believed.
   */
  :: d_step { known[s] == prepared && expired && (rec == committed || rec == passed) && !unsynced -> known[s] = committed; cross(s)
#ifdef M_INQUIRY_COUNTS_AGAIN
      ; known[s] = prepared /* and the notice, when it comes after all, is news again */
#endif
    }
  :: d_step { known[s] == prepared && expired && (rec == voided || rec == abandoned || rec == resolved) -> known[s] = voided }
#ifdef M_INQUIRY_BELIEVES_OPEN
  /* A record that is still open is taken for one that never will be. */
  :: d_step { known[s] == prepared && (rec == open || rec == prepared) -> known[s] = voided }
#endif
  /* No commit is known at expiry plus grace. */
  :: d_step { known[s] == prepared && graceOver -> known[s] = lapsed; gaveUp[s] = 1 }
  od
}

init {
  atomic {
    skip; /* NO_NOTICES: no notice moves a door or ends a record */
#ifndef NO_NOTICES
    run Control(EXIT);
#ifndef G4 /* the sides are alike: what is counted is counted for one of them */
    run Control(ENTRY)
#endif
#endif
  }
}
