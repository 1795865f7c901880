/*
 * The record's home: app/record (decide.ts, transitions.ts, consequences.ts) in a lane's file or, later, a port's database.
 * Each request is one transaction. A failure is told with the work done or not done: the caller cannot know which.
 */

bit overtaken; /* once for each pair is every order */
bit entryOwed; /* only ever set by M_OUTBOX_APART */

/* What was not on disk is gone when the power is. */
inline powerLoss() {
  entryOwed = 0;
  if
  :: unsynced -> unsynced = 0; everCommitted = 0; rec = prepared; row[EXIT] = 0; row[ENTRY] = 0; released = NEVER; notice[EXIT] = none; notice[ENTRY] = none; commitPending[EXIT] = 0; commitPending[ENTRY] = 0
  :: else
  fi
}

inline tellBoth(word) {
#ifdef M_OUTBOX_APART
  /* The entry side's notice is written in a transaction of its own, which power loss may take away before. */
  notice[EXIT] = word;
  entryOwed = 1
#else
  notice[EXIT] = word;
  notice[ENTRY] = word
#endif
}

#ifdef M_HOME_TRUSTS_LANE
/* What the lane has stored counts as a clear, whoever signed it. */
#define mayCommit (!expired)
#else
#ifdef M_EXPIRY_UNCHECKED
#define mayCommit (answer[EXIT] == clear && answer[ENTRY] == clear)
#else
#define mayCommit (answer[EXIT] == clear && answer[ENTRY] == clear && !expired)
#endif
#endif

/*
 * The home numbers a lane's lives (`beginLife`, here the first read of the restarted lane), and what an earlier life has sent is
 * void from then on: else an `open` that was on its way when the lane died could arrive after recovery, and nobody would end that record.
 * A lane's own store needs no number, it dies with the lane; a home over the network does.
 */
#ifdef M_LATE_REQUESTS
#define fromTheDead (0)
#else
#define fromTheDead (id / 4 < lifeHeard)
#endif

/* Without the door in the model there is nobody who releases it: what is recorded together does not depend on it. */
#ifdef G2
#define wasReleased true
#else
#define wasReleased (released != NEVER)
#endif
#define mayRelease(number) (released == NEVER || released == number)

inline apply(op, number, word) {
  done = 0;
  if
  :: fromTheDead
  :: !fromTheDead && op == toOpen && rec == none -> rec = open; done = 1
  :: !fromTheDead && op == toAnswer && rec == open -> answer[EXIT] = word; answer[ENTRY] = number; rec = prepared; done = 1
  :: !fromTheDead && op == toCommit && rec == prepared && mayCommit ->
    rec = committed;
    row[EXIT] = 1;
#ifndef M_TWO_TRANSACTIONS
    row[ENTRY] = 1;
#endif
    everCommitted = 1;
    commitPending[EXIT] = 1;
    commitPending[ENTRY] = 1;
    tellBoth(committed);
#ifdef M_ACK_BEFORE_SYNC
    unsynced = 1;
#endif
    done = 1
  /* Once: the same again changes nothing, another counter is refused. */
  :: !fromTheDead && op == toRelease && rec == committed && mayRelease(number) -> released = number; done = 1
  :: !fromTheDead && op == toPass && rec == committed && wasReleased -> rec = passed; tellBoth(passed); done = 1
  :: !fromTheDead && op == toVoid && rec == committed ->
    rec = voided;
    row[EXIT] = 0;
    row[ENTRY] = 0;
    tellBoth(voided);
    done = 1
  :: !fromTheDead && op == toRefer && (rec == open || rec == prepared || rec == committed) -> rec = referred; done = 1
  :: !fromTheDead && op == toAbandon && (rec == open || rec == prepared) -> rec = abandoned; tellBoth(voided); done = 1
  :: !fromTheDead && op == toRead -> lifeHeard = id / 4; done = 1
  :: else
  fi
}

inline clean() {
  d_step { who = 0; op = 0; word = 0; number = 0; id = 0; done = 0; overtaken = 0 }
}

inline reply() {
  /* Only to a caller who still waits for it. */
  if
  :: who == laneCalls && id == life * 4 + laneCall -> toLane!done,rec,released
  :: who == releaserCalls && id == life * 4 + releaserCall -> toReleaser!done,rec
  :: else
  fi
}

active proctype Home() {
  mtype who, op, word;
  byte number, id;
  bit done;
end:
  do
  /* Between the transaction and its reply nothing can be seen that a lost reply would not show as well. */
  :: atomic { home?who,op,id,number,word -> d_step { apply(op, number, word) }; reply(); clean() }
  :: atomic { failuresLeft > 0 && home?[_, _, _, _, _] && !home?[_, toRead, _, _, _] -> failuresLeft--; home?who,op,id,number,word; done = 0; reply(); clean() }
  :: atomic {
      failuresLeft > 0 && home?[_, _, _, _, _] && !home?[_, toRead, _, _, _] ->
      failuresLeft--;
      home?who,op,id,number,word;
      d_step { apply(op, number, word) };
      done = 0;
      reply();
      clean()
    }
  /* Over a network, a request may overtake the one before it. */
  :: atomic { len(home) == 2 && !overtaken -> home?who,op,id,number,word; home!who,op,id,number,word; clean(); overtaken = 1 }
#ifdef M_ACK_BEFORE_SYNC
  :: unsynced -> unsynced = 0
#endif
#ifdef M_TWO_TRANSACTIONS
  :: rec == committed && !row[ENTRY] -> row[ENTRY] = 1
#endif
#ifdef M_OUTBOX_APART
  :: d_step { entryOwed -> entryOwed = 0; notice[ENTRY] = notice[EXIT] }
#endif
  od
}
