import { LockKeyhole, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConsoleSession } from '../../../contract/supervisor-console.ts';
import type { Viewer } from '../../../contract/supervisor-view.ts';
import type { Ask } from '../console/use-console.ts';
import { ViewerSwitch } from '../viewer-switch.tsx';
import { PinForm } from './pin-form.tsx';

interface SignInScreenProps {
  readonly session: Exclude<ConsoleSession, { state: 'signedIn' }>;
  readonly connected: boolean;
  readonly ask: Ask;
}

/** Nobody is signed in, or the console has locked itself. Nothing of any lane is on this screen. */
export function SignInScreen({ session, connected, ask }: SignInScreenProps) {
  const { t } = useTranslation();
  const locked = session.state === 'locked';
  const look = (viewer: Viewer) => void ask({ type: 'lookAs', viewer });
  return (
    <main className="sign-in" data-session={session.state}>
      <div className="panel sign-in-card">
        <h1 className="wordmark">
          Jointgate <span>{t('title')}</span>
        </h1>
        <p className="sign-in-state">
          {locked ? <LockKeyhole size={20} aria-hidden="true" /> : <UserRound size={20} aria-hidden="true" />}
          {locked ? t('signIn.locked', { officer: session.officer }) : t('signIn.title')}
        </p>
        {connected ? null : (
          <p className="error-text" role="status">
            {t('connection.lost')}
          </p>
        )}
        {!locked && session.ended !== null ? (
          <p className="pin-note" role="status">
            {t(`signIn.ended.${session.ended}`)}
          </p>
        ) : null}
        {!locked && session.noOfficers ? (
          <div className="pin-note">
            <p>{t('signIn.noOfficers')}</p>
            <code className="mono">jointgate officer add E1001 --role exitOfficer --authority CHN --data …</code>
          </div>
        ) : null}
        {locked ? (
          <>
            <PinForm
              key="unlock"
              withNumber={false}
              submitLabel={t('signIn.unlock')}
              onSubmit={({ pin }) => ask({ type: 'unlock', pin })}
            />
            <button type="button" className="button" onClick={() => void ask({ type: 'signOut' })}>
              {t('signIn.otherOfficer')}
            </button>
          </>
        ) : (
          <PinForm
            key="signIn"
            withNumber
            submitLabel={t('signIn.submit')}
            onSubmit={(fields) => ask({ type: 'signIn', ...fields })}
          />
        )}
        {!locked && session.mayLookAs ? <ViewerSwitch viewer={null} onLook={look} /> : null}
      </div>
    </main>
  );
}
