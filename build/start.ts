import { spawn } from 'node:child_process';
import { prepareLaunch } from './launch.ts';

/**
 * `npm start`: the demo lane. With a display the three windows open and wait for a person; without one a scripted visitor
 * uses the bench in a virtual display, and screenshots and the timeline are kept in out/demo/.
 */
const say = (line: string): void => console.log(`jointgate: ${line}`);

try {
  const launchable = await prepareLaunch(say);
  const asked = process.argv.slice(2);
  if (launchable.display === null) {
    const args = [...launchable.args, '--demo', ...asked];
    const child = spawn(launchable.runtime.executable, args, { stdio: 'inherit', env: launchable.env });
    child.on('exit', (code) => process.exit(code ?? 1));
  } else {
    const { runTour } = await import('./tour.ts');
    const cleared = await runTour(launchable, asked, say);
    launchable.display.close();
    process.exit(cleared ? 0 : 1);
  }
} catch (error) {
  console.error(`jointgate: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(3);
}
