import { Contrast, Keyboard, Languages, LockKeyhole, LogOut } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOfControl } from '../../../contract/officer-account.ts';
import type { ConsoleSession } from '../../../contract/supervisor-console.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { timeOfDay } from '../figures.ts';
import { ShortcutList } from '../shortcut-list.tsx';
import { PAGE_KEYS, type Page } from './pages.ts';
import { useConsoleContext } from './use-console.ts';

interface ConsoleTopbarProps {
  readonly session: Extract<ConsoleSession, { state: 'signedIn' }>;
  readonly pages: readonly Page[];
  readonly page: Page;
  readonly onPage: (page: Page) => void;
  readonly nextLanguage: () => void;
  readonly nextTheme: () => void;
}

/** Pages, who is signed in, and what belongs to the console itself. */
export function ConsoleTopbar({ session, pages, page, onPage, nextLanguage, nextTheme }: ConsoleTopbarProps) {
  const { t, i18n } = useTranslation();
  const now = useNow(1000);
  const { ask } = useConsoleContext();
  const [help, setHelp] = useState(false);
  const lock = () => void ask({ type: 'lock' });
  const signOut = () => void ask({ type: 'signOut' });
  useShortcuts({
    ...Object.fromEntries(pages.map((name) => [PAGE_KEYS[name], () => onPage(name)])),
    t: nextTheme,
    l: nextLanguage,
    q: lock,
    z: signOut,
    '?': () => setHelp(true),
  });
  return (
    <header className="topbar">
      <div className="topbar-start">
        <h1 className="wordmark">
          Jointgate <span>{t('title')}</span>
        </h1>
        <nav className="pages" aria-label={t('pages.title')}>
          {pages.map((name) => (
            <button
              key={name}
              type="button"
              className="page-button"
              aria-current={name === page ? 'page' : undefined}
              aria-keyshortcuts={PAGE_KEYS[name]}
              onClick={() => onPage(name)}
            >
              {t(`pages.${name}`)}
              <Kbd>{PAGE_KEYS[name].toUpperCase()}</Kbd>
            </button>
          ))}
        </nav>
      </div>
      <div className="topbar-end">
        <span className="who">
          <b className="mono">{session.officer}</b> {t(`roles.${session.role}`)}
          {isOfControl(session.role) ? ` · ${session.authority ?? t('noAuthority')}` : null}
        </span>
        <IconButton label={t('signIn.lock')} shortcut="q" onPress={lock} icon={<LockKeyhole size={16} />} />
        <IconButton label={t('signIn.signOut')} shortcut="z" onPress={signOut} icon={<LogOut size={16} />} />
        <IconButton label={t('languageButton')} shortcut="l" onPress={nextLanguage} icon={<Languages size={16} />} />
        <IconButton label={t('themeButton')} shortcut="t" onPress={nextTheme} icon={<Contrast size={16} />} />
        <IconButton
          label={t('shortcuts.title')}
          shortcut="?"
          onPress={() => setHelp(true)}
          icon={<Keyboard size={16} />}
        />
        <time className="clock">{timeOfDay(new Date(now).toISOString(), i18n.language)}</time>
      </div>
      {help ? <ShortcutList mayLookAs={session.mayLookAs} onClose={() => setHelp(false)} /> : null}
    </header>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly shortcut: string;
  readonly icon: React.ReactNode;
  readonly onPress: () => void;
}

/** An icon and its key; the words are its name and its tooltip. */
function IconButton({ label, shortcut, icon, onPress }: IconButtonProps) {
  return (
    <button
      type="button"
      className="button icon-button"
      aria-label={label}
      title={label}
      aria-keyshortcuts={shortcut}
      onClick={onPress}
    >
      <span aria-hidden="true">{icon}</span>
      <Kbd>{shortcut.toUpperCase()}</Kbd>
    </button>
  );
}
