/*
 * The lane process: app/lane (crossing-run.ts, last-door.ts, write-ending.ts, recovery.ts) around the crossing machine.
 * Everything it knows is lost when it dies.
 */

#ifdef M_EXPIRY_UNCHECKED
#define inTime (1)
#else
#ifdef B_NO_MARGIN
#define inTime (!expired)
#else
#define inTime (!nearExpiry) /* never a grant that could outlive the clears */
#endif
#endif

/* Whatever is still answered to an earlier call goes nowhere. */
inline forget() {
  d_step {
    laneCall = (laneCall + 1) % 4;
    if :: toLane?_,_,_ :: empty(toLane) fi
  }
}

/* A call of the store. `patient` 0: the lane goes on without the reply when its delay is over. */
inline call(op, number, word, patient) {
  home!laneCalls,op,life * 4 + laneCall,number,word;
  if
  :: toLane?done,seen,seenRelease
  :: !patient -> done = 0; forget()
  fi
}

/* Shut, then count, and only with nobody in the door. */
inline countNow() {
  do
  :: door!count,laneCalls;
    counterToLane?seenCount,seenBetween;
#ifdef B_SETTLE_WHILE_BETWEEN
    break
#else
    if :: !seenBetween -> break :: else fi
#endif
  od
}

#ifdef G2
/*
 * What is recorded together does not depend on what the door says, so it may say anything here: fewer states, more crashes.
 */
#define shutDoor(caller) skip
#define passageHeard true
inline endByCounter() {
  if
  :: call(toVoid, 0, none, 0)
  :: call(toPass, 0, none, 0)
  fi
}
#else
#define shutDoor(caller) door!shut,caller
#define passageHeard heard
/* Ends a committed record by the door's own word (crossing-run's settling, recovery.ts). */
inline endByCounter() {
  if
  :: seenRelease == NEVER -> call(toVoid, 0, none, 0)
  :: else ->
#ifdef M_RECOVERY_GUESSES
    call(toVoid, 0, none, 0)
#else
    countNow();
    if
    :: seenCount == (seenRelease + 1) % 4 -> call(toPass, 0, none, 0)
    :: else -> call(toVoid, 0, none, 0)
    fi
#endif
  fi
}
#endif

/* Until the record has an end or waits for its officer. */
inline recover(caller) {
  do
  :: call(toRead, 0, none, 1);
    if
    :: seen == open || seen == prepared -> call(toAbandon, 0, none, 0)
    :: seen == committed -> shutDoor(caller); endByCounter()
    :: else -> break
    fi
  od
}

/* What dies with the process. A grant that is on the wire already may still arrive; nothing behind it does. */
inline die() {
  life++; atIdle = 0; leaving = 0; releaseAsked = 0; heard = 0;
#ifndef G2
  releaserDies = 1;
#endif
 
  laneCall = (laneCall + 1) % 4;
  if :: toLane?_,_,_ :: empty(toLane) fi;
  if :: counterToLane?_,_ :: empty(counterToLane) fi;
  onTheWire = 0;
  if
  :: door?[grantPass, _] -> onTheWire = 1
  :: door?[grantPass, _]
  :: !door?[grantPass, _]
  fi;
  do :: door?_,_ :: empty(door) -> break od;
  if :: onTheWire -> door!grantPass,none :: else fi;
  onTheWire = 0;
  /* A lane's own store dies with it; a port's home still gets what was sent. */
  if :: do :: home?_,_,_,_,_ :: empty(home) -> break od :: skip fi;
  /* And perhaps it was the power. */
  if :: powerLoss() :: skip fi
}

/* Both are asked at the same moment. An answer may stay out, also of a control that has cleared; and one may be forged. */
inline ask() {
  atomic {
    if :: known[EXIT] = prepared; signedClear[EXIT] = 1 :: known[EXIT] = refused fi;
    if :: known[ENTRY] = prepared; signedClear[ENTRY] = 1 :: known[ENTRY] = refused fi;
    if :: signedClear[EXIT] -> said = clear :: said = forged :: said = noAnswer fi;
    if :: signedClear[ENTRY] -> saidEntry = clear :: said != forged -> saidEntry = forged :: saidEntry = noAnswer fi
  }
}

inline crossing() {
  begun = 1;
  call(toOpen, 0, none, 1);
  if :: seen == none -> goto idle :: else fi;
  ask();
  if :: said == noAnswer || saidEntry == noAnswer -> goto refer :: else fi;
  call(toAnswer, saidEntry, said, 1);
  d_step { said = none; saidEntry = none };
  if :: !done -> goto refer :: else fi;
  call(toCommit, 0, none, 0);
  if :: !done -> goto refer :: else fi;

  /* leaving: the last door is released by the other process below, at the same time as anything may happen here. */
  d_step {
    shutSinceRestart = 0;
    leaving = 1;
#ifndef G2
    releaseAsked = 1
#endif
  };
  if
  :: d_step { passageHeard -> heard = 0; leaving = 0 };
    shutDoor(laneCalls);
    call(toPass, 0, none, 0)
  /* The time for passing is over, a fault, an emergency, the expiry: settling. */
  :: leaving = 0;
    shutDoor(laneCalls);
    call(toRead, 0, none, 1);
    if :: seen == committed -> endByCounter() :: else fi
  fi;
  goto done_;

refer:
  /* A commit that was given up on may be durable all the same: write-ending.ts. */
  call(toRead, 0, none, 1);
  if
  :: seen == committed -> call(toVoid, 0, none, 0)
  :: else ->
    if
    :: call(toRefer, 0, none, 0)
    :: call(toAbandon, 0, none, 0)
    fi
  fi;
done_:
  recover(laneCalls)
}

/* `kill -9` at any step. An escape that is enabled is always taken in Promela: whether it comes is decided here. */
active proctype Kill() {
end:
  do
  :: d_step { crashesLeft > 0 && begun -> crashesLeft--; dies = 1 }
  od
}

active proctype Lane() {
  mtype seen, said, saidEntry;
  byte seenRelease, seenCount;
  bit done, seenBetween, onTheWire;
start:
  {
    d_step { seen = none; said = none; saidEntry = none; seenRelease = 0; seenCount = 0; done = 0; seenBetween = 0 };
    if
    :: begun ->
      /* Every door is shut before anything else. */
      shutDoor(none);
#ifdef M_RESUMES
      /* Goes on where it was: the door is released once more for a record that stands. */
      if :: rec == committed -> leaving = 1; releaseAsked = 1 :: else fi;
#endif
#ifndef M_NO_RECOVERY
      recover(none)
#endif
    :: else
    fi;
    if :: !begun -> crossing() :: else fi;
idle:
    atIdle = 1;
    d_step { seen = none; said = none; saidEntry = none; seenRelease = 0; seenCount = 0; done = 0; seenBetween = 0 };
end:
    (false)
  } unless {
    atomic { dies -> dies = 0; die(); goto start }
  }
}

#ifndef G2
/* releaseLastDoor of last-door.ts, which goes on while the crossing may have gone on too. */
active proctype Releaser() {
  byte before;
  bit done, busy;
  mtype seen;
start:
  {
end:
    do
    :: releaseAsked ->
      releaseAsked = 0;
      door!count,releaserCalls;
      counterToReleaser?before,busy;
      home!releaserCalls,toRelease,life * 4 + releaserCall,before,none;
      toReleaser?done,seen;
      atomic {
        if
#ifdef B_RELEASE_UNFENCED
        :: done && seen == committed && inTime -> door!grantPass,releaserCalls
#else
        :: done && seen == committed && inTime && leaving -> door!grantPass,releaserCalls
#endif
        :: else
        fi;
        before = 0; done = 0; busy = 0; seen = 0
      }
    od
  } unless {
    atomic {
      releaserDies -> releaserDies = 0; releaserCall = (releaserCall + 1) % 4; before = 0; done = 0; busy = 0; seen = 0;
      if :: toReleaser?_,_ :: empty(toReleaser) fi;
      if :: counterToReleaser?_,_ :: empty(counterToReleaser) fi;
      goto start
    }
  }
}
#endif
