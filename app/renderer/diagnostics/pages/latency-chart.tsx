import { useTranslation } from 'react-i18next';
import type { DeviceHealthView } from '../../../contract/diagnostics-view.ts';

const HEIGHT = 56;
const BAR = 26;
const GAP = 4;

/** How many answers came within which time: one bar a bucket, doubling from left to right. */
export function LatencyChart({ latency }: { latency: NonNullable<DeviceHealthView['latency']> }) {
  const { t, i18n } = useTranslation();
  const { buckets, boundsMs, count, p50Ms, p95Ms, maxMs } = latency;
  const most = Math.max(1, ...buckets);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const label = (index: number): string => {
    const bound = boundsMs[index];
    const amount = { count: number.format(buckets[index] ?? 0) };
    return bound === undefined
      ? t('latency.over', { ms: number.format(boundsMs.at(-1) ?? 0), ...amount })
      : t('latency.upTo', { ms: number.format(bound), ...amount });
  };
  const figures = [
    ['count', number.format(count)],
    ['median', p50Ms === null ? '–' : `${number.format(Math.min(p50Ms, maxMs))} ms`],
    ['p95', p95Ms === null ? '–' : `${number.format(Math.min(p95Ms, maxMs))} ms`],
    ['longest', `${number.format(maxMs)} ms`],
  ] as const;
  return (
    <figure className="latency">
      <figcaption className="section-title">{t('latency.title')}</figcaption>
      <dl className="counters">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`latency.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <svg
        className="latency-bars"
        viewBox={`0 0 ${buckets.length * (BAR + GAP)} ${HEIGHT + 16}`}
        role="img"
        aria-label={buckets.flatMap((value, index) => (value === 0 ? [] : [label(index)])).join(', ')}
      >
        {buckets.map((value, index) => {
          const height = value === 0 ? 1 : Math.max(3, (HEIGHT * value) / most);
          const x = index * (BAR + GAP);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
            <g key={index}>
              <rect x={x} y={HEIGHT - height} width={BAR} height={height} rx="2" data-empty={value === 0} />
              <text x={x + BAR / 2} y={HEIGHT + 12} textAnchor="middle">
                {boundsMs[index] === undefined ? '>' : shortMs(boundsMs[index] ?? 0)}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

function shortMs(ms: number): string {
  return ms >= 1_000 ? `${Math.round(ms / 1_000)}s` : String(ms);
}
