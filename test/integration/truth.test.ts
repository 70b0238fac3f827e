import { setTimeout as sleep } from 'node:timers/promises'
import Docker from 'dockerode'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { toServiceError } from '../../src/core/errors.ts'
import { faultJson, runAnswerJson } from '../../src/cli/output/cell-json.ts'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { createSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import type { SandboxEngine } from '../../src/sandbox/sandbox.ts'
import { createJavaScriptValidator } from '../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions } from '../../src/validators/options.ts'
import { createPythonValidator } from '../../src/validators/python/python-validator.ts'
import { createTestDriver, createTestEngine, dockerSocket } from '../support/sandbox/docker-sandbox.ts'
import { createRandom } from '../support/random.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { drawInjections, outcomesOf, truthSettings as settings, work } from '../support/sandbox/truth-injections.ts'
import { javascriptLane, pythonLane, TruthLane } from '../support/sandbox/truth-lane.ts'
import { isolateTruthPrograms, truthPrograms } from '../support/sandbox/truth-programs.ts'
import { verifies } from '../support/verifies.ts'

/** How often each outcome is injected: 13 has every program once, of the outcome with the most. SALLYPORT_TRUTH_RUNS asks for more. */
const runs = Number(process.env['SALLYPORT_TRUTH_RUNS'] ?? 13)
const seed = Number(process.env['SALLYPORT_TRUTH_SEED'] ?? 11)
const never = new AbortController().signal
const random = createRandom(seed)

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

/** Every process of the engine, those that just start included. */
async function strikeIsolates(engine: IsolateEngine): Promise<void> {
  const struck = new Set(engine.processIds())
  for (const pid of struck) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself between two looks.
    }
  }
  // Spares were struck, too: one that is dead and not yet known to be would truly be lost to whoever claims it next.
  while (engine.processIds().some((pid) => struck.has(pid))) await sleep(5)
}

describe(
  `the truth about ${runs} runs of each outcome (seed ${seed}; SALLYPORT_TRUTH_RUNS, SALLYPORT_TRUTH_SEED)`,
  { retry: 0 },
  () => {
    const engines: SandboxEngine[] = []

    afterAll(async () => {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()))
    })

    it(
      'T1: is told by both drivers of gVisor, interleaved, concurrent and in random order, every time',
      { timeout: 3_600_000 },
      async () => {
        verifies('sandbox.outcomes-by-evidence')
        const docker = createTestEngine({ warm: true, settings })
        const runsc = createTestRunscEngine({ warm: true, settings })
        engines.push(docker, runsc)
        const injections = drawInjections(truthPrograms, runs, random)
        expect(injections).toHaveLength(runs * (outcomesOf(truthPrograms).length + 4))
        const lane = (engine: SandboxEngine, name: string, strike: (id: string) => Promise<void>) =>
          work(new TruthLane({ name, engine, speaks: pythonLane, strike }), injections)
        const wrong = await Promise.all([
          lane(docker, 'docker-1', strikeContainer),
          lane(docker, 'docker-2', strikeContainer),
          lane(runsc, 'runsc-1', strikeRunsc),
          lane(runsc, 'runsc-2', strikeRunsc),
        ])
        expect(wrong.flat()).toEqual([])
      },
    )

    it('T2, T3: is the answer of the isolate driver, every time', { timeout: 3_600_000 }, async () => {
      const injections = drawInjections(isolateTruthPrograms, runs, random)
      const lane = (name: string) => {
        const engine = new IsolateEngine(
          isolateOptions.parse({ maximum: 2, wall_ceiling_ms: 60_000, queue_ms: 60_000 }),
        )
        engines.push(engine)
        return work(
          new TruthLane({ name, engine, speaks: javascriptLane, strike: () => strikeIsolates(engine) }),
          injections,
        )
      }
      const wrong = await Promise.all([lane('isolate-1'), lane('isolate-2'), lane('isolate-3')])
      expect(wrong.flat()).toEqual([])
    })

    it('T3: refuses what the isolate does not run before it has claimed anything, however often', async () => {
      const engine = new IsolateEngine(isolateOptions.parse({ ready: 1 }))
      engines.push(engine)
      for (let index = 0; index < runs; index += 1) {
        const language = index % 2 === 0 ? 'python' : 'shell'
        const fault: unknown = await engine.claim({ tenant: 'hopeful', language }, never).catch((thrown) => thrown)
        expect(faultJson(toServiceError(fault))).toMatchObject({ outcome: 'rejected', code: 'invalid-request' })
      }
      expect(engine.processes).toBe(0)
    })

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
