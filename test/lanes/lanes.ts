/** Tests that `npm test` runs small, run as large as a release wants them. */
export interface Lane {
  /** What is counted, and how much of it this lane takes by default; null where it has one size only. */
  readonly unit: string | null
  readonly size: number | null
  /** What makes the tests so large, and the files they stand in. */
  readonly variables: (size: number) => Readonly<Record<string, string>>
  readonly files: readonly string[]
}

const counted = (variable: string) => (size: number) => ({ [variable]: String(size) })

export const lanes = {
  streams: {
    unit: 'texts',
    size: 100_000,
    variables: counted('SALLYPORT_STREAM_TEXTS'),
    files: ['test/unit/gateway/screen/stream-equals-whole.test.ts'],
  },
  privacy: {
    unit: 'cases of all properties together',
    size: 1_000_000,
    variables: counted('SALLYPORT_PRIVACY_CASES'),
    files: [
      'test/unit/gateway/privacy/round-trip.test.ts',
      'test/unit/gateway/privacy/surrogates/round-trip.test.ts',
      'test/unit/gateway/privacy/tokens/prefix-free.test.ts',
      'test/unit/gateway/privacy/never-restored.test.ts',
      'test/contract/privacy-prefixes.test.ts',
    ],
  },
  leaks: {
    unit: 'mixed runs',
    size: 2_000,
    variables: (size) => ({
      SALLYPORT_LEAK_RUNS: String(size),
      SALLYPORT_LEAK_KILLS: String(Math.ceil(size / 100)),
      SALLYPORT_LEAK_SESSIONS: String(Math.ceil(size / 40)),
    }),
    files: ['test/integration/sandbox-leaks.test.ts'],
  },
  truth: {
    unit: 'runs of each outcome',
    size: 500,
    variables: counted('SALLYPORT_TRUTH_RUNS'),
    files: ['test/integration/truth.test.ts'],
  },
  attacks: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_ATTACKS: '1' }),
    files: ['test/attack/sandbox-docker.test.ts', 'test/attack/sandbox-runsc.test.ts'],
  },
  mutations: {
    unit: 'mutated statements on PostgreSQL',
    size: 100_000,
    variables: counted('SALLYPORT_MUTATIONS'),
    files: ['test/integration/sql-oracle.test.ts'],
  },
  'mysql-mutations': {
    unit: 'mutated statements on MariaDB and MySQL',
    size: 1_500,
    variables: counted('SALLYPORT_MUTATIONS'),
    files: ['test/integration/mysql-oracle.test.ts'],
  },
  templates: {
    unit: 'rounds of statements alike',
    size: 200,
    variables: counted('SALLYPORT_TEMPLATE_ROUNDS'),
    files: ['test/contract/sql-templates.test.ts'],
  },
  trackers: {
    unit: 'statements of an attacker',
    size: 1_000,
    variables: counted('SALLYPORT_TRACKER_STATEMENTS'),
    files: ['test/attack/sql-differencing.test.ts'],
  },
  reconstruction: {
    unit: 'statements of an attacker',
    size: 2_500,
    variables: counted('SALLYPORT_RECONSTRUCTION_STATEMENTS'),
    files: ['test/attack/sql-reconstruction.test.ts'],
  },
  solver: {
    unit: 'ways for each function',
    size: 100,
    variables: counted('SALLYPORT_SOLVER_WAYS'),
    files: ['test/attack/sql-solver.test.ts'],
  },
  quotas: {
    unit: 'requests at a time of each of four processes',
    size: 1_000,
    variables: (size) => ({
      SALLYPORT_QUOTA_REQUESTS: String(size),
      SALLYPORT_QUOTA_KILLS: String(Math.ceil(size / 20)),
    }),
    files: [
      'test/contract/quotas-embedded.test.ts',
      'test/contract/quotas-postgres.test.ts',
      'test/contract/quotas-redis.test.ts',
    ],
  },
  bodies: {
    unit: 'bodies and streams on their way through',
    size: 20_000,
    variables: counted('SALLYPORT_BODIES'),
    files: ['test/contract/pass-through-bytes.test.ts'],
  },
  kills: {
    unit: 'writers killed over each storage',
    size: 50,
    variables: counted('SALLYPORT_STORAGE_KILLS'),
    files: ['test/contract/storage-embedded.test.ts', 'test/contract/storage-postgres.test.ts'],
  },
  dabench: {
    unit: 'questions about tables',
    size: 118,
    variables: counted('SALLYPORT_DABENCH_QUESTIONS'),
    files: ['test/e2e/dabench.test.ts'],
  },
  crashes: {
    unit: 'kills of a service with all surfaces at work, over each storage',
    size: 50,
    variables: counted('SALLYPORT_SERVICE_KILLS'),
    files: ['test/contract/surfaces/killed-service.test.ts'],
  },
  replicas: {
    unit: 'restarts of each of two replicas under load, in sandboxes of the machine',
    size: 5,
    variables: counted('SALLYPORT_REPLICA_RESTARTS'),
    files: ['test/integration/replicas.test.ts', 'test/integration/replicas-away.test.ts'],
  },
  patience: {
    unit: 'seconds that a cell says nothing',
    size: 45,
    variables: counted('SALLYPORT_CELL_SECONDS'),
    files: ['test/e2e/long-cells.test.ts'],
  },
  endpoints: {
    unit: 'requests of every kind',
    size: 100_000,
    variables: counted('SALLYPORT_FUZZ_REQUESTS'),
    files: ['test/e2e/endpoint-fuzz.test.ts'],
  },
  schemathesis: {
    unit: 'examples of each operation',
    size: 500,
    variables: counted('SALLYPORT_SCHEMATHESIS_EXAMPLES'),
    files: ['test/integration/schemathesis.test.ts'],
  },
  injections: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_INJECTIONS: '1' }),
    files: ['test/attack/agentdojo.test.ts', 'test/attack/threat-bench.test.ts', 'test/attack/coding-agent.test.ts'],
  },
  obeying: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_OBEYING: '1' }),
    files: ['test/attack/obeying-model.test.ts', 'test/attack/adaptive-analyst.test.ts'],
  },
  'obeying-planned': {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_OBEYING: '1', SALLYPORT_OBEYING_PLAN: 'model' }),
    files: [
      'test/attack/obeying-model.test.ts',
      'test/attack/adaptive-analyst.test.ts',
      'test/e2e/planned-questions.test.ts',
    ],
  },
  'service-schemathesis': {
    unit: 'examples of each operation of the service',
    size: 180,
    variables: counted('SALLYPORT_SCHEMATHESIS_EXAMPLES'),
    files: ['test/integration/schemathesis-service.test.ts'],
  },
  bombs: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_ALL_BOMBS: '1' }),
    files: ['test/integration/files.test.ts'],
  },
  servers: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_POSTGRES_MAJORS: '14,16,17,18' }),
    files: ['test/integration/postgres.test.ts'],
  },
  kubernetes: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_KUBERNETES: 'from-nothing' }),
    files: [
      'test/contract/sandbox-kubernetes.test.ts',
      'test/integration/walls-kubernetes.test.ts',
      'test/integration/refusals-kubernetes.test.ts',
      'test/integration/doctor-kubernetes.test.ts',
      'test/integration/hostile-kubernetes.test.ts',
      'test/integration/kills-kubernetes.test.ts',
      'test/integration/owners-kubernetes.test.ts',
      'test/integration/outages-kubernetes.test.ts',
      'test/integration/leaks-kubernetes.test.ts',
      'test/integration/truth-kubernetes.test.ts',
      'test/attack/sandbox-kubernetes.test.ts',
      'test/integration/cluster-kubernetes.test.ts',
      'test/integration/interrupted-kubernetes.test.ts',
    ],
  },
  'cluster-service': {
    unit: 'restarts of both replicas in a cluster under load',
    size: 3,
    variables: counted('SALLYPORT_SERVICE_RESTARTS'),
    files: ['test/integration/service-kubernetes.test.ts'],
  },
  detection: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_DETECTION: '1', SALLYPORT_CORPORA: '1' }),
    files: ['test/integration/detection.test.ts', 'test/integration/detection-corpora.test.ts'],
  },
  corpora: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_CORPORA: '1' }),
    files: [
      'test/integration/table-corpus.test.ts',
      'test/integration/chart-gallery.test.ts',
      'test/integration/workloads.test.ts',
    ],
  },
  properties: {
    unit: null,
    size: null,
    variables: () => ({ SALLYPORT_PROPERTIES: '1' }),
    files: [
      'test/unit/agent/compaction.test.ts',
      'test/unit/endpoints/contract/ecma-pattern.test.ts',
      'test/unit/feedback/recording/rollout-counter.test.ts',
      'test/unit/filters/inert.test.ts',
      'test/unit/filters/leak/canary-length.test.ts',
      'test/unit/filters/pii/numbers.test.ts',
      'test/unit/filters/pipeline/calibration.test.ts',
      'test/unit/filters/pipeline/composition.test.ts',
      'test/unit/filters/views/possible-disguises.test.ts',
      'test/unit/filters/views/stretches.test.ts',
      'test/unit/filters/windows/open-blocks.test.ts',
      'test/unit/filters/windows/segmenter.test.ts',
      'test/unit/gateway/calls/whole-events.test.ts',
      'test/unit/gateway/privacy/mask/explain-body.test.ts',
      'test/unit/gateway/privacy/mask/known-values.test.ts',
      'test/unit/gateway/privacy/restore/link-guard.test.ts',
      'test/unit/gateway/privacy/restore/new-values.test.ts',
      'test/unit/gateway/privacy/tokens/spellings.test.ts',
      'test/unit/http/json-shape.test.ts',
      'test/unit/media/refusals.test.ts',
      'test/unit/provenance/never-chosen.test.ts',
      'test/unit/text/inert-markdown.test.ts',
      'test/unit/text/json-tree.test.ts',
      'test/unit/text/sequence-finder.test.ts',
      'test/unit/text/untrusted.test.ts',
    ],
  },
} as const satisfies Readonly<Record<string, Lane>>

export type LaneName = keyof typeof lanes

/** Did a run with these variables have this lane at its own size? */
export function hasRun(name: LaneName, environment: Readonly<Record<string, string | undefined>>): boolean {
  const lane: Lane = lanes[name]
  return Object.entries(lane.variables(lane.size ?? 0)).every(([variable, wanted]) => {
    const given = environment[variable]
    return given === wanted || Number(given) >= Number(wanted)
  })
}
