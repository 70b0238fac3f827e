import type { Approver, CallApprover } from '../core/approvals.ts'
import type { ToolName } from '../core/grant.ts'
import type { Provenance } from '../core/provenance.ts'
import type { Admitted } from '../core/request.ts'
import type { ActionPolicy, ProposedAction } from '../gateway/authorize/action-policy.ts'
import type { ProgramLog } from '../sessions/program-log.ts'
import type { Permit } from '../tools/permit.ts'
import type { RunProvenance } from './run-provenance.ts'

/** What of a tool's result the arguments of later calls may come from. */
const provenanceOf: Readonly<Record<ToolName, Provenance>> = {
  describe_data: 'row',
  run_sql: 'row',
  run_python: 'tool',
  run_javascript: 'tool',
  run_shell: 'tool',
  extract_values: 'file',
}

export interface RunPermit {
  readonly permit: Permit
  /** Said after each turn of the model: what it has read until now is what its next calls come from. */
  readonly onTurn: (spent: ProposedAction['spent']) => void
}

interface RunPermitOptions {
  readonly request: Admitted
  readonly mayRun: ActionPolicy
  /** Are there files beside the question? */
  readonly hasFiles: boolean
  /** What ran in the interpreter that programs of this run meet. */
  readonly programs: ProgramLog
  /** What this run has read, and what it may choose. */
  readonly provenance: RunProvenance
  /** Absent where nobody sits before the request. */
  readonly approver?: CallApprover | undefined
}

/**
 * Asks policy about every call of one run, with where the arguments may come from: whatever the model has read before it
 * wrote them. Earlier answers in the conversation, and a session that is continued, hold what nobody can trace any more.
 */
export function createRunPermit(options: RunPermitOptions): RunPermit {
  const { request, mayRun, hasFiles, programs, provenance, approver } = options
  const { messages, sessionId, dataSource } = request
  const isUntraceable = sessionId !== null || messages.some(({ role }) => role === 'assistant')
  const read = new Set<Provenance | 'unknown'>(['model', 'user'])
  if (messages.some(({ role }) => role === 'system')) read.add('operator')
  if (isUntraceable) read.add('unknown')
  if (hasFiles) read.add('file')
  const coming = new Set<Provenance>()
  let spent: ProposedAction['spent'] = { tokens: 0, cost: null }
  /** What a person wrote in place of calls. */
  const theirs = new Set<string>()
  return {
    permit: async (action, signal) => {
      const { tool, language, tables, columns, written } = action
      // What is run again has run: no model chooses it, and whoever asks wants just that.
      const isPersons = theirs.has(written) || request.replay !== undefined
      const decided = await provenance.decide(action, isPersons, signal)
      if (decided.finding !== null) return { kind: 'refused', findings: [decided.finding] }
      const proposed = {
        tool,
        language,
        source: dataSource,
        tables: [...tables],
        columns: [...columns],
        provenance: [...read].toSorted(),
        spent,
        budget: { cost: request.grant.budget.maximumCost ?? null },
      }
      const before = () => (tool === 'run_python' ? programs.texts : [])
      const { text, check } = action
      const rewriting = check === null ? null : { text, check }
      let changedTo: string | null = null
      // To the gateway a person who writes something else has refused this: what they wrote is another call.
      const onChanged = (theirText: string) => void (changedTo = theirText)
      const editing = rewriting === null ? undefined : { text, onChanged }
      const asking: Approver | undefined =
        approver === undefined ? undefined : (approval, ended) => approver(approval, rewriting, ended)
      const { wanted } = decided
      const finding = await mayRun(request, proposed, { text, before, wanted, approver: asking, editing }, signal)
      if (changedTo !== null) {
        theirs.add(changedTo)
        return { kind: 'changed', text: changedTo }
      }
      coming.add(provenanceOf[tool])
      if (finding?.rule === 'policy/refused-by-a-person') decided.wasRefused()
      if (finding === null) decided.ran()
      if (finding === null && tool === 'run_python') programs.add(action.text)
      return finding === null ? null : { kind: 'refused', findings: [finding] }
    },
    onTurn: (used) => {
      spent = used
      provenance.reads.nextTurn()
      for (const provenance of coming) read.add(provenance)
      coming.clear()
    },
  }
}
