import type { SettingsFileView, SettingValues, SettingView } from '../../../contract/diagnostics-settings.ts';
import { type Clock, isoNow } from '../../clock.ts';
import type { Diary } from '../../diary.ts';
import type { Service } from '../../service.ts';
import { differingValues, type SettingsBase, settingsProblem, settingViews } from './limits.ts';
import type { LaneSettings, SettingsFile } from './settings-file.ts';

export interface SettingsDeskParts {
  readonly file: SettingsFile;
  readonly base: SettingsBase;
  readonly clock: Clock;
  readonly diary: Diary;
  readonly service: Service;
  /** Nobody is in the lane: the next crossing runs under these. */
  readonly apply: (values: SettingValues) => void;
}

const MAX_TEST_DOCUMENTS = 50;

/** What technicians have set: read once at start, changed here, and never without an audit line for each change. */
export class SettingsDesk {
  readonly #parts: SettingsDeskParts;
  #settings: LaneSettings | null = null;
  #refused: string | null = null;
  #problem: string | null = null;

  constructor(parts: SettingsDeskParts) {
    this.#parts = parts;
  }

  get views(): readonly SettingView[] {
    return settingViews(this.#parts.base, this.#settings?.values ?? {}).map((view) => ({ ...view }));
  }

  get fileView(): SettingsFileView {
    const { changedAt = null, officer = null } = this.#settings ?? {};
    const state = this.#refused !== null ? 'refused' : this.#settings === null ? 'standard' : 'signed';
    return { state, code: this.#refused, changedAt, officer };
  }

  /** Why the last values were not saved; null when they were. */
  get problem(): string | null {
    return this.#problem;
  }

  get testDocuments(): readonly string[] {
    return this.#settings?.testDocuments ?? [];
  }

  /** At start. A file that does not hold keeps the lane out of service until a technician has written it anew. */
  async load(): Promise<void> {
    const { file, diary, service } = this.#parts;
    const read = file.read();
    if (read.ok) {
      const views = settingViews(this.#parts.base, read.value?.values ?? {});
      this.#refused = settingsProblem(views);
      this.#settings = this.#refused === null ? read.value : null;
    } else this.#refused = read.error.code;
    service.set('settingsInvalid', this.#refused !== null);
    if (this.#refused !== null) return diary.note('settingsRefused', { detail: this.#refused });
    this.#apply();
  }

  /** All of it or nothing. True when it is on disk and in force. */
  async save(changes: SettingValues, officer: string): Promise<boolean> {
    const { base, diary, service } = this.#parts;
    const before = this.views;
    const wanted = settingViews(base, { ...this.#settings?.values, ...changes });
    const problem = settingsProblem(wanted);
    const changed = wanted.filter(({ id, value }) => before.find((view) => view.id === id)?.value !== value);
    if (problem !== null || (changed.length === 0 && this.#refused === null)) {
      this.#problem = problem;
      return problem === null;
    }
    // The journal has it before it is in force: a change that nobody can look up must not happen.
    for (const { id, value } of changed) {
      const from = before.find((view) => view.id === id)?.value ?? null;
      await diary.note('settingsChanged', { detail: id, facts: { officer, setting: id, from, to: value } });
    }
    if (service.has('storeFailed')) return this.#failed('storeFailed');
    if (!this.#write({ values: differingValues(wanted), officer, testDocuments: this.testDocuments })) return false;
    service.set('settingsInvalid', false);
    this.#apply();
    return true;
  }

  /** `null` when it is registered now; otherwise why it is not. */
  async register(digest: string, officer: string): Promise<string | null> {
    if (this.#refused !== null) return 'settingsInvalid';
    if (this.testDocuments.includes(digest)) return null;
    if (this.testDocuments.length >= MAX_TEST_DOCUMENTS) return 'tooManyTestDocuments';
    await this.#parts.diary.note('testDocumentRegistered', { facts: { officer } });
    const testDocuments = [...this.testDocuments, digest];
    return this.#write({ values: this.#settings?.values ?? {}, officer, testDocuments }) ? null : this.#problem;
  }

  #apply(): void {
    this.#parts.apply(Object.fromEntries(this.views.map(({ id, value }) => [id, value])));
  }

  #write(settings: Omit<LaneSettings, 'changedAt'>): boolean {
    const whole: LaneSettings = { ...settings, changedAt: isoNow(this.#parts.clock) };
    const written = this.#parts.file.write(whole);
    if (!written.ok) return this.#failed(written.error.code);
    this.#settings = whole;
    this.#refused = null;
    this.#problem = null;
    return true;
  }

  #failed(code: string): false {
    this.#problem = code;
    return false;
  }
}
