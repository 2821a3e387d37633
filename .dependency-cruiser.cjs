/**
 * The layers of Hopscope as rules that a program checks. Run with `npm run layers`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const error = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    error(
      'shared-is-shared',
      'shared/ runs in every host and in the browser: it imports only itself and valibot.',
      { path: '^shared/' },
      { pathNot: ['^shared/', '^node_modules/valibot/'] },
    ),
    error(
      'renderer-knows-no-engine',
      'The renderer speaks to the engine through the contract in shared/ alone, and has no Node.',
      { path: '^renderer/' },
      { path: '^electron/', dependencyTypesNot: ['npm', 'npm-dev'] },
    ),
    error(
      'renderer-has-no-node',
      'The renderer runs in a browser.',
      { path: '^renderer/' },
      { dependencyTypes: ['core'] },
    ),
    error(
      'engine-is-host-free',
      'The engine runs in any host: it knows neither Electron nor the bridge nor a window.',
      { path: '^electron/engine/' },
      { path: ['^electron/(?!engine/)', '^renderer/', '^node_modules/electron/'] },
    ),
    error(
      'electron-only-in-the-desktop-host',
      'The electron module exists only inside Electron: importing it elsewhere breaks the headless host.',
      { pathNot: ['^electron/(main|preload)\\.ts$', '^electron/desktop/'] },
      { path: '^node_modules/electron/', dependencyTypesNot: ['type-only'] },
    ),
    error(
      'headless-reaches-no-desktop',
      'The headless host must start under plain Node: nothing it reaches may belong to the desktop.',
      { path: '^electron/cli\\.ts$' },
      { path: ['^electron/desktop/', '^electron/main\\.ts$'], reachable: true },
    ),
    error(
      'bridge-is-host-free',
      'The bridge serves the contract over transports handed to it, so that both hosts share it.',
      { path: '^electron/bridge/' },
      { path: ['^electron/(desktop|demo)/', '^electron/(main|preload|cli)\\.ts$', '^renderer/'] },
    ),
    error(
      'pure-policy',
      'Cache policy and HTTP parsing are pure: no Node modules, so that the same code explains, predicts and decides.',
      { path: '^electron/engine/(cache|http)/', pathNot: '^electron/engine/cache/stores/' },
      { dependencyTypes: ['core'] },
    ),
    error(
      'policy-stands-alone',
      'Cache policy and HTTP parsing know only themselves and shared words.',
      { path: '^electron/engine/(cache|http)/' },
      { path: '^electron/', pathNot: '^electron/engine/(cache|http|errors\\.ts|clock\\.ts)' },
    ),
    error(
      'http-knows-no-cache',
      'Parsing is below the cache.',
      { path: '^electron/engine/http/' },
      { path: '^electron/engine/cache/' },
    ),
    error(
      'handlers-stand-alone',
      'A handler is one link of the chain: the chain knows the handlers, a handler knows no other. Its parts share its first word.',
      { path: '^electron/engine/handlers/([a-z]+)[^/]*\\.ts$' },
      { path: '^electron/engine/handlers/', pathNot: '^electron/engine/handlers/$1[-.]' },
    ),
    error(
      'preload-is-one-file',
      'The preload is a thin, sandboxed bridge: shared words and electron, nothing else.',
      { path: '^electron/preload\\.ts$' },
      { pathNot: ['^shared/', '^node_modules/electron/'] },
    ),
    error('no-cycles', 'A cycle means that two files are one.', {}, { circular: true }),
    error(
      'no-tests-in-production',
      'What ships never imports tests, benchmarks or scripts.',
      { path: '^(electron|shared|renderer)/' },
      { path: '^(tests|bench|scripts)/' },
    ),
    error(
      'no-dev-dependency-at-run-time',
      'The main process resolves its dependencies at run time, so they must be in "dependencies"; electron provides itself.',
      { path: '^(electron|shared)/' },
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/(electron|@types/[^/]+)/',
      },
    ),
    error(
      'no-undeclared-dependency',
      'Every package is declared.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    error('resolvable', 'Every import leads to a file.', {}, { couldNotResolve: true }),
    error(
      'no-orphans',
      'A file that nothing imports is dead or forgotten.',
      {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '^electron/(main|preload|cli)\\.ts$',
          '^electron/engine/gateway/thread/',
          '^renderer/main\\.tsx$',
        ],
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    builtInModules: { add: ['node:sqlite'] },
  },
};
