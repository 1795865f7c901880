import { Ban, CircleCheck, CircleDashed, CircleHelp, CircleX, UserRoundX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ReferralView } from '../../../contract/supervisor-view.ts';
import { Detail } from '../detail.tsx';

type Answer = ReferralView['answers'][number];

const ICONS = {
  waiting: CircleDashed,
  clear: CircleCheck,
  refer: UserRoundX,
  refuse: CircleX,
  noAnswer: CircleHelp,
  invalid: Ban,
} as const;

const TONES: Readonly<Record<Answer['word'], string>> = {
  waiting: 'neutral',
  clear: 'go',
  refer: 'attention',
  refuse: 'stop',
  noAnswer: 'attention',
  invalid: 'stop',
};

interface AnswerRowProps {
  readonly answer: Answer;
  /** Says in words why the other side's reason is not here; a lane card is too small for it. */
  readonly explain: boolean;
}

/** One control's word, and its reason where this viewer may read it. */
export function AnswerRow({ answer, explain }: AnswerRowProps) {
  const { t } = useTranslation();
  const Icon = ICONS[answer.word];
  const hasReasonElsewhere = answer.word === 'refer' || answer.word === 'refuse';
  return (
    <div className="answer" data-side={answer.side} data-tone={TONES[answer.word]}>
      <span className="answer-side">{t(`sides.${answer.side}`)}</span>
      <span className="answer-word">
        <Icon size={18} aria-hidden="true" />
        {t(`words.${answer.word}`)}
      </span>
      {answer.reason === null ? null : (
        <span className="answer-reason">
          <Detail codes={answer.reason} />
        </span>
      )}
      {answer.reason === null && explain && hasReasonElsewhere ? (
        <span className="answer-hidden">{t('reasonHidden')}</span>
      ) : null}
    </div>
  );
}
