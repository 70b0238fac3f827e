import { OwnCode } from '../provenance/analyst/copied-code.ts'
import {
  afterPlan,
  decideAnalystCall,
  isAboutTables,
  type AnalystCall,
  type AnalystDecision,
} from '../provenance/analyst/decide-call.ts'
import { explainAnalystDecision } from '../provenance/analyst/explain-call.ts'
import { readKnownTables, type KnownTables } from '../provenance/analyst/known-tables.ts'
import { Remade } from '../provenance/analyst/remade.ts'
import { TablePlan } from '../provenance/analyst/table-plan.ts'
import { readTableWords } from '../provenance/analyst/table-words.ts'
import type { ProvenanceMode } from '../provenance/options.ts'
import type { Catalog } from '../core/catalog.ts'
import type { PlannedTables } from '../core/provenance.ts'
import type { ProvenanceNotice } from '../core/facts.ts'
import type { StoppedCall } from '../core/held-call.ts'
import type { Admitted } from '../core/request.ts'
import type { Finding } from '../core/verdict.ts'
import type { ProgramLog } from '../sessions/program-log.ts'
import type { SessionFile } from '../sessions/session-file.ts'
import type { ToolAction } from '../tools/permit.ts'
import type { RunRecord } from './run-record.ts'

/** What a run needs of its session. */
interface ProvenSession {
  readonly files: readonly SessionFile[]
  readonly programs: ProgramLog
  readonly plan: TablePlan
}

interface RunProvenanceOptions {
  readonly request: Pick<Admitted, 'requestId' | 'principal' | 'messages' | 'dataSource' | 'plannedBefore' | 'replay'>
  /** What the run has read until now. */
  readonly record: Pick<RunRecord, 'reads'>
  readonly mode: ProvenanceMode
  readonly session: ProvenSession
  /** What the database holds; null where there is none. */
  readonly catalog: ((signal: AbortSignal) => Promise<Catalog>) | null
  /** A plan of trusted words and the schema alone; null where none is made, and a person is asked. */
  readonly planTables?: ((signal: AbortSignal) => Promise<ReadonlySet<string>>) | null
  readonly onDecision: (notice: ProvenanceNotice) => void
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

/** What was decided of a call, and what is to be told of how it went on. */
export interface DecidedCall {
  /** What a person has to allow first; null where none is needed. */
  readonly wanted: { readonly rules: readonly string[]; readonly reason: string } | null
  /** For the model, where it is not to run at all. */
  readonly finding: Finding | null
  /** Why it does not simply run, to be told to people afterwards; null where it does. */
  readonly stopped: StoppedCall | null
  /** It runs. */
  readonly ran: () => void
  /** A person has said no to it. */
  readonly wasRefused: () => void
}

export interface RunProvenance {
  /** What a run that goes on with this one may read as well. */
  readonly planned: readonly PlannedTables[]
  /** `isPersons`: a person has written it in the place of what the model wrote. */
  decide(action: ToolAction, isPersons: boolean, signal: AbortSignal): Promise<DecidedCall>
}

const nothingRefused: ReadonlySet<string> = new Set()
const nothingKnown: KnownTables = { isNamed: () => false, neighboursOf: () => new Set() }
const knownTables = new WeakMap<Catalog, KnownTables>()

/** Read once of each catalog: every run asks about the same one until the schema changes. */
function tablesOf(catalog: Catalog): KnownTables {
  const known = knownTables.get(catalog) ?? readKnownTables(catalog)
  knownTables.set(catalog, known)
  return known
}

/** A call that was decided on since anything changed by which calls are decided on. */
interface Decided {
  readonly call: AnalystCall
  readonly decision: AnalystDecision
}

/** Decides of each call of one run whether it can only come of what the person and the operator wrote. */
export function createRunProvenance(options: RunProvenanceOptions): RunProvenance {
  const { request, record, mode, session, catalog, planTables = null, onDecision } = options
  const { now = () => performance.now() } = options
  const { requestId, principal, messages, dataSource, plannedBefore = [] } = request
  const { reads } = record
  const source = dataSource ?? ''
  const ofSession = session.plan.take(plannedBefore)
  /** What this run adds to the plan of its conversation, in whichever session. */
  const added: PlannedTables[] = []
  let refused: ReadonlySet<string> = nothingRefused
  let decidedAt = ''
  let decided: Decided[] = []
  let own: OwnCode | null = null

  const spoken = (): readonly string[] =>
    messages.flatMap(({ role, content }) => (role === 'assistant' ? [] : [content]))
  const words = new Remade(() => readTableWords(spoken()))
  const ownCode = (): OwnCode => {
    if (own !== null) return own
    own = new OwnCode()
    for (const text of spoken()) own.addWords(text)
    // What ran in a sandbox that is gone was decided of when it ran, and stands in a result so that the model runs it again.
    const { followed, texts } = session.programs
    for (const program of [...followed, ...(texts ?? [])]) own.add(program)
    return own
  }

  const decideNow = async (action: ToolAction, signal: AbortSignal): Promise<AnalystDecision> => {
    if (!reads.isTainted) return { kind: 'allow', rule: 'nothing-read' }
    const { tool, language, tables, written } = action
    const call: AnalystCall = { tool, language, tables, written }
    const planned = ofSession.of(source)
    const state = `${reads.version} ${planned.size} ${refused.size}`
    if (state !== decidedAt) [decidedAt, decided] = [state, []]
    const before = decided.find((each) => isSame(each.call, call))
    if (before !== undefined) return before.decision
    const isUnknown = tables.some((table) => !planned.has(table))
    const known = catalog === null || !isUnknown ? nothingKnown : tablesOf(await catalog(signal))
    const decision = decideAnalystCall(call, {
      reads,
      words: words.value,
      files: session.files.flatMap(({ kind, path }) => (kind === 'attached' ? [path] : [])),
      own: ownCode(),
      planned,
      refused,
      known,
    })
    if (state === decidedAt) decided.push({ call, decision })
    return decision
  }

  return {
    get planned() {
      return new TablePlan().take(plannedBefore).take(added).kept
    },
    decide: async (action, isPersons, signal) => {
      const started = now()
      const first: AnalystDecision = isPersons ? { kind: 'allow', rule: 'planned' } : await decideNow(action, signal)
      const milliseconds = now() - started
      const isPlanned = planTables !== null && mode === 'enforce' && isAboutTables(first)
      const decision = isPlanned ? afterPlan(first, await planTables(signal)) : first
      const stopped = 'from' in decision ? decision : null
      const rules = rulesOf(decision)
      const from = stopped?.from ?? []
      const read = from.length === 0 ? [] : reads.reads.filter(({ id }) => from.includes(id))
      onDecision({
        requestId,
        principal: principal.id,
        group: principal.group,
        tool: action.tool,
        outcome: outcomes[decision.kind],
        mode,
        rules,
        reads: read,
        milliseconds,
      })
      const isHeld = mode === 'enforce' && decision.kind !== 'allow'
      const reason = stopped === null ? '' : explainAnalystDecision(stopped, reads.reads)
      // What is run again has been allowed for what it was, by a neighbour too, and opens nothing more.
      const isTheirs = isPersons && request.replay === undefined
      const isClearing = isTheirs || decision.kind !== 'allow' || decision.rule === 'nothing-read'
      return {
        wanted: isHeld && decision.kind === 'ask' ? { rules, reason } : null,
        finding:
          isHeld && decision.kind === 'refuse'
            ? { rule: `provenance/${decision.rule}`, line: 1, column: 1, message: reason }
            : null,
        stopped:
          stopped === null
            ? null
            : {
                outcome: stopped.kind === 'allow' ? 'planned' : outcomes[stopped.kind],
                mode,
                rules,
                reason,
                reads: read,
              },
        ran: () => {
          // What only runs because it is watched has been allowed by nobody.
          if (mode === 'shadow' && decision.kind !== 'allow') return
          if (isClearing && action.language === 'sql') {
            ofSession.add(source, action.tables)
            added.push({ source, tables: action.tables })
          }
          if (action.language !== null) ownCode().add(action.written)
        },
        wasRefused: () => {
          if (decision.kind === 'ask') refused = new Set([...refused, ...decision.tables])
        },
      }
    },
  }
}

function isSame(left: AnalystCall, right: AnalystCall): boolean {
  return (
    left.tool === right.tool &&
    left.language === right.language &&
    left.written === right.written &&
    left.tables.length === right.tables.length &&
    left.tables.every((table, at) => table === right.tables[at])
  )
}

const outcomes = { allow: 'allowed', ask: 'asked', refuse: 'refused' } as const

function rulesOf(decision: AnalystDecision): readonly string[] {
  if (!('from' in decision)) return []
  const rules = decision.kind === 'ask' ? decision.rules : [decision.rule]
  return rules.map((rule) => `provenance/${rule}`)
}
