import { createReadStream } from 'node:fs'
import { ServiceError } from '../../src/core/errors.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { readQuestions } from '../support/dabench/questions.ts'
import { behaviours } from '../support/detection/behaviours.ts'
import { openDetectingEngine, type DetectingEngine } from '../support/detection/detecting-sandbox.ts'
import { humanEval } from '../support/detection/ordinary-programs.ts'
import { figure, report } from './figures.ts'

const never = new AbortController().signal
const note = (text: string) => process.stderr.write(`${text}\n`)

const cells = {
  assignment: 'x = 1',
  table: 'import pandas as pd\npd.DataFrame({"a": range(20), "b": [i * 1.5 for i in range(20)]})',
  files: `import pandas as pd
pd.DataFrame({"a": range(200)}).to_csv("/mnt/data/a.csv")
pd.read_csv("/mnt/data/a.csv").a.sum()`,
  process: 'import subprocess\nsubprocess.run(["/bin/true"])',
}

/** Under which name alerts come, and whose name no ordinary program asks for. */
const tried = 'try: open("/etc/shadow")\nexcept OSError: pass'

interface Pair {
  readonly on: number[]
  readonly off: number[]
}

async function took(sandbox: Sandbox, code: string): Promise<number> {
  const started = performance.now()
  await sandbox.run(unvetted(code), {}, never)
  return performance.now() - started
}

/** The same programs in a sandbox that is traced and in one that is not, turn about. */
async function pairs(on: Sandbox, off: Sandbox, programs: readonly string[]): Promise<Pair> {
  const times: Pair = { on: [], off: [] }
  for (const [index, code] of programs.entries()) {
    const first = index % 2 === 0
    if (first) times.on.push(await took(on, code))
    times.off.push(await took(off, code))
    if (!first) times.on.push(await took(on, code))
  }
  return times
}

const against = ({ on, off }: Pair) => figure(on, { reference: { name: 'untraced', samples: off } })
const sum = (samples: readonly number[]) => samples.reduce((total, each) => total + each, 0)

/** From the call to the alert, as its sandbox's clock and this process's tell them. */
async function latencies({ alerts }: DetectingEngine, sandbox: Sandbox, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const before = alerts.length
    const started = performance.now()
    await sandbox.run(unvetted(tried), {}, never)
    while (alerts.length === before) {
      if (performance.now() - started > 10_000) throw new ServiceError('sandbox-lost', 'An alert did not come')
      await new Promise((resolve) => setImmediate(resolve))
    }
    samples.push(performance.now() - started)
    // A rule that is told too often is held back.
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return samples
}

/**
 * Bytes for a message of a sandbox's kernel: what the relay tells of it, beside what it hears. Once of ordinary programs
 * with an alert now and then, once of code that does everything which a rule names.
 */
function bytesOf({ reports }: DetectingEngine, id: string) {
  const ended = reports.findLast((each) => each.kind === 'ended' && each.id === id)
  if (ended?.kind !== 'ended') throw new TypeError('the trace has not ended')
  const { figures } = ended
  note(`of its kernel: ${JSON.stringify(figures)}`)
  const reference = { name: 'heard', samples: [figures.bytes / figures.messages] }
  return figure([figures.told / figures.messages], { unit: 'bytes', reference })
}

/** What listening to the calls of sandboxes costs, how soon it tells, and what ordinary programs make of it. */
export async function benchDetection(): Promise<void> {
  const at = process.argv.indexOf('--driver')
  const name = process.argv[at + 1] === 'docker' && at >= 0 ? 'docker' : 'runsc'
  await using traced = await openDetectingEngine(name)
  await using plain = await openDetectingEngine(name, { mode: 'off' })
  await using on = await traced.engine.claim({ tenant: 'bench', language: 'python' }, never)
  await using off = await plain.engine.claim({ tenant: 'bench', language: 'python' }, never)
  const figures: Record<string, ReturnType<typeof figure>> = {}
  for (const [kind, code] of Object.entries(cells)) {
    note(`${name}: ${kind}`)
    await pairs(on, off, Array<string>(10).fill(code))
    figures[`${name}.warm_${kind}`] = against(await pairs(on, off, Array<string>(200).fill(code)))
  }
  const programs = humanEval()
  if (programs.length > 0) {
    note(`${name}: HumanEval`)
    const times = await pairs(on, off, programs)
    figures[`${name}.humaneval_total`] = figure([sum(times.on)], {
      reference: { name: 'untraced', samples: [sum(times.off)] },
    })
  }
  const questions = corpus('workloads/dabench/da-dev-questions.jsonl')
  const labels = corpus('workloads/dabench/da-dev-labels.jsonl')
  if (questions !== null && labels !== null) {
    note(`${name}: DABench`)
    for (const { table, program } of readQuestions({ questions, labels })) {
      await on.files.put(table, createReadStream(`${corpus('workloads/dabench/tables')}/${table}`), never)
      await took(on, program)
    }
  }
  const alerts = traced.alerts.length
  for (const { rule, output } of traced.alerts) note(`an alert of ordinary work: ${rule}: ${output}`)
  note(`${name}: from a call to its alert`)
  figures[`${name}.call_to_alert`] = figure(await latencies(traced, on, 60))
  await using hostile = await traced.engine.claim({ tenant: 'bench', language: 'python' }, never)
  for (const { code } of behaviours) await took(hostile, code)
  await Promise.all([on[Symbol.asyncDispose](), hostile[Symbol.asyncDispose]()])
  await traced.engine[Symbol.asyncDispose]()
  note(`alerts of ordinary programs: ${alerts}`)
  figures[`${name}.bytes_ordinary`] = bytesOf(traced, on.id)
  figures[`${name}.bytes_hostile`] = bytesOf(traced, hostile.id)
  report('detection', figures)
}
