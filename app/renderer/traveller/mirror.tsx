import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaptureHint } from '../../contract/traveller-view.ts';
import { HintSign } from './pictures/hint-sign.tsx';
import { MOVEMENTS } from './sentence.ts';

interface MirrorProps {
  readonly stream: MediaStream | null;
  readonly hint: CaptureHint | null;
}

/** The traveller in a circle, mirrored, with an oval to stand in that becomes calm when the pose is right. No boxes, no scores. */
export function Mirror({ stream, hint }: MirrorProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  // A face that is asked to hold still or to move stands right already: the oval must not say otherwise.
  const calm = hint === null || hint === 'holdStill' || MOVEMENTS.includes(hint);
  return (
    <div className="mirror" data-pose={calm ? 'right' : 'seeking'}>
      {stream === null ? (
        <svg className="mirror-empty" viewBox="0 0 480 480" aria-hidden="true" focusable="false">
          <circle cx="240" cy="196" r="84" />
          <path d="M80 470 a160 160 0 0 1 320 0" />
        </svg>
      ) : (
        <video ref={video} className="mirror-video" autoPlay muted playsInline aria-label={t('labels.mirror')} />
      )}
      <svg className="mirror-guide" viewBox="0 0 480 480" aria-hidden="true" focusable="false">
        <ellipse className="mirror-oval-edge" cx="240" cy="232" rx="118" ry="156" />
        <ellipse className="mirror-oval" cx="240" cy="232" rx="118" ry="156" />
      </svg>
      <svg className="mirror-ring" viewBox="0 0 480 480" aria-hidden="true" focusable="false">
        <circle className="mirror-ring-rail" cx="240" cy="240" r="232" />
        <circle className="mirror-ring-arc" cx="240" cy="240" r="232" pathLength="100" />
      </svg>
      {hint === null ? null : <HintSign hint={hint} />}
    </div>
  );
}
