import { ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleAnswerOf } from '../../../contract/supervisor-console.ts';
import { useConsoleContext } from '../console/use-console.ts';

export type Material = ConsoleAnswerOf<'pictures'>;

/**
 * Asks for what is kept for this side's officers, again whenever it has changed. What was asked for another referral is
 * forgotten at once.
 */
export function useMaterial(laneId: string, recordId: string, version: number): Material | null {
  const { ask } = useConsoleContext();
  const [material, setMaterial] = useState<{ readonly recordId: string; readonly answer: Material } | null>(null);
  useEffect(() => {
    if (version === 0) return;
    let wanted = true;
    void ask({ type: 'pictures', laneId, recordId }).then((reply) => {
      if (wanted && reply.ok && reply.value.type === 'pictures') setMaterial({ recordId, answer: reply.value });
    });
    return () => {
      wanted = false;
    };
  }, [ask, laneId, recordId, version]);
  return version > 0 && material?.recordId === recordId ? material.answer : null;
}

/** Portrait and live image side by side, one size and one crop. */
export function ReferralPictures({ material }: { material: Material | null }) {
  const { t } = useTranslation();
  return (
    <div className="referral-pictures">
      <Picture label={t('referral.portrait')} jpeg={material?.portrait ?? null} />
      <Picture label={t('referral.live')} jpeg={material?.live ?? null} />
    </div>
  );
}

function Picture({ label, jpeg }: { label: string; jpeg: string | null }) {
  const { t } = useTranslation();
  return (
    <figure className="referral-picture">
      {jpeg === null ? (
        <span className="referral-no-picture">
          <ImageOff size={22} aria-hidden="true" />
          {t('referral.noPicture')}
        </span>
      ) : (
        <img src={`data:image/jpeg;base64,${jpeg}`} alt={label} draggable={false} />
      )}
      <figcaption>{label}</figcaption>
    </figure>
  );
}
