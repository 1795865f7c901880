/**
 * What the preload put on the window. The caller names the API of its own page: each window has exactly one.
 * Throws where there is none: a page without its preload can only be a wrong start and must not look alive.
 */
export function windowApi<Api extends object>(): Api {
  const { jointgate } = window as unknown as { jointgate?: Api };
  if (jointgate === undefined) throw new Error('window.jointgate is missing: the page was opened without its preload');
  return jointgate;
}
