/**
 * The arrows of the architecture. Each rule says why it is there; ARCHITECTURE.md shows them as a picture.
 * Tests may reach further than what they test: they put real parts together.
 */
const tests = '\\.(test|contract)\\.tsx?$|/(testing|soak|e2e|long-runs|bench)/';

/** Everything inside the project that is not below one of these. */
const allBut = (...allowed) => ({
  path: '^(backend|build|electron|proto|renderer)/',
  pathNot: allowed.map((path) => `^${path}`),
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'renderer-stands-alone',
      comment:
        'The renderer is a web page: it must run in a plain browser, and knows the backend by GraphQL alone. Types that both sides share are generated from proto/ and schema.graphql.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: allBut('renderer/', 'proto/'),
    },
    {
      name: 'backend-stands-alone',
      comment:
        'The backend runs in plain Node, without Electron and without a face. Whoever shows it composes it.',
      severity: 'error',
      from: { path: '^backend/', pathNot: tests },
      to: allBut('backend/', 'proto/'),
    },
    {
      name: 'backend-without-electron',
      comment: 'npm run serve loads nothing of Electron: what the backend needs of it comes in by a port.',
      severity: 'error',
      from: { path: '^(backend|renderer)/' },
      to: { path: '^(node_modules/)?electron($|/)', dependencyTypesNot: ['local'] },
    },
    {
      name: 'electron-composes-the-backend',
      comment:
        'The desktop knows the backend by its composition and the few things that pass through it. Whatever else it needs is asked for in backend/compose.ts.',
      severity: 'error',
      from: { path: '^electron/', pathNot: tests },
      to: allBut(
        'electron/',
        'proto/',
        'backend/(cipher|compose|config|counted-log|disk-errors|errors|lifecycle|logger|loopback|page-files|pause|data-folder|secrets|tidy-environment|whole-file)\\.ts$',
        'backend/embedded/service-process\\.ts$',
      ),
    },
    {
      name: 'contracts-import-nothing',
      comment: 'Everything depends on proto/; it depends on nothing of the project.',
      severity: 'error',
      from: { path: '^proto/', pathNot: tests },
      to: allBut('proto/'),
    },
    {
      name: 'shipped-code-is-not-built-on-build',
      comment: 'build/ makes the desk and does not ship with it.',
      severity: 'error',
      from: { path: '^(electron|renderer|backend|proto)/', pathNot: tests },
      to: { path: '^build/' },
    },
    {
      name: 'proxy-knows-the-service-by-grpc',
      comment:
        'The ticket service may run elsewhere, and be older or newer: the proxy knows it by the proto contract alone.',
      severity: 'error',
      from: { path: '^backend/proxy/', pathNot: tests },
      to: { path: '^backend/(ticket-service|embedded)/' },
    },
    {
      name: 'service-knows-no-caller',
      comment: 'Nothing calls back up: the ticket service serves whoever speaks its contract.',
      severity: 'error',
      from: { path: '^backend/ticket-service/', pathNot: tests },
      to: { path: '^backend/(proxy|embedded|bin)/' },
    },
    {
      name: 'use-cases-know-ports-only',
      comment:
        'A use case reads as a story of store, ports and domain; how calls arrive and where data lies are other people’s business.',
      severity: 'error',
      from: { path: '^backend/ticket-service/use-cases/', pathNot: tests },
      to: allBut(
        'backend/ticket-service/use-cases/',
        'backend/ticket-service/store/ticket-store\\.ts$',
        'backend/(ports|domain)/',
        'backend/(errors|in-batches|logger|pause)\\.ts$',
        'proto/',
      ),
    },
    {
      name: 'adapters-know-their-port',
      comment:
        'An adapter turns one port into one product and can be replaced by another. queue-direct alone may name the proxy’s ticket client, by type.',
      severity: 'error',
      from: { path: '^backend/adapters/', pathNot: tests },
      to: allBut(
        'backend/adapters/',
        'backend/(ports|domain)/',
        'backend/(backoff|pause|errors|logger|trouble-log)\\.ts$',
        'backend/proxy/ticket-client\\.ts$',
        'proto/',
      ),
    },
    {
      name: 'only-compose-names-adapters',
      comment:
        'Which adapters are used is decided in one place: take the port as an argument, and pass the adapter in backend/compose.ts (or, for the service’s own process, compose-ticket-service.ts).',
      severity: 'error',
      from: { pathNot: [tests, '^backend/compose(-ticket-service)?\\.ts$', '^backend/adapters/'] },
      to: { path: '^backend/adapters/' },
    },
    {
      name: 'ports-and-domain-know-nothing',
      comment:
        'What a ticket is, and what the backend asks of a queue or a cache, depends on no way of doing it.',
      severity: 'error',
      from: { path: '^backend/(domain|ports)/', pathNot: tests },
      to: allBut('backend/(domain|ports)/', 'backend/errors\\.ts$', 'proto/'),
    },
    {
      name: 'domain-knows-no-package',
      comment: 'The rules of a ticket run anywhere: no package, nothing of Node.',
      severity: 'error',
      from: { path: '^backend/domain/', pathNot: tests },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'features-know-no-sibling',
      comment:
        'A feature can be read, changed and removed alone. What two of them share goes to renderer/components or renderer/state.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: tests },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'shared-parts-know-no-feature',
      comment: 'Arrows in the renderer go one way: app, then features, then what they share.',
      severity: 'error',
      from: { path: '^renderer/(components|state|graphql)/', pathNot: tests },
      to: { path: '^renderer/(features|app)/' },
    },
    {
      name: 'features-know-no-app',
      comment:
        'The app puts features together; a feature that needs something of it takes it as a property or from renderer/state.',
      severity: 'error',
      from: { path: '^renderer/features/', pathNot: tests },
      to: { path: '^renderer/app/' },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that import each other are one file in two places: move what they share to a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment: 'The file or package is not there.',
      severity: 'error',
      from: {},
      // A package of types alone has nothing to load.
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
    {
      name: 'shipped-code-uses-dependencies',
      comment:
        'A package that ships is a dependency, not a devDependency. Electron itself comes with the window.',
      severity: 'error',
      from: { path: '^(electron|backend)/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/electron/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
