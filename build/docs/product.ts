import { type AnyMachineSnapshot, type AnyStateMachine, StateMachine } from 'xstate';
import { z } from 'zod';

/**
 * What the pages are made of. The build room imports no product room (build/layers/layers.json): like the bundler it
 * takes a module by its path, and reads what it finds there as data from outside.
 */
export async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  const module: unknown = await import(new URL(`../../${path}`, import.meta.url).href);
  return z.record(z.string(), z.unknown()).parse({ ...Object(module) });
}

export interface CrossingProduct {
  readonly machine: AnyStateMachine;
  /** The step's name that the traveller's screen shows in a state of the machine. */
  readonly stepOf: (snapshot: AnyMachineSnapshot) => string;
  /** The title of each step on the traveller's screen, in English. */
  readonly titles: Readonly<Record<string, string>>;
  /** Named delays and their defaults in milliseconds. */
  readonly delays: Readonly<Record<string, number>>;
}

const functionSchema = z.custom<(snapshot: AnyMachineSnapshot) => unknown>((value) => typeof value === 'function');
const machineSchema = z.custom<AnyStateMachine>((value) => value instanceof StateMachine);
const catalogueSchema = z.object({ steps: z.record(z.string(), z.object({ title: z.string() })) });

export async function loadCrossing(): Promise<CrossingProduct> {
  const [machine, step, delays, catalogue] = await Promise.all([
    load('app/domain/crossing/machine.ts'),
    load('app/domain/crossing/step.ts'),
    load('app/domain/crossing/delays.ts'),
    load('app/renderer/traveller/catalogue/en.ts'),
  ]);
  const shownStep = functionSchema.parse(step.shownStep);
  const { steps } = catalogueSchema.parse(catalogue.en);
  return {
    machine: machineSchema.parse(machine.crossingMachine),
    stepOf: (snapshot) => z.object({ step: z.string() }).parse(shownStep(snapshot)).step,
    titles: Object.fromEntries(Object.entries(steps).map(([name, { title }]) => [name, title])),
    delays: z.record(z.string(), z.number()).parse(delays.DEFAULT_CROSSING_DELAYS),
  };
}

const auditEventsSchema = z.record(
  z.string(),
  z.strictObject({ severity: z.string(), owner: z.string(), alarm: z.boolean(), text: z.string() }),
);
export type AuditRegistry = z.infer<typeof auditEventsSchema>;

export async function loadAuditRegistry(): Promise<AuditRegistry> {
  const module = await load('app/contract/audit-events.ts');
  return auditEventsSchema.parse(module.AUDIT_EVENTS);
}

const textsSchema = z.record(z.string(), z.string());
const consoleCatalogueSchema = z.object({
  severities: textsSchema,
  owners: textsSchema,
  events: textsSchema,
  alarmAdvice: textsSchema,
  shortcuts: textsSchema,
  referralCodes: textsSchema,
  serviceReasons: textsSchema,
  steps: textsSchema,
});
export type ConsoleCatalogue = z.infer<typeof consoleCatalogueSchema>;
const travellerCatalogueSchema = z.object({
  steps: z.record(z.string(), z.object({ title: z.string(), help: z.string() })),
});
export type TravellerCatalogue = z.infer<typeof travellerCatalogueSchema>;

/** The words of both screens in one language. `language`: as the catalogues name it, `en` or `zh-Hant`. */
export async function loadCatalogues(
  language: string,
): Promise<{ readonly console: ConsoleCatalogue; readonly traveller: TravellerCatalogue }> {
  const file = `${language.toLowerCase()}.ts`;
  const name = language === 'en' ? 'en' : 'zhHant';
  const [console, traveller] = await Promise.all([
    load(`app/renderer/supervisor/catalogue/${file}`),
    load(`app/renderer/traveller/catalogue/${file}`),
  ]);
  return {
    console: consoleCatalogueSchema.parse(console[name]),
    traveller: travellerCatalogueSchema.parse(traveller[name]),
  };
}
