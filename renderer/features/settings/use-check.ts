/** Asks at an address a moment after the typing has paused. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AddressCheck, BridgeResult, SettingsToSave } from '../../../proto/desktop-bridge.ts';

/** A pause this long in typing (ms) is worth a question. */
const pauseMs = 400;
/** What is answered sooner than this (ms) needs no word that it is being asked. */
const quickMs = 300;

export interface Check<Answer extends AddressCheck> {
  /** Null while it is not known. */
  answer: Answer | null;
  isChecking: boolean;
  /** Asks now; null when a newer question came in between. */
  ask(): Promise<Answer | null>;
}

/**
 * @param wanted the settings to ask with; null while there is nothing to ask
 * @param question main's way to ask
 */
export function useCheck<Answer extends AddressCheck>(
  wanted: SettingsToSave | null,
  question: (wanted: SettingsToSave) => Promise<BridgeResult<Answer>>,
): Check<Answer> {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isChecking, setChecking] = useState(false);
  const newest = useRef(0);
  const text = JSON.stringify(wanted);

  const ask = useCallback(async () => {
    if (text === 'null') return null;
    newest.current += 1;
    const own = newest.current;
    const slow = setTimeout(() => setChecking(true), quickMs);
    const result = await question(JSON.parse(text));
    clearTimeout(slow);
    if (own !== newest.current) return null;
    setChecking(false);
    if (!result.ok || result.value.code === 'superseded') return null;
    setAnswer(result.value);
    return result.value;
  }, [text, question]);

  useEffect(() => {
    // What was answered was about something else.
    setAnswer(null);
    setChecking(false);
    newest.current += 1;
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => clearTimeout(timer);
  }, [ask]);

  return { answer, isChecking, ask };
}
