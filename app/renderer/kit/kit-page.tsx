import { ConsoleSamples } from './console-samples.tsx';
import { Palette } from './palette.tsx';
import { PictureSamples } from './picture-samples.tsx';
import { SessionSamples } from './session-samples.tsx';

const THEMES = ['light', 'dark', 'contrast'] as const;

/** All parts in all states, in each theme: to look at after a change, and for axe. */
export function KitPage() {
  return (
    <main className="kit">
      <h1>Jointgate kit</h1>
      {THEMES.map((theme) => (
        <section key={theme} className="kit-theme" data-theme={theme} aria-label={`${theme} theme`}>
          <h2>{theme}</h2>
          <Palette />
          <ConsoleSamples />
          <SessionSamples />
          <PictureSamples />
        </section>
      ))}
    </main>
  );
}
