/*
 * The last door's unit with its counter and sensor, and the traveller before it. Commands are served one after the other
 * (native-bridge/devices/modbus-lane-controller.ts); a grant is for one passage and ends by itself.
 */
#ifndef G2
active proctype Door() {
  mtype caller;
end:
  do
  :: atomic { door?grantPass,caller -> G1_AT_OPENING; G4_AT_OPENING; grant = 1; caller = 0 }
  :: atomic { door?shut,caller -> grant = 0; if :: caller == none -> shutSinceRestart = 1 :: else fi; caller = 0 }
  :: atomic { door?count,laneCalls -> counterToLane!counter,between }
  :: atomic { door?count,releaserCalls -> counterToReleaser!counter,between }
  :: d_step { grant -> grant = 0 }
  od
}

active proctype Traveller() {
end:
  do
  :: d_step { grant && inside && !between -> grant = 0; between = 1 }
  /* Counted when the body is through, also when the door was told to shut meanwhile. */
  :: d_step { between -> between = 0; inside = 0; through = 1; counter = (counter + 1) % 4; heard = 1 }
  :: d_step { between -> between = 0 }
  od
}
#endif
