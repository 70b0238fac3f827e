import { OwnCode } from '../provenance/analyst/copied-code.ts'
import { afterPlan, decideAnalystCall, isAboutTables, type AnalystDecision } from '../provenance/analyst/decide-call.ts'
import { explainAnalystDecision } from '../provenance/analyst/explain-call.ts'
import { readKnownTables, type KnownTables } from '../provenance/analyst/known-tables.ts'
import { isTrusted, modelThing, type Lineage } from '../provenance/lineage.ts'
import { RunReads } from '../provenance/analyst/run-reads.ts'
import { TablePlan } from '../provenance/analyst/table-plan.ts'
import { originOfTool } from '../provenance/analyst/tool-origins.ts'
import { readTableWords, type TableWords } from '../provenance/analyst/table-words.ts'
import type { ProvenanceMode } from '../provenance/options.ts'
import type { Catalog } from '../core/catalog.ts'
import type { PlannedTables } from '../core/provenance.ts'
import type { ProvenanceNotice } from '../core/facts.ts'
import type { StoppedCall } from '../core/held-call.ts'
import type { Admitted } from '../core/request.ts'
import type { Finding } from '../core/verdict.ts'
import type { OnRead } from '../agent/calls.ts'
import type { ProgramLog } from '../sessions/program-log.ts'
import type { SessionFile } from '../sessions/session-file.ts'
import type { ToolAction } from '../tools/permit.ts'

/** What a run needs of its session. */
interface ProvenSession {
  readonly files: readonly SessionFile[]
  readonly programs: ProgramLog
  /** Tables by their data source. */
  readonly planned: Map<string, Set<string>>
  /** With what this run begins with. */
  readonly lineage: Pick<Lineage, 'originsOf'>
}

interface RunProvenanceOptions {
  readonly request: Pick<
    Admitted,
    'requestId' | 'principal' | 'messages' | 'dataSource' | 'saidBefore' | 'plannedBefore' | 'replay'
  >
  readonly mode: ProvenanceMode
  readonly session: ProvenSession
  /** What the database holds; null where there is none. */
  readonly catalog: ((signal: AbortSignal) => Promise<Catalog>) | null
  /** Are its tables files, whose heads are whoever's who wrote the files? */
  readonly hasFileSource?: boolean
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
  readonly reads: RunReads
  readonly onRead: OnRead
  /** What a run that goes on with this one may read as well. */
  readonly planned: readonly PlannedTables[]
  /** `isPersons`: a person has written it in the place of what the model wrote. */
  decide(action: ToolAction, isPersons: boolean, signal: AbortSignal): Promise<DecidedCall>
}

const nothingKnown: KnownTables = { isNamed: () => false, neighboursOf: () => new Set() }
const knownTables = new WeakMap<Catalog, KnownTables>()

/** Read once of each catalog: every run asks about the same one until the schema changes. */
function tablesOf(catalog: Catalog): KnownTables {
  const known = knownTables.get(catalog) ?? readKnownTables(catalog)
  knownTables.set(catalog, known)
  return known
}

/**
 * Follows what the model of one run has read, and decides of each call whether it can only come of what the person and the operator
 * wrote. Of a conversation that goes on, what stood in it before counts as read.
 */
export function createRunProvenance(options: RunProvenanceOptions): RunProvenance {
  const { request, mode, session, catalog, hasFileSource = false, planTables = null, onDecision } = options
  const { now = () => performance.now() } = options
  const { requestId, principal, messages, dataSource, saidBefore = ['unknown'], plannedBefore = [] } = request
  const source = dataSource ?? ''
  /** Of this conversation, in whichever session. */
  const plan = new TablePlan().take(plannedBefore)
  const ofSession = new TablePlan(session.planned).take(plannedBefore)
  const reads = new RunReads(requestId)
  for (const { path, kind, description } of session.files) {
    reads.begin({ origin: kind === 'attached' ? 'file' : 'row', text: `${path} ${description}` })
  }
  // Answers of which nobody knows anything, and those that were made of what others have written.
  const before = saidBefore.filter((origin) => !isTrusted(origin))
  for (const { role, content } of messages) {
    if (role === 'assistant') for (const origin of before) reads.begin({ origin, text: content })
  }
  for (const origin of session.lineage.originsOf(modelThing)) if (!isTrusted(origin)) reads.begin({ origin, text: '' })
  const refused = new Set<string>()
  const decided = new Map<string, AnalystDecision>()
  let words: TableWords | null = null
  let own: OwnCode | null = null

  const spoken = (): readonly string[] =>
    messages.flatMap(({ role, content }) => (role === 'assistant' ? [] : [content]))
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
    const { tool, language, tables, written } = action
    const call = { tool, language, tables, written }
    if (!reads.isTainted) return { kind: 'allow', rule: 'nothing-read' }
    const planned = ofSession.of(source)
    const key = JSON.stringify([reads.version, planned.size, refused.size, call])
    const before = decided.get(key)
    if (before !== undefined) return before
    words ??= readTableWords(spoken())
    const isUnknown = tables.some((table) => !planned.has(table))
    const known = catalog === null || !isUnknown ? nothingKnown : tablesOf(await catalog(signal))
    const decision = decideAnalystCall(call, {
      reads,
      words,
      files: session.files.flatMap(({ kind, path }) => (kind === 'attached' ? [path] : [])),
      own: ownCode(),
      planned,
      refused,
      known,
    })
    decided.set(key, decision)
    return decision
  }

  return {
    reads,
    get planned() {
      return plan.kept
    },
    onRead: ({ callId, tool, text }) => {
      const isOfFiles = tool === 'describe_data' && (hasFileSource || session.files.length > 0)
      const origin = isOfFiles ? 'file' : originOfTool[tool]
      reads.add({ callId, tool, origin, text })
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
      const read = reads.reads.filter(({ id }) => from.includes(id))
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
            for (const each of [ofSession, plan]) each.add(source, action.tables)
          }
          if (action.language !== null) ownCode().add(action.written)
        },
        wasRefused: () => {
          if (decision.kind === 'ask') for (const table of decision.tables) refused.add(table)
        },
      }
    },
  }
}

const outcomes = { allow: 'allowed', ask: 'asked', refuse: 'refused' } as const

function rulesOf(decision: AnalystDecision): readonly string[] {
  if (!('from' in decision)) return []
  const rules = decision.kind === 'ask' ? decision.rules : [decision.rule]
  return rules.map((rule) => `provenance/${rule}`)
}
