/*
 * One crossing of a two-door lane: lane, record home, both controls, the last door and its passage sensor.
 * Checked for G1, G2 and G4 of the crossing's guarantees; claims.pml is G3's. The words are those of the design:
 * the two-phase clearance, and "Guarantees, each with a test that injects faults".
 *
 * Durable: the record, both rows, the outbox, each control's register. Volatile: everything of the lane process, what is
 * on its way to or from it, and, with M_ACK_BEFORE_SYNC, what the home has acknowledged too early.
 *
 * What can go wrong here: the lane dies at any step, as often as CRASHES says; a store call fails, done or not done;
 * a reply comes too late; requests to the home overtake each other; an answer is forged; notices are lost, repeated and
 * reordered without limit (what was sent once may arrive at any later time, any number of times); the door shuts by
 * itself at any time; the traveller passes, turns back half-way, or stays; the clears expire at any time.
 *
 * -DG1, -DG2, -DG4: which guarantee is asserted. -DNO_NOTICES: without what the controls are told, where it is not asked. -DM_...: a mutation that must be caught. -DB_...: as the product has it
 * today where this differs from what is safe (see run.ts). The properties themselves are in properties.pml.
 */
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef FAILURES
#define FAILURES 1
#endif

#define EXIT 0
#define ENTRY 1
#define NEVER 255 /* the last door was not released for this record */

mtype = { none, open, prepared, committed, referred, passed, voided, abandoned, resolved, lapsed, refused };
mtype = { clear, forged, noAnswer };
mtype = { toOpen, toAnswer, toCommit, toRelease, toPass, toVoid, toRefer, toAbandon, toRead };
mtype = { grantPass, shut, count };
mtype = { laneCalls, releaserCalls };

/* --- the record's home: one durable store, one transaction after the other --- */
mtype rec = none;
mtype answer[2] = none; /* as stored */
bit row[2]; /* exit and entry recorded and standing */
byte released = NEVER; /* the door's counter, journaled at release */
bit everCommitted;
mtype notice[2] = none; /* each side's last word in the outbox: committed, then voided or passed */
bit commitPending[2]; /* the commit is still to be acknowledged: the last word waits behind it */
bit unsynced; /* acknowledged and not yet on disk: only ever set by M_ACK_BEFORE_SYNC */

/* --- controls --- */
mtype known[2] = none; /* what this control knows of the crossing */
byte counted[2]; /* entries, quota places and presence changes taken for it */
bit signedClear[2]; /* truth: this control did sign a clear for this record */
bit alarmed[2];
bit toldCommit[2];
bit toldEnd[2];

/* --- time: the earlier of both expiries --- */
bit nearExpiry; /* less is left than a grant's life and a command's way to the door */
bit expired;
bit graceOver;

/* --- the last door and the traveller --- */
bit grant; /* the door lets one person through */
bit inside = 1; /* the traveller stands before the last door */
bit between; /* a body is in the door */
bit through;
byte counter;
bit heard; /* a passage was told to the lane */

/* --- the lane process --- */
bit begun;
bit leaving; /* the crossing is in the only state that may release the last door */
bit releaseAsked;
bit dies; /* the process is killed: nothing of it goes on */
bit releaserDies;
bit shutSinceRestart;
bit atIdle; /* no crossing, nothing left to recover */
byte crashesLeft = CRASHES;
byte failuresLeft = FAILURES;

byte life; /* how often the lane was started again */
byte lifeHeard; /* the last of them that the home knows of */
byte laneCall; /* numbers of the calls under way: a reply to an older one goes nowhere */
byte releaserCall;

chan home = [2] of { mtype, mtype, byte, byte, mtype };
chan toLane = [1] of { bit, mtype, byte };
chan toReleaser = [1] of { bit, mtype };
chan door = [4] of { mtype, mtype };
chan counterToLane = [1] of { byte, bit };
chan counterToReleaser = [1] of { byte, bit };

#define isLive (rec == open || rec == prepared || rec == committed || rec == referred)
#define isEnded (rec == passed || rec == voided || rec == abandoned || rec == resolved)

#include "properties.pml"
#include "home.pml"
#include "controls.pml"
#include "door.pml"
#include "lane.pml"

/* Time only passes; a clear lives until it is told otherwise. */
active proctype Time() {
  (signedClear[EXIT] || signedClear[ENTRY]);
#ifdef G2 /* when exactly a clear expires matters to the door, not to what is recorded together */
  d_step { nearExpiry = 1; expired = 1 };
#else
  nearExpiry = 1;
#ifndef B_NO_MARGIN
  /* The margin is longer than a command's way and a grant's life: what was granted before it has shut by now. */
  (!grant && !door??[grantPass, _]);
#endif
  expired = 1;
#endif
  graceOver = 1
}

/* A referral waits for its officer, who always comes. */
active proctype Officer() {
end:
  do
  :: d_step {
      rec == referred ->
      rec = resolved;
      /* Also without a commit: a clear that led to nothing is taken back. */
      row[EXIT] = 0;
      row[ENTRY] = 0;
      notice[EXIT] = voided;
      notice[ENTRY] = voided
    }
  od
}
