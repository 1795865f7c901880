import type { AccountError } from '../../contract/officer-account.ts';
import type { Result } from '../../contract/result.ts';
import type { Officers } from '../../officers/officers.ts';
import { roleMay } from '../../officers/permissions.ts';

/** What diagnostics asks of the officers' accounts. */
export type TechnicianAccounts = Pick<Officers, 'signIn' | 'signOut' | 'session' | 'state'>;

export interface SignInView {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly waitSeconds: number | null;
}

const QUIET: SignInView = { busy: false, problem: null, waitSeconds: null };

/** Who works at the bench: a number and a token, asked of the accounts again before each act. */
export class TechnicianSignIn {
  #accounts: TechnicianAccounts | null = null;
  readonly #onChange: () => void;
  #signedIn: { readonly token: string; readonly officer: string } | null = null;
  #view: SignInView = QUIET;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whose accounts count. Until they are known nobody is let in. */
  attach(accounts: TechnicianAccounts): void {
    this.#accounts = accounts;
  }

  get officer(): string | null {
    return this.#signedIn?.officer ?? null;
  }

  get view(): SignInView {
    return this.#view;
  }

  /** Null: signed in. Otherwise the code why not. */
  async signIn(officer: string, pin: string, newPin: string | null): Promise<string | null> {
    if (this.#view.busy || this.#signedIn !== null) return 'busy';
    const accounts = this.#accounts;
    if (accounts === null) return this.#refuse({ code: 'storeFailed', waitSeconds: null });
    this.#show({ ...QUIET, busy: true });
    const signed = await accounts.signIn(officer, pin, newPin);
    if (!signed.ok) return this.#refuse(signed.error);
    if (!roleMay(signed.value.role, 'diagnostics')) {
      accounts.signOut(signed.value.token);
      return this.#refuse({ code: 'notATechnician', waitSeconds: null });
    }
    this.#signedIn = { token: signed.value.token, officer: signed.value.officer };
    this.#show(QUIET);
    return null;
  }

  /** The officer, if the session may act now; a session that has ended or locked itself is over for this bench. */
  async mayAct(): Promise<string | null> {
    const signedIn = this.#signedIn;
    const accounts = this.#accounts;
    if (signedIn === null || accounts === null) return null;
    const session: Result<unknown, AccountError> = await accounts.session(signedIn.token);
    if (this.#signedIn !== signedIn) return null;
    if (session.ok) return signedIn.officer;
    accounts.signOut(signedIn.token);
    this.#signedIn = null;
    this.#show({ ...QUIET, problem: session.error.code });
    return null;
  }

  /** Away for too long, or signed out elsewhere; looked at without touching the session. */
  get lapsed(): boolean {
    return this.#signedIn !== null && this.#accounts?.state(this.#signedIn.token) !== 'signedIn';
  }

  signOut(): void {
    if (this.#signedIn === null) return;
    this.#accounts?.signOut(this.#signedIn.token);
    this.#signedIn = null;
    this.#show(QUIET);
  }

  #refuse({ code, waitSeconds }: { readonly code: string; readonly waitSeconds: number | null }): string {
    this.#show({ busy: false, problem: code, waitSeconds });
    return code;
  }

  #show(view: SignInView): void {
    this.#view = view;
    this.#onChange();
  }
}
