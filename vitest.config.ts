import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'app/**/*.test.{ts,tsx}',
      'native-bridge/**/*.test.ts',
      'models/**/*.test.ts',
      'build/**/*.test.ts',
      'test/integration/**/*.test.ts',
      'test/hub/**/*.test.ts',
      'test/guarantees/**/*.test.ts',
      'test/security/**/*.test.ts',
      'test/soak/**/*.test.ts',
      'test/bench/**/*.test.ts',
      'docs/integrators/**/*.test.ts',
    ],
    // Whole lanes through long stories: `npm run test:long`. What `npm test` runs stays under ten minutes on two cores.
    exclude:
      process.env.JOINTGATE_LONG === undefined
        ? [...configDefaults.exclude, '**/*.long.test.ts']
        : configDefaults.exclude,
    // Serial ports, SQLite files and ONNX sessions are real here: separate processes keep native state apart.
    pool: 'forks',
    // Whole lanes mostly wait for doors, ports and people: two at once keep two cores busy, one keeps them idle. With three, a chip's
    // acknowledgements come too late now and then.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
