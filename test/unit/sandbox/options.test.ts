import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isolateOptions } from '../../../src/sandbox/isolates/options.ts'
import { sandboxLimitOptions, sandboxOptions, sandboxPoolOptions } from '../../../src/sandbox/options.ts'

type Given = Readonly<Record<string, unknown>>
const schemas = { sandboxOptions, sandboxLimitOptions, sandboxPoolOptions, isolateOptions }
const accepts = (schema: z.ZodType, given: Given) => schema.safeParse(given).success
/** So high that the bound under test is the only one that counts. */
const roomy: Readonly<Record<string, Given>> = {
  sandboxLimitOptions: { wall_ceiling_ms: 6e8 },
  sandboxPoolOptions: { minimum_ready: 0, maximum_ready: 0, maximum: 1e6 },
  isolateOptions: { wall_ceiling_ms: 6e8 },
}

describe('the options of a sandbox', () => {
  it('are these where nothing is configured', () => {
    expect(sandboxOptions.parse({})).toEqual({
      driver: 'auto',
      docker_socket: '/var/run/docker.sock',
      runtime: 'sallyport-runsc',
      image: null,
      runsc_path: null,
      kubernetes: {
        image: null,
        namespace: 'sallyport-sandboxes',
        runtime_class: 'gvisor',
        kubeconfig: null,
        context: null,
        start_ms: 60_000,
        request_cpus: 0.1,
        request_memory_mb: 384,
        longest_session_ms: 86_400_000,
        server: 'https://kubernetes.default.svc',
        pod_name: null,
        pod_uid: null,
      },
      detection: { mode: 'off', rules: [], own_rules: true, kill_at: null },
      snapshots: true,
      sharing: 'read-only',
      idle_ms: 1_800_000,
      sweep_ms: 60_000,
      interrupt_ms: 100,
      figures_ms: 2_000,
      kill_ms: 40,
      limits: {
        wall_ms: 30_000,
        wall_ceiling_ms: 300_000,
        cpus: 1,
        memory_mb: 1_024,
        memory_reserve_mb: 256,
        processes: 128,
        open_files: 256,
        file_mb: 256,
        data_mb: 512,
        temporary_mb: 128,
        output_kb: 1_024,
        result_kb: 16_384,
        results: 100,
        table_rows: 200,
        pixels: 16_000_000,
        artifacts: 200,
      },
      pool: {
        minimum_ready: 1,
        maximum_ready: 4,
        maximum: 16,
        maximum_per_tenant: 8,
        queue: 64,
        queue_ms: 30_000,
        starts_at_once: 2,
      },
    })
    expect(isolateOptions.parse({})).toEqual({
      memory_mb: 128,
      wall_ms: 5_000,
      wall_ceiling_ms: 30_000,
      output_kb: 256,
      result_kb: 1_024,
      ready: 1,
      maximum: 8,
      queue_ms: 10_000,
      sessions_per_isolate: 100,
      jobs_per_process: 1_000,
    })
  })

  it.each(Object.entries(schemas))('say each what it is for: %s', (_name, schema) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as { properties?: Record<string, Given> }
    const silent = Object.entries(properties).filter(([, { type, description }]) => type !== 'object' && !description)
    expect(silent).toEqual([])
    expect(Object.keys(properties).length).toBeGreaterThan(5)
  })

  it.each([
    ['sandboxOptions', 'idle_ms', 1_000],
    ['sandboxOptions', 'sweep_ms', 1_000],
    ['sandboxOptions', 'interrupt_ms', 0],
    ['sandboxOptions', 'figures_ms', 0],
    ['sandboxOptions', 'kill_ms', 1],
    ['sandboxLimitOptions', 'wall_ms', 10],
    ['sandboxLimitOptions', 'memory_mb', 1],
    ['sandboxLimitOptions', 'memory_reserve_mb', 128],
    ['sandboxLimitOptions', 'processes', 32],
    ['sandboxLimitOptions', 'open_files', 128],
    ['sandboxLimitOptions', 'output_kb', 1],
    ['sandboxLimitOptions', 'result_kb', 1],
    ['sandboxLimitOptions', 'results', 1],
    ['sandboxLimitOptions', 'table_rows', 1],
    ['sandboxLimitOptions', 'pixels', 1],
    ['sandboxLimitOptions', 'artifacts', 1],
    ['sandboxPoolOptions', 'minimum_ready', 0],
    ['sandboxPoolOptions', 'maximum_ready', 0],
    ['sandboxPoolOptions', 'maximum', 1],
    ['sandboxPoolOptions', 'maximum_per_tenant', 1],
    ['sandboxPoolOptions', 'queue', 0],
    ['sandboxPoolOptions', 'queue_ms', 1],
    ['sandboxPoolOptions', 'starts_at_once', 1],
    ['isolateOptions', 'memory_mb', 8],
    ['isolateOptions', 'wall_ms', 10],
    ['isolateOptions', 'output_kb', 1],
    ['isolateOptions', 'result_kb', 1],
    ['isolateOptions', 'ready', 0],
    ['isolateOptions', 'maximum', 1],
    ['isolateOptions', 'queue_ms', 1],
    ['isolateOptions', 'sessions_per_isolate', 1],
    ['isolateOptions', 'jobs_per_process', 1],
  ] as const)('are refused below what makes sense, and in parts: %s.%s from %d', (name, option, least) => {
    const given = (value: unknown) => accepts(schemas[name], { ...roomy[name], [option]: value })
    expect([least, least - 1, least + 0.5, String(least), null].map(given)).toEqual([true, false, false, false, false])
  })

  it.each([
    [sandboxLimitOptions, { wall_ms: 20, wall_ceiling_ms: 20 }, { wall_ms: 21, wall_ceiling_ms: 20 }],
    [sandboxLimitOptions, { cpus: 0.1 }, { cpus: 0.09 }],
    [sandboxPoolOptions, { minimum_ready: 3, maximum_ready: 3 }, { minimum_ready: 4, maximum_ready: 3 }],
    [sandboxPoolOptions, { maximum_ready: 5, maximum: 5 }, { maximum_ready: 6, maximum: 5 }],
    [isolateOptions, { wall_ms: 20, wall_ceiling_ms: 20 }, { wall_ms: 21, wall_ceiling_ms: 20 }],
    [isolateOptions, { memory_mb: 4_096 }, { memory_mb: 4_097 }],
    [sandboxOptions, { driver: 'runsc' }, { driver: 'isolate' }],
    [sandboxOptions, { image: 'x', runsc_path: 'x' }, { image: '' }],
    [sandboxOptions, { image: null, runsc_path: null }, { runsc_path: '' }],
    [sandboxOptions, { docker_socket: 'x', runtime: 'x' }, { docker_socket: '' }],
    [sandboxOptions, {}, { runtime: '' }],
    [sandboxOptions, {}, { more: 1 }],
    [isolateOptions, {}, { more: 1 }],
  ])('fit together (%#)', (schema, fit, unfit) => {
    expect([accepts(schema, fit), accepts(schema, unfit)]).toEqual([true, false])
  })
})
