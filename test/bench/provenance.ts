import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../support/http/scripted-openai-server.ts'
import { figure, report, type Figures } from './figures.ts'
import { decisionCosts } from './provenance/decisions.ts'
import { optionOf } from './pass-through.ts'
import { calls } from './provenance/runs.ts'
import { againstPath, inTurn, Subject } from './subject.ts'

const own = join(import.meta.dirname, '../..')

/** A model that makes its calls one a turn, and then says its last word, or never. */
function modelOf(last: ServedTurn): (request: ServedRequest) => ServedTurn {
  return ({ body: { messages } }) => {
    const call = calls[messages.filter(({ role }) => role === 'tool').length]
    if (call === undefined) return last
    return { kind: 'turn', calls: [{ name: call[0], arguments: JSON.stringify(call[1]) }] }
  }
}

/** Time that five runs take in the process of the service, in pairs with the other build. */
async function runCosts(other: string | null): Promise<Figures> {
  await using model = await ScriptedOpenAiServer.start(modelOf({ kind: 'turn', text: 'It is done.' }))
  process.env['BENCH_MODEL_URL'] = model.baseUrl
  const script = join(import.meta.dirname, 'provenance/run-subject.ts')
  await using here = await Subject.start(script, own)
  await using there = other === null ? null : await Subject.start(script, other)
  const measure = async (subject: Subject) => {
    model.requests.length = 0
    return await subject.do('runs')
  }
  await inTurn(2, measure, { own: here, other: there })
  const samples = await inTurn(15, measure, { own: here, other: there })
  const of = (read: (sample: Awaited<ReturnType<Subject['do']>>) => number) => {
    const reference = { name: 'the other build', samples: samples.other.map(read) }
    return figure(samples.own.map(read), samples.other.length === 0 ? {} : { reference })
  }
  return {
    'run.processor_time_of_five': of(({ cpuMilliseconds }) => cpuMilliseconds),
    'run.time_of_five': of(({ milliseconds }) => milliseconds),
  }
}

/** Memory that a run holds while it goes on. */
async function runMemory(other: string | null): Promise<Figures> {
  await using model = await ScriptedOpenAiServer.start(modelOf({ kind: 'hang' }))
  const script = join(import.meta.dirname, 'provenance/memory-subject.ts')
  const measure = async (checkout: string, ...results: readonly string[]): Promise<number> => {
    model.requests.length = 0
    // Code that is not used for some collections would else be thrown away between one look and the next.
    const engine = ['--expose-gc', '--no-flush-bytecode', '--no-node-snapshot']
    const flags = [...engine, '--disable-warning=ExperimentalWarning']
    const env = { ...process.env, BENCH_MODEL_URL: model.baseUrl }
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, checkout, ...results], { env })
    return (JSON.parse(stdout) as { bytes: number }).bytes
  }
  const samples = { own: [] as number[], withoutResults: [] as number[], other: [] as number[] }
  for (let round = 0; round < 3; round += 1) {
    samples.own.push(await measure(own))
    samples.withoutResults.push(await measure(own, 'without-results'))
    if (other !== null) samples.other.push(await measure(other))
  }
  const reference = { name: 'the other build', samples: samples.other }
  const options = { unit: 'bytes', ...(other === null ? {} : { reference }) } as const
  return {
    'run.memory': figure(samples.own, options),
    'run.memory_without_results': figure(samples.withoutResults, options),
  }
}

/**
 * What it costs to know where everything in a run came from and to decide its calls by that: a decision, with and without what was decided before, beside a server of OPA
 * that is asked the same; and whole runs and what they hold, with `--against PATH` in pairs with another build. `--only` takes one of the three.
 */
export async function benchProvenance(): Promise<void> {
  const other = againstPath()
  const only = optionOf('only')
  const parts = { decisions: decisionCosts, runs: () => runCosts(other), memory: () => runMemory(other) }
  if (only !== null && !Object.hasOwn(parts, only)) {
    throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${only}".`)
  }
  const figures: Figures = {}
  for (const [name, measure] of Object.entries(parts)) {
    if (only === null || only === name) Object.assign(figures, await measure())
  }
  report('provenance', figures)
}
