import { describeControl } from './control.contract.ts';
import { openServerBench } from './server/server-bench.ts';

describeControl('the embedded control', async (bench) => ({ front: bench.control, close: async () => undefined }));

describeControl('a control behind HTTPS with mutual TLS', async (bench) => {
  const { server, openClient } = await openServerBench(bench);
  return { front: openClient(), close: () => server.close() };
});
