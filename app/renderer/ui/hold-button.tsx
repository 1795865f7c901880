import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';
import { isTyping } from './use-shortcuts.ts';

/** How long an irreversible action must be held. Long enough to be meant, short enough not to be a punishment. */
export const HOLD_MS = 900;

interface HoldButtonProps {
  readonly label: string;
  /** What the button says below its label, e.g. what happens then. */
  readonly note: string;
  /** The key that can be held instead of the pointer. */
  readonly shortcut: string;
  readonly icon: ReactNode;
  readonly tone: 'neutral' | 'progress' | 'go' | 'stop';
  readonly disabled: boolean;
  readonly onDone: () => void;
}

/** Acts only when held, by pointer, by Space or Enter on it, or by its own key from anywhere. Letting go early does nothing. */
export function HoldButton({ label, note, shortcut, icon, tone, disabled, onDone }: HoldButtonProps) {
  const [held, setHeld] = useState(false);
  const done = useRef(onDone);
  done.current = onDone;
  const release = useCallback(() => setHeld(false), []);

  useEffect(() => {
    if (!held) return;
    const timer = setTimeout(() => {
      setHeld(false);
      done.current();
    }, HOLD_MS);
    // A hold must not survive the window losing the keyboard: the key's release would never be seen.
    window.addEventListener('blur', release);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('blur', release);
    };
  }, [held, release]);

  useEffect(() => {
    if (disabled) {
      setHeld(false);
      return;
    }
    const isOwn = (event: KeyboardEvent) => event.key.toLowerCase() === shortcut.toLowerCase();
    const press = (event: KeyboardEvent) => {
      if (isOwn(event) && !event.repeat && !isTyping(event)) setHeld(true);
    };
    const lift = (event: KeyboardEvent) => {
      if (isOwn(event)) setHeld(false);
    };
    window.addEventListener('keydown', press);
    window.addEventListener('keyup', lift);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('keyup', lift);
    };
  }, [disabled, shortcut]);

  const isPress = (key: string) => key === ' ' || key === 'Enter';
  return (
    <button
      type="button"
      className="hold-button"
      data-tone={tone}
      data-held={held}
      disabled={disabled}
      aria-keyshortcuts={shortcut}
      onPointerDown={() => setHeld(true)}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onBlur={release}
      onKeyDown={(event) => {
        if (isPress(event.key) && !event.repeat) setHeld(true);
      }}
      onKeyUp={(event) => {
        if (isPress(event.key)) release();
      }}
    >
      <span className="hold-button-fill" aria-hidden="true" />
      <span className="hold-button-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="hold-button-words">
        <span className="hold-button-label">{label}</span>
        <span className="hold-button-note">{note}</span>
      </span>
      <Kbd>{shortcut.toUpperCase()}</Kbd>
    </button>
  );
}
