import { Info, OctagonAlert, ShieldAlert, TriangleAlert } from 'lucide-react';
import type { Severity } from '../../../contract/audit-events.ts';

const ICONS = { info: Info, warning: TriangleAlert, critical: OctagonAlert, security: ShieldAlert } as const;

/** A shape per severity: colour is never the only carrier. */
export function SeverityIcon({ severity, size }: { severity: Severity; size: number }) {
  const Icon = ICONS[severity];
  return <Icon size={size} className="severity-icon" data-severity={severity} aria-hidden="true" />;
}
