// What `npm run …` means: which program runs in the end, and whether it needs the sandbox.

/**
 * @typedef {object} Target
 * @property {boolean} sandbox whether Docker, gVisor and the image are set up first
 * @property {string[]} [withoutSandbox] options with which it runs without one all the same
 * @property {(parameters: readonly string[]) => boolean} [web] whether the web app is built first
 * @property {(parameters: readonly string[]) => boolean} [browser] whether a browser is installed first
 * @property {'person' | 'project'} folder where the program works: where the person stands, or the checkout
 * @property {Readonly<Record<string, string>>} [environment] what it is started with where the person says nothing else
 * @property {string[][]} commands run one after another until one fails; the person's arguments go to the last; `node` is the project's own
 */

/**
 * What a process is started with that answers calls for long. As much as the engine takes by itself for young objects of a
 * machine with much memory, and the C library for each thread, is never given back; docs/operations.md has the figures.
 */
export const LASTING = { flags: ['--max-semi-space-size=16'], environment: { MALLOC_ARENA_MAX: '2' } }

const always = () => true

const CLI = ['node', ...LASTING.flags, 'src/cli/start.mjs']

/** @type {Record<string, Target>} */
export const TARGETS = {
  demo: {
    sandbox: true,
    // It shows a guarded endpoint; the command makes the Python of the example.
    withoutSandbox: ['--upstream'],
    web: (parameters) => parameters.includes('--web'),
    folder: 'person',
    environment: LASTING.environment,
    commands: [[...CLI, 'demo']],
  },
  test: { sandbox: true, web: always, browser: always, folder: 'project', commands: [['node', 'test/run.ts']] },
  sallyport: {
    sandbox: false,
    web: (parameters) => parameters.includes('serve'),
    folder: 'person',
    environment: LASTING.environment,
    commands: [CLI],
  },
  setup: {
    sandbox: true,
    web: always,
    browser: (parameters) => parameters.includes('--browser'),
    folder: 'project',
    commands: [],
  },
  bench: {
    sandbox: true,
    web: (parameters) => parameters.includes('web'),
    browser: (parameters) => parameters.includes('web'),
    folder: 'project',
    commands: [['node', 'test/bench/main.ts']],
  },
  lane: { sandbox: true, web: always, browser: always, folder: 'project', commands: [['node', 'test/lanes/main.ts']] },
  layers: { sandbox: true, folder: 'project', commands: [['node', '--no-node-snapshot', 'test/layers/main.ts']] },
  kubernetes: {
    sandbox: true,
    withoutSandbox: ['down', 'status', 'env'],
    folder: 'project',
    commands: [['node', 'setup/kubernetes.mjs']],
  },
  'service-image': { sandbox: false, folder: 'project', commands: [['node', 'setup/service-image.mjs']] },
  mutants: { sandbox: false, folder: 'project', commands: [['node', 'test/mutants/main.ts']] },
  sbom: { sandbox: false, folder: 'project', commands: [['node', 'setup/sbom.mjs']] },
  clients: { sandbox: false, folder: 'project', commands: [['node', 'clients/generate/main.ts']] },
  'open-webui': { sandbox: false, folder: 'project', commands: [['node', 'test/support/open-webui/install.ts']] },
  train: { sandbox: false, folder: 'project', commands: [['node', 'training/main.ts']] },
  check: {
    sandbox: false,
    web: always,
    folder: 'project',
    commands: [['node', 'setup/check.mjs']],
  },
}
