import { useTranslation } from 'react-i18next';
import type { ConsoleError } from '../../../contract/supervisor-console.ts';

/** Why something was not done, in a sentence: what happened and what to do. */
export function ErrorText({ error }: { error: ConsoleError }) {
  const { t } = useTranslation();
  const { code, waitSeconds, by } = error;
  return (
    <p className="error-text">
      {t(`errors.${code}`)}
      {code === 'accountLocked' ? (
        <> {waitSeconds === null ? t('signIn.askAdministrator') : t('signIn.waitSeconds', { seconds: waitSeconds })}</>
      ) : null}
      {by === null ? null : <> {t('errorBy', { officer: by })}</>}
    </p>
  );
}
