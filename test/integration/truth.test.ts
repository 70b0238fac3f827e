import Docker from 'dockerode'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { toServiceError } from '../../src/core/errors.ts'
import type { Outcome } from '../../src/core/result.ts'
import { faultJson, runAnswerJson } from '../../src/cli/output/cell-json.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../src/sandbox/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { createJavaScriptValidator } from '../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions } from '../../src/validators/options.ts'
import { createPythonValidator } from '../../src/validators/python/python-validator.ts'
import { createTestDriver, createTestEngine, dockerSocket } from '../support/docker-sandbox.ts'
import { createRandom, shuffled } from '../support/random.ts'
import { createTestRunscEngine } from '../support/runsc-sandbox.ts'
import { TruthLane, type Injection } from '../support/truth-lane.ts'
import { truthPrograms } from '../support/truth-programs.ts'

/** How often each outcome is injected; SALLYPORT_TRUTH_RUNS asks for more or fewer. */
const runs = Number(process.env['SALLYPORT_TRUTH_RUNS'] ?? 50)
const seed = Number(process.env['SALLYPORT_TRUTH_SEED'] ?? 11)
const never = new AbortController().signal
const random = createRandom(seed)

/** Small limits, so that each is reached soon; patient, because several runs share a busy machine. */
const settings = {
  interrupt_ms: 8000,
  kill_ms: 4000,
  limits: {
    wall_ms: 60_000,
    wall_ceiling_ms: 60_000,
    memory_mb: 256,
    memory_reserve_mb: 256,
    processes: 48,
    open_files: 128,
    file_mb: 64,
    data_mb: 32,
    temporary_mb: 16,
    output_kb: 64,
  },
  pool: { minimum_ready: 1, maximum_ready: 2, maximum: 8, queue_ms: 120_000 },
}

const programOutcomes: readonly Outcome[] = [...new Set(truthPrograms.map((program) => program.outcome))]

/** `runs` of every outcome, its programs in turn, all in random order. */
function drawInjections(): Injection[] {
  const times = Array.from({ length: runs }, (_, index) => index)
  const programs = programOutcomes.flatMap((outcome) => {
    const choice = truthPrograms.filter((program) => program.outcome === outcome)
    return times.map((index): Injection => ({ kind: 'program', program: choice[index % choice.length]! }))
  })
  const after = (index: number) => (index % 5 === 0 ? 0 : Math.round(random() * 300))
  const cancels = times.map((index): Injection => ({ kind: 'cancel', after: after(index), queued: index % 3 === 0 }))
  const losses = times.map((): Injection => ({ kind: 'lose', after: Math.round(random() * 300) }))
  return shuffled([...programs, ...cancels, ...losses], random)
}

async function strikeContainer(id: string): Promise<void> {
  await new Docker({ socketPath: dockerSocket }).getContainer(id).kill({ signal: 'SIGKILL' })
}

/** The sandbox's own process on the host carries its id in its arguments. */
async function strikeRunsc(id: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [program = '', ...rest] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (program === 'runsc-sandbox' && rest.includes(id)) process.kill(Number(pid), 'SIGKILL')
  }
}

describe(
  `the truth about ${runs} runs of each outcome (seed ${seed}; SALLYPORT_TRUTH_RUNS, SALLYPORT_TRUTH_SEED)`,
  { retry: 0 },
  () => {
    const engines: OperableSandboxEngine[] = []

    afterAll(async () => {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()))
    })

    it(
      'is told by both drivers, interleaved, concurrent and in random order, every time',
      { timeout: 3_600_000 },
      async () => {
        const docker = createTestEngine({ warm: true, settings })
        const runsc = createTestRunscEngine({ warm: true, settings })
        engines.push(docker, runsc)
        const injections = drawInjections()
        expect(injections).toHaveLength(runs * (programOutcomes.length + 2))
        const wrong: string[] = []
        const work = async (lane: TruthLane) => {
          for (let next = injections.shift(); next !== undefined; next = injections.shift()) {
            const said = await lane.inject(next)
            if (said !== null) wrong.push(said)
          }
          await lane[Symbol.asyncDispose]()
        }
        const lane = (engine: OperableSandboxEngine, name: string, strike: (id: string) => Promise<void>) =>
          new TruthLane({ name, engine, strike })
        await Promise.all([
          work(lane(docker, 'docker-1', strikeContainer)),
          work(lane(docker, 'docker-2', strikeContainer)),
          work(lane(runsc, 'runsc-1', strikeRunsc)),
          work(lane(runsc, 'runsc-2', strikeRunsc)),
        ])
        expect(wrong).toEqual([])
      },
    )

    it('names what a validator refused as rejected', async () => {
      const options = codeValidatorOptions.parse({})
      const [python, javascript] = [createPythonValidator(options), createJavaScriptValidator(options)]
      for (let index = 0; index < runs; index += 1) {
        const verdict =
          index % 2 === 0
            ? await python.validate('import subprocess\nsubprocess.run(["id"])', never)
            : await javascript.validate("require('node:child_process').execSync('id')", never)
        if (verdict.kind !== 'refused') throw new Error('it was let through')
        expect(runAnswerJson({ kind: 'refused', findings: verdict.findings })).toMatchObject({ outcome: 'rejected' })
      }
    })

    it('names a sandbox whose walls cannot stand as unavailable', async () => {
      const engine = createSandboxEngine({
        driver: createTestDriver('runc'),
        settings: sandboxOptions.parse(settings),
        warm: false,
      })
      engines.push(engine)
      for (let index = 0; index < runs; index += 1) {
        const fault = await engine.claim({ tenant: 'hopeful', language: 'python' }, never).then(
          () => new Error('a sandbox without gVisor was handed out'),
          (thrown: unknown) => thrown,
        )
        expect(faultJson(toServiceError(fault))).toMatchObject({ outcome: 'unavailable', code: 'sandbox-unavailable' })
      }
    })
  },
)
