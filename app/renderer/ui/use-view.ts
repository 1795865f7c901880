import { useEffect, useState } from 'react';
import { z } from 'zod';

// The content security policy forbids eval; zod then must not even try to compile its parsers.
z.config({ jitless: true });

interface ViewSource<View> {
  onView(listener: (view: View) => void): () => void;
}

/**
 * The last view that arrived, checked by its schema; null before the first one. Views come over one ordered channel and each is
 * the whole state, so the last one is the newest even when a restarted lane process counts its `sequence` from 0 again.
 * A view that does not match its schema is a bug in main or in the lane: it is reported and the last good one stays.
 */
export function useView<View>(source: ViewSource<View>, schema: z.ZodType<View>): View | null {
  const [view, setView] = useState<View | null>(null);
  useEffect(
    () =>
      source.onView((received) => {
        const parsed = schema.safeParse(received);
        if (parsed.success) setView(parsed.data);
        else reportError(new Error(`a view does not match its schema: ${z.prettifyError(parsed.error)}`));
      }),
    [source, schema],
  );
  return view;
}
