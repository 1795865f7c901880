import { type Dispatch, useEffect, useReducer, useRef } from 'react';
import type { TravellerStep } from '../../contract/traveller-view.ts';
import {
  FORGET_AFTER_MS,
  isIdle,
  NEW_SESSION,
  type SessionEvent,
  sessionAfter,
  sessionFromText,
  sessionToText,
  type TravellerSession,
} from './session.ts';

/** Of this window, gone with it; a language and a text size, nothing else. */
const STORED_AS = 'jointgate.traveller-session';

/** The session of the traveller in front of the lane; ends when the lane becomes idle again or nobody touches an idle screen. */
export function useSession(step: TravellerStep): [TravellerSession, Dispatch<SessionEvent>] {
  const [session, dispatch] = useReducer(sessionAfter, null, () => sessionFromText(sessionStorage.getItem(STORED_AS)));
  const stepBefore = useRef(step);

  useEffect(() => {
    if (isIdle(step) && !isIdle(stepBefore.current)) dispatch({ type: 'travellerLeft' });
    stepBefore.current = step;
  }, [step]);

  useEffect(() => {
    if (session === NEW_SESSION) sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, sessionToText(session));
  }, [session]);

  useEffect(() => {
    if (!isIdle(step) || session === NEW_SESSION) return;
    // A touch makes a new session object, which starts the time anew.
    const timer = setTimeout(() => dispatch({ type: 'travellerLeft' }), FORGET_AFTER_MS);
    return () => clearTimeout(timer);
  }, [step, session]);

  return [session, dispatch];
}
