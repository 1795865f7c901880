// Turns layers.json into dependency-cruiser rules. Tests beside the source may import anything their room may, and `test/`.
const { rooms, packagesOnlyIn } = require('./layers.json');

const escapeRegExp = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const folder = (name) => `^${escapeRegExp(name)}/`;
const TEST_FILE = String.raw`\.(test|contract)\.tsx?$`;

const roomRules = Object.entries(rooms).map(([room, { may }]) => ({
  name: `layer ${room}`,
  comment: `${room} may import only: ${[room, ...may].join(', ')} (build/layers/layers.json)`,
  severity: 'error',
  from: { path: folder(room), pathNot: TEST_FILE },
  to: { path: '^(app|native-bridge|models|build|test)/', pathNot: [room, ...may].map(folder) },
}));

const roomPackageRules = Object.entries(rooms)
  .filter(([, { packages }]) => packages !== undefined)
  .map(([room, { packages }]) => ({
    name: `packages of ${room}`,
    comment: `${room} may use only these npm packages: ${packages.join(', ') || 'none'}`,
    severity: 'error',
    from: { path: folder(room), pathNot: TEST_FILE },
    to: { path: 'node_modules/', pathNot: packages.map((name) => `node_modules/${escapeRegExp(name)}/`) },
  }));

const packageRules = Object.entries(packagesOnlyIn).map(([name, homes]) => ({
  name: `home of ${name}`,
  comment: `${name} is imported only in: ${homes.join(', ')}`,
  severity: 'error',
  from: { path: '^(app|native-bridge|models)/', pathNot: [...homes.map(folder), TEST_FILE] },
  to: { path: `node_modules/${escapeRegExp(name)}/`, dependencyTypesNot: ['type-only'] },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...roomPackageRules,
    ...packageRules,
    {
      name: 'renderer rooms apart',
      comment: 'traveller, supervisor and bench screens share only app/renderer/ui',
      severity: 'error',
      from: { path: '^app/renderer/(traveller|supervisor|bench|diagnostics)/' },
      to: { path: '^app/renderer/', pathNot: ['^app/renderer/$1/', '^app/renderer/ui/'] },
    },
    {
      name: 'product without test or simulators',
      severity: 'error',
      from: { path: '^(app|native-bridge|models)/', pathNot: ['^app/demo/', '^native-bridge/simulators/', TEST_FILE] },
      to: { path: '^(test|native-bridge/simulators)/' },
    },
    { name: 'no circular imports', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no unresolved imports',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(electron|virtual:)' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
