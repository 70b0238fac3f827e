import { PassThrough, Writable } from 'node:stream'
import { Interrupts } from '../../src/cli/interrupts.ts'
import { runProgram } from '../../src/cli/program.ts'
import type { Program, RunAnswer, Sallyport, SqlAnswer, SqlSource } from '../../src/cli/service.ts'
import { createOutput } from '../../src/cli/terminal.ts'
import type { AgentEvent } from '../../src/core/events.ts'
import type { Received } from '../../src/core/request.ts'
import type { CellResult } from '../../src/core/result.ts'
import { vet } from '../../src/validators/vet.ts'

const sqlFacts = {
  source: 'fake',
  relations: ['public.orders'],
  columns: ['public.orders.id'],
  functions: [],
  rowLimit: 11,
}

export function cellResult(changes: Partial<CellResult> = {}): CellResult {
  return {
    outcome: 'ok',
    stdout: { text: '', truncated: false },
    stderr: { text: '', truncated: false },
    results: [],
    error: null,
    artifacts: [],
    timings: { queueMs: 1, runMs: 2 },
    peakMemoryBytes: null,
    truncated: [],
    sessionAlive: true,
    notice: null,
    ...changes,
  }
}

export function endEvent(changes: Partial<Extract<AgentEvent, { type: 'end' }>> = {}): AgentEvent {
  return {
    type: 'end',
    ending: 'answer',
    message: null,
    usage: { inputTokens: 10, outputTokens: 5 },
    steps: 1,
    milliseconds: 1234,
    ...changes,
  }
}

/** A Sallyport that says what it was told to and remembers what it was asked. */
export function createFakeSallyport(script: {
  readonly events?: readonly AgentEvent[]
  readonly fault?: Error
  readonly run?: (program: Program) => RunAnswer
  readonly sql?: SqlAnswer
  readonly scripted?: boolean
}) {
  const asked: { received: Received; files: readonly { name: string; path: string }[] }[] = []
  const programs: Program[] = []
  const statements: string[] = []
  const sources: SqlSource[] = []
  let disposed = 0
  const sallyport: Sallyport = {
    model: () => ({ id: 'fake', scripted: script.scripted ?? false, questions: ['First?', 'Second?'] }),
    async *answer(received, { files }) {
      asked.push({ received, files })
      yield* script.events ?? []
      if (script.fault !== undefined) throw script.fault
    },
    runCode: async (program) => {
      programs.push(program)
      if (script.fault !== undefined) throw script.fault
      return script.run?.(program) ?? { kind: 'result', cell: cellResult(), ranIn: 'fake' }
    },
    runSql: async (statement) => {
      statements.push(statement)
      if (script.fault !== undefined) throw script.fault
      return script.sql ?? { kind: 'refused', findings: [{ rule: 'sql/x', line: 1, column: 2, message: 'No.' }] }
    },
    openSqlChecker: async (source) => {
      sources.push(source)
      return {
        check: async (statement) =>
          statement.startsWith('SELECT')
            ? { kind: 'accepted', value: vet('sql', statement, sqlFacts) }
            : { kind: 'refused', findings: [{ rule: 'sql/not-select', line: 1, column: 1, message: 'Only SELECT.' }] },
        [Symbol.asyncDispose]: async () => {},
      }
    },
    probes: () => [],
    listen: () => Promise.reject(new Error('the fake does not listen')),
    [Symbol.asyncDispose]: async () => {
      disposed += 1
    },
  }
  return { sallyport, asked, programs, statements, sources, disposed: () => disposed }
}

/** Runs the command line inside this process and returns what a person would see. */
export async function runCommand(
  words: readonly string[],
  options: {
    readonly sallyport?: Sallyport
    readonly input?: string
    /** Stands for a person who types `input`. */
    readonly inputIsTerminal?: boolean
    readonly workingDirectory: string
    readonly variables?: Readonly<Record<string, string>>
  },
) {
  const [stdout, stderr] = [new Recorder(), new Recorder()]
  const input = new PassThrough()
  input.end(options.input ?? '')
  const plain = { isTerminal: false, colour: false }
  const exitCode = await runProgram(words, {
    version: '0.0.0',
    terminal: {
      input,
      inputIsTerminal: options.inputIsTerminal ?? false,
      inputIsPiped: options.input !== undefined,
      out: createOutput(stdout, plain),
      error: createOutput(stderr, plain),
    },
    variables: { HOME: options.workingDirectory, ...options.variables },
    workingDirectory: options.workingDirectory,
    interrupts: new Interrupts({ leave: () => {}, say: () => {} }),
    open: async () => options.sallyport ?? createFakeSallyport({}).sallyport,
  })
  return { exitCode, stdout: stdout.text, stderr: stderr.text }
}

class Recorder extends Writable {
  text = ''

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}
