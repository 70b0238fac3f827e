import type { SandboxLanguage } from '../../src/core/languages.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { sampleOf } from '../support/corpora/sample-of.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { runPlainly } from '../support/sandbox/plain-container.ts'
import { deepEqualShim, nodeReference, pythonReference } from '../support/sandbox/reference-programs.ts'

const never = new AbortController().signal
const limit = { timeoutMilliseconds: 30_000 }
const humanEvalScript = corpus('workloads/humaneval-js.jsonl')
const humanEval = corpus('workloads/humaneval.jsonl')
const tables = corpus('workloads/dabench/tables')

function readLines(path: string | null): Record<string, string>[] {
  return path === null
    ? []
    : readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
}

/** The first fenced block of an answer: what a model was asked for. */
function fenced(answer = ''): string {
  return /```(?:js|javascript)?\n([\s\S]*?)```/.exec(answer)?.[1] ?? answer
}

const scripts = readLines(humanEvalScript).map(({ name = '', gpt_solution: answer, tests = '' }) => ({
  name,
  code: `${fenced(answer)}\n${tests}`,
  /** Without require, for where there is none. */
  plain: `${deepEqualShim}\n${fenced(answer)}\n${tests.replace("const assert = require('node:assert');", '')}`,
}))
const problems = readLines(humanEval).map(({ prompt, canonical_solution: solution, test, entry_point: entry }) =>
  [`${prompt}${solution}`, test, `check(${entry})`, 'print("passed")'].join('\n'),
)

const describeTable = (folder: string, name: string) => `
import pandas
try: frame = pandas.read_csv('${folder}/${name}')
except UnicodeDecodeError: frame = pandas.read_csv('${folder}/${name}', encoding='latin-1')
print(frame.describe(include='all').to_csv())
`
const plotTable = `
numbers = frame.select_dtypes('number').dropna(axis='columns', how='all')
drawn = numbers.iloc[:, :3].plot() if numbers.shape[1] else frame.iloc[:, 0].value_counts().head(20).plot(kind='bar')
`

let engine: OperableSandboxEngine

beforeAll(() => {
  engine = createTestEngine({ settings: { pool: { minimum_ready: 0 } } })
})
afterAll(() => engine[Symbol.asyncDispose]())

/** How a program ended, and what it printed. */
type Answer = readonly [outcome: string, stdout: string]

async function answersOf(sandbox: Sandbox, programs: readonly string[], language: SandboxLanguage): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const code of programs) {
    const { outcome, stdout } = await sandbox.run(unvetted(code, language), limit, never)
    answers.push([outcome, stdout.text])
  }
  return answers
}

const outcomesOf = (answers: readonly Answer[]) => answers.map(([outcome]) => outcome)

async function runUnderPlainNode(programs: readonly string[]): Promise<Answer[]> {
  const answers = await runPlainly(['/usr/local/bin/node', '-e', nodeReference], JSON.stringify(programs))
  return JSON.parse(answers) as Answer[]
}

/** Named, so that a difference says which row it is in. */
function named<Value>(values: readonly Value[], name: (index: number) => string): Record<string, Value> {
  return Object.fromEntries(values.map((value, index) => [name(index), value]))
}

describe('programs that we did not write', () => {
  it.skipIf(humanEvalScript === null)(
    'of HumanEval in JavaScript end and print in one gVisor session as under plain Node',
    async () => {
      expect(scripts).toHaveLength(161)
      const chosen = sampleOf(scripts)
      const codes = chosen.map(({ code }) => code)
      const reference = await runUnderPlainNode(codes)
      const nameOf = (index: number) => chosen[index]?.name ?? ''
      await using sandbox = await engine.claim({ tenant: 'humaneval-js', language: 'javascript' }, never)
      const found = await answersOf(sandbox, codes, 'javascript')
      expect(named(found, nameOf)).toEqual(named(reference, nameOf))
      expect(outcomesOf(found).filter((outcome) => outcome === 'ok').length).toBeGreaterThan(chosen.length * 0.6)
    },
  )

  it.skipIf(humanEvalScript === null)('of HumanEval in JavaScript end in the isolate as under plain Node', async () => {
    // Programs that ask for modules do not fit in the isolate; the assertions themselves get a stand-in, on both sides.
    const fitting = scripts.filter(({ plain }) => !/\brequire\s*\(|\bprocess\b|\bimport\b/.test(plain))
    expect(fitting.length).toBeGreaterThan(140)
    const chosen = sampleOf(fitting)
    const codes = chosen.map(({ plain }) => plain)
    const reference = outcomesOf(await runUnderPlainNode(codes))
    await using isolates = new IsolateEngine(
      isolateOptions.parse({ wall_ms: 20_000, maximum: 2, jobs_per_process: 1000 }),
    )
    const outcomes: string[] = []
    for (const code of codes) {
      await using sandbox = await isolates.claim({ tenant: 'humaneval-js', language: 'javascript' }, never)
      outcomes.push(...outcomesOf(await answersOf(sandbox, [code], 'javascript')))
    }
    const nameOf = (index: number) => chosen[index]?.name ?? ''
    expect(named(outcomes, nameOf)).toEqual(named(reference, nameOf))
  })

  it.skipIf(humanEval === null)(
    'of HumanEval in Python end and print in one gVisor session as under runc',
    async () => {
      expect(problems).toHaveLength(164)
      const chosen = sampleOf(problems)
      const job = JSON.stringify({ files: {}, cells: chosen })
      const reference = JSON.parse(
        await runPlainly(['/usr/bin/python3', '-I', '-c', pythonReference], job),
      ) as string[][]
      await using sandbox = await engine.claim({ tenant: 'humaneval', language: 'python' }, never)
      const answers = await answersOf(sandbox, chosen, 'python')
      expect(answers).toEqual(reference)
      expect(new Set(outcomesOf(answers))).toEqual(new Set(['ok']))
    },
  )
})

describe('tables that we did not make', () => {
  const names =
    tables === null
      ? []
      : readdirSync(tables)
          .filter((name) => name.endsWith('.csv'))
          .sort()
  const chosen = sampleOf(names)

  it.skipIf(tables === null)('are loaded, described as under runc, and plotted', async () => {
    expect(names.length).toBeGreaterThan(40)
    const contentOf = (name: string) => readFileSync(join(tables ?? '', name))
    const files = Object.fromEntries(chosen.map((name) => [name, contentOf(name).toString('base64')]))
    const job = JSON.stringify({ files, cells: chosen.map((name) => describeTable('/tmp', name)) })
    const reference = JSON.parse(await runPlainly(['/usr/bin/python3', '-I', '-c', pythonReference], job)) as string[][]
    await using sandbox = await engine.claim({ tenant: 'dabench', language: 'python' }, never)
    for (const [index, name] of chosen.entries()) {
      const content = contentOf(name)
      const stored = await sandbox.files.put(name, piecesOf(content), never)
      expect(stored).toEqual({ path: name, bytes: content.length })
      const told = await sandbox.run(unvetted(`${describeTable('/mnt/data', name)}frame`), limit, never)
      expect([name, told.outcome, told.stdout.text]).toEqual([name, ...(reference[index] ?? [])])
      const [table] = told.results
      expect(table?.data?.columns.length).toBeGreaterThan(0)
      expect(table?.data?.totalRows).toBeGreaterThan(0)
      const plotted = await sandbox.run(unvetted(plotTable), limit, never)
      expect([name, plotted.outcome, plotted.error]).toEqual([name, 'ok', null])
      expect(plotted.results[0]?.png?.length).toBeGreaterThan(1000)
      expect(plotted.results[0]?.chart).toMatchObject({ elements: expect.any(Array) })
      await sandbox.files.delete(name, never)
    }
  })
})

async function* piecesOf(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += 65_536) yield content.subarray(start, start + 65_536)
}
