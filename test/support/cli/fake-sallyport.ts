import type { Openers } from '../../../src/cli/openers.ts'
import type { GrantScript, SourceProof, SqlSource } from '../../../src/sources/source.ts'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { Interrupts } from '../../../src/cli/interrupts.ts'
import { createProgram, runProgram } from '../../../src/cli/program.ts'
import type { AuditReport, FoundEntry } from '../../../src/service/audit-keeper.ts'
import type { KeyFacts, Program, RunAnswer, Sallyport } from '../../../src/service/sallyport.ts'
import { openLocalRoutes } from '../../../src/service/local-routes.ts'
import { openLocalActions } from '../../../src/service/local-actions.ts'
import { openPolicyTools } from '../../../src/service/policy-tools.ts'
import { openContentTools } from '../../../src/service/content-tools.ts'
import { openLocalPrivacy } from '../../../src/service/local-privacy.ts'
import type { Run } from '../../../src/core/conversations.ts'
import type { ConversationKeeper } from '../../../src/service/conversation-keeper.ts'
import type { ApprovalKeeper } from '../../../src/service/approval-keeper.ts'
import type { ReportKeeper } from '../../../src/service/report-keeper.ts'
import type { TuningCurves } from '../../../src/feedback/curves/tuning-curves.ts'
import type { TuningKeeper } from '../../../src/service/tuning-keeper.ts'
import type { StorageKeeper } from '../../../src/service/storage-keeper.ts'
import { StatusLine } from '../../../src/cli/output/status-line.ts'
import { createOutput } from '../../../src/cli/terminal.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { OperatorShares } from '../../../src/core/shares.ts'
import type { Received } from '../../../src/core/request.ts'
import type { SourceDescription, StatementAnswer, StatementExplanation } from '../../../src/core/statement.ts'
import type { LimitKeeper } from '../../../src/service/limits.ts'
import type { LinkKeeper } from '../../../src/service/sign-in-links.ts'
import { createSuspensionKeeper } from '../../../src/service/suspensions.ts'
import { suspensionsInMemory } from '../suspensions-in-memory.ts'
import { cellResult } from '../sandbox/cell-result.ts'

const sqlFacts = {
  relations: ['public.orders'],
  columns: ['public.orders.id'],
  functions: [],
  masks: [],
  rowLimit: 10,
}

const keyFacts = {
  id: 'k1',
  name: 'team',
  group: 'default',
  created: '2026-01-02T03:04:05Z',
  state: 'active',
  scopes: ['ask', 'models'],
  expires: null,
  lastUsed: null,
  replacedBy: null,
} as const

const unscripted = () => Promise.reject(new Error('the fake has no storage'))
const noStorage: StorageKeeper = {
  check: unscripted,
  backup: unscripted,
  restore: unscripted,
  acceptKeys: unscripted,
  acceptQuota: unscripted,
  acceptLedger: unscripted,
}

/** A keeper of thresholds that was told nothing. */
export const noTuning: TuningKeeper & TuningCurves = {
  places: unscripted,
  curves: unscripted,
  report: unscripted,
  queue: unscripted,
  open: unscripted,
  label: unscripted,
  dismiss: unscripted,
  makeSet: unscripted,
  importSet: unscripted,
  sets: unscripted,
  set: unscripted,
  propose: unscripted,
  proposals: unscripted,
  simulate: unscripted,
  shadow: unscripted,
  canary: unscripted,
  promote: unscripted,
  rollback: unscripted,
  stop: unscripted,
  state: unscripted,
  rollout: unscripted,
  history: unscripted,
}

/** Where the fake keeps what is said. */
export const keptConversation = `conv_${'0'.repeat(32)}`

/** A Sallyport that gives prepared answers and records what it was asked. */
export function createFakeSallyport(script: {
  readonly events?: readonly AgentEvent[]
  /** What the one key has that others have not. */
  readonly key?: Partial<KeyFacts>
  readonly fault?: Error
  readonly run?: (program: Program) => RunAnswer
  readonly sql?: StatementAnswer
  readonly explanation?: StatementExplanation
  readonly description?: SourceDescription
  readonly grantScript?: GrantScript
  readonly sources?: readonly SourceProof[]
  readonly audit?: AuditReport
  readonly entries?: readonly FoundEntry[]
  /** Lines of the trail that do not match their hash. */
  readonly passedOver?: number
  readonly auditKey?: string | null
  readonly storage?: Partial<StorageKeeper>
  readonly reports?: Partial<ReportKeeper>
  readonly tuning?: Partial<TuningKeeper>
  readonly suspensions?: ReturnType<typeof suspensionsInMemory>
  readonly links?: LinkKeeper
  readonly drawAnew?: Openers['drawAnew']
  readonly approvals?: Partial<ApprovalKeeper>
  readonly shares?: Partial<OperatorShares>
  readonly conversations?: Partial<ConversationKeeper>
  readonly limits?: Partial<LimitKeeper>
  readonly scripted?: boolean
}) {
  const asked: { received: Received; files: readonly { name: string; path: string }[]; isAsking: boolean }[] = []
  const programs: Program[] = []
  const statements: string[] = []
  const sources: SqlSource[] = []
  const requests: object[] = []
  let disposed = 0
  const sallyport: Sallyport = {
    model: () => ({ id: 'fake', scripted: script.scripted ?? false, questions: ['First?', 'Second?'] }),
    async *answer(received, { files, approver }) {
      asked.push({ received, files, isAsking: approver !== undefined })
      const conversation = received.keep?.conversation ?? keptConversation
      received.keep?.onRun?.({ id: 'run_1', conversation } as Run)
      yield* script.events ?? []
      if (script.fault !== undefined) throw script.fault
    },
    runCode: async (program) => {
      programs.push(program)
      if (script.fault !== undefined) throw script.fault
      return (
        script.run?.(program) ?? {
          kind: 'result',
          cell: cellResult(),
          ranIn: 'fake',
          driver: { name: 'fake', reason: null },
          files: [],
          missing: [],
        }
      )
    },
    runSql: async (statement) => {
      statements.push(statement)
      if (script.fault !== undefined) throw script.fault
      return script.sql ?? { kind: 'refused', findings: [{ rule: 'sql/x', line: 1, column: 2, message: 'No.' }] }
    },
    explainSql: async (statement) => {
      statements.push(statement)
      return answerOr(script.fault, script.explanation)
    },
    describeSource: async (request) => {
      requests.push(request)
      return answerOr(script.fault, script.description)
    },
    grantScript: async (request) => {
      requests.push(request)
      return answerOr(script.fault, script.grantScript)
    },
    checkSources: async () => answerOr(script.fault, script.sources),
    openSqlChecker: async (source) => {
      sources.push(source)
      return {
        check: async (statement) =>
          statement.startsWith('SELECT')
            ? { kind: 'accepted', value: { ...sqlFacts, canonical: statement } }
            : { kind: 'refused', findings: [{ rule: 'sql/not-select', line: 1, column: 1, message: 'Only SELECT.' }] },
        [Symbol.asyncDispose]: async () => {},
      }
    },
    probes: async () => [],
    serveTools: () => Promise.reject(new Error('the fake serves no tools')),
    listen: () => Promise.reject(new Error('the fake does not listen')),
    [Symbol.asyncDispose]: async () => {
      disposed += 1
    },
  }
  const openers: Omit<Openers, 'open'> = {
    openReportKeeper: async () => ({ list: unscripted, show: unscripted, close: unscripted, ...script.reports }),
    openTuning: async () => ({ ...noTuning, ...script.tuning }),
    openSuspensions: async () => ({
      ...createSuspensionKeeper({
        ...(script.suspensions ?? suspensionsInMemory()),
        keys: { list: async () => [] },
        now: Date.now,
      }),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    openLinks: async () => ({ make: unscripted, ...script.links, [Symbol.asyncDispose]: async () => undefined }),
    openLimits: async () => ({
      list: unscripted,
      show: unscripted,
      ...script.limits,
      [Symbol.asyncDispose]: async () => {},
    }),
    openConversationKeeper: async () => ({
      list: async () => [],
      show: unscripted,
      lastQuestions: async () => [],
      export: unscripted,
      usage: async () => ({ inputTokens: 0, outputTokens: 0 }),
      explain: unscripted,
      undo: unscripted,
      delete: unscripted,
      ...script.conversations,
    }),
    openApprovalKeeper: async () => ({ list: unscripted, show: unscripted, decide: unscripted, ...script.approvals }),
    openShareKeeper: async () => ({ list: unscripted, read: unscripted, revoke: unscripted, ...script.shares }),
    openStorageKeeper: async () => ({ ...noStorage, ...script.storage }),
    openLocalRoutes: async (config) => openLocalRoutes(config),
    openLocalActions: async (config) => openLocalActions(config),
    openPolicyTools: async (config) => openPolicyTools(config),
    openContentTools: async (config) => openContentTools(config),
    openFilterService: unscripted,
    openLocalPrivacy: async (config) => openLocalPrivacy(config),
    openKeys: async () => ({
      create: async (request) => {
        requests.push(request)
        const { expires, ...facts } = request
        const until = expires !== undefined && 'until' in expires ? expires.until : null
        const made = { ...keyFacts, ...facts, expires: until, key: 'sp-made', place: '/state/sallyport.db' }
        return answerOr(script.fault, made)
      },
      list: async () => answerOr(script.fault, [{ ...keyFacts, ...script.key }]),
      show: async (id) => answerOr(script.fault, { ...keyFacts, ...script.key, id }),
      rotate: async (id, terms) => {
        requests.push({ id, ...terms })
        return answerOr(script.fault, { ...keyFacts, id: 'k2', key: 'sp-made', place: '/state/sallyport.db' })
      },
      revoke: async (id) => {
        requests.push({ id })
        answerOr(script.fault, true)
      },
      [Symbol.asyncDispose]: async () => {},
    }),
    drawAnew: script.drawAnew ?? unscripted,
    openAuditKeeper: async () => ({
      newest: async () => [],
      check: async (request) => {
        requests.push(request)
        return answerOr(script.fault, script.audit)
      },
      search: async function* (path, query, options) {
        requests.push({ path, ...query })
        for (let line = 0; line < (script.passedOver ?? 0); line += 1) options?.onPassedOver?.()
        yield* answerOr(script.fault, script.entries)
      },
      export: async (query, to) => {
        requests.push({ to, ...query })
        return { entries: answerOr(script.fault, script.entries).length, passedOver: script.passedOver ?? 0 }
      },
      key: async () => answerOr(script.fault, script.auditKey),
    }),
  }
  return { sallyport, openers, asked, programs, statements, sources, requests, disposed: () => disposed }
}

function answerOr<T>(fault: Error | undefined, answer: T | undefined): T {
  if (fault !== undefined) throw fault
  if (answer === undefined) throw new Error('the fake was not told what to answer')
  return answer
}

/** Runs the command line inside this process and returns what a person would see. */
export async function runCommand(
  words: readonly string[],
  options: {
    readonly sallyport?: Sallyport
    /** What is composed for the commands that need no more than a part; a fresh fake's without. */
    readonly openers?: Partial<Openers>
    readonly input?: string
    /** Lines a person types, each when the prompt is there; instead of `input`. */
    readonly typed?: readonly string[]
    /** Both outputs are a terminal of this many columns. */
    readonly terminalColumns?: number
    readonly colour?: boolean
    /** Stands for a person who types `input`. */
    readonly inputIsTerminal?: boolean
    /** What a test interrupts the command with. */
    readonly interrupts?: Interrupts
    readonly workingDirectory: string
    readonly variables?: Readonly<Record<string, string>>
  },
) {
  const { terminalColumns } = options
  const [stdout, stderr] = [new Recorder(terminalColumns), new Recorder(terminalColumns)]
  const input = new PassThrough()
  if (options.typed === undefined) input.end(options.input ?? '')
  else void typeLines(input, stderr, options.typed)
  const plain = { isTerminal: terminalColumns !== undefined, colour: options.colour ?? false }
  const status = new StatusLine({ stream: stderr, isTerminal: plain.isTerminal })
  const exitCode = await runProgram(words, {
    version: '0.0.0',
    terminal: {
      input,
      inputIsTerminal: options.inputIsTerminal ?? false,
      inputIsPiped: options.input !== undefined,
      out: createOutput(stdout, { ...plain, status }),
      error: createOutput(stderr, { ...plain, status }),
    },
    variables: { HOME: options.workingDirectory, ...options.variables },
    workingDirectory: options.workingDirectory,
    interrupts: options.interrupts ?? new Interrupts({ leave: () => {}, say: () => {} }),
    onActivity: status.begin.bind(status),
    open: async () => options.sallyport ?? createFakeSallyport({}).sallyport,
    ...createFakeSallyport({}).openers,
    ...options.openers,
  })
  return { exitCode, stdout: stdout.text, stderr: stderr.text }
}

/** Types each line when it is asked for, as a person does, and then presses Ctrl-D. */
async function typeLines(input: PassThrough, shown: Recorder, lines: readonly string[]): Promise<void> {
  for (const [index, line] of [...lines, null].entries()) {
    while (shown.text.split('❯ ').length < index + 2) await once(shown, 'shown')
    if (line === null) input.end()
    else input.write(`${line}\n`)
  }
}

class Recorder extends Writable {
  text = ''
  readonly columns: number

  constructor(columns = 80) {
    super()
    this.columns = columns
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8')
    this.emit('shown')
    done()
  }
}

/** The commands with their options, to be looked at: nothing is behind them. */
export function createProgramWithoutParts() {
  const nowhere = new Recorder()
  const status = new StatusLine({ stream: nowhere, isTerminal: false })
  const output = createOutput(nowhere, { isTerminal: false, colour: false, status })
  const fake = createFakeSallyport({})
  const options = {
    version: '0.0.0',
    terminal: {
      input: new PassThrough(),
      inputIsTerminal: false,
      inputIsPiped: false,
      out: output,
      error: output,
    },
    variables: {},
    workingDirectory: '/',
    interrupts: new Interrupts({ leave: () => {}, say: () => {} }),
    onActivity: status.begin.bind(status),
    open: async () => fake.sallyport,
    ...fake.openers,
  }
  return createProgram(options, () => {})
}
