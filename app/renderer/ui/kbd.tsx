/** A key as printed on the keyboard, beside the action it does. */
export function Kbd({ children }: { children: string }) {
  return <kbd className="kbd">{children}</kbd>;
}
