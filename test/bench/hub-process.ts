import { unwrap } from '../../app/contract/result.ts';
import { type HubOptions, openHub } from '../../app/hub/open-hub.ts';

// A hub in a process of its own, for benchmarks and fault tests: told what to serve by its first message, and asked for the
// processor time it has used by the others.

process.once('message', async (options: HubOptions) => {
  const faults: string[] = [];
  const hub = unwrap(
    await openHub({ ...options, onFault: (error) => faults.push(error instanceof Error ? error.message : 'unknown') }),
  );
  process.on('message', async (ask) => {
    if (ask === 'cpu') process.send?.({ cpu: process.cpuUsage(), faults, rss: process.memoryUsage.rss() });
    if (ask === 'stop') {
      await hub.close();
      process.exit(0);
    }
  });
  process.send?.({ lanePort: hub.lanePort });
});
