import type { Approver, CallApprover } from '../core/approvals.ts'
import { ServiceError } from '../core/errors.ts'
import type { StoppedCall } from '../core/held-call.ts'
import type { Admitted } from '../core/request.ts'
import type { ActionPolicy, ProposedAction } from '../gateway/authorize/action-policy.ts'
import type { ProgramLog } from '../sessions/program-log.ts'
import type { Permit } from '../tools/permit.ts'
import type { HeldCalls } from './held-calls.ts'
import type { RunProvenance } from './run-provenance.ts'
import type { RunRecord } from './run-record.ts'

export interface RunPermit {
  readonly permit: Permit
  /** Said after each turn of the model: what it has read until now is what its next calls come from. */
  readonly onTurn: (spent: ProposedAction['spent']) => void
}

interface RunPermitOptions {
  readonly request: Admitted
  readonly mayRun: ActionPolicy
  /** What the run has read until now. */
  readonly record: RunRecord
  /** What ran in the interpreter that programs of this run meet. */
  readonly programs: ProgramLog
  /** What this run may choose by itself. */
  readonly provenance: RunProvenance
  /** Told of each call that a person is asked about, or that is refused for where it may have come from. */
  readonly held: HeldCalls
  /** Absent where nobody sits before the request. */
  readonly approver?: CallApprover | undefined
}

/**
 * Asks policy about every call of one run, with where the arguments may come from: whatever the model has read before it
 * wrote them.
 */
export function createRunPermit(options: RunPermitOptions): RunPermit {
  const { request, mayRun, record, programs, provenance, held, approver } = options
  const { dataSource } = request
  let spent: ProposedAction['spent'] = { tokens: 0, cost: null }
  /** What a person wrote in place of calls. */
  const theirs: string[] = []
  return {
    permit: async (action, signal) => {
      const { tool, language, tables, columns, written } = action
      // What is run again has run: no model chooses it, and whoever asks wants just that.
      const isPersons = theirs.includes(written) || request.replay !== undefined
      const decided = await provenance.decide(action, isPersons, signal)
      let became = decided.stopped === null ? null : held.stop(action, decided.stopped)
      if (decided.finding !== null) {
        became?.('refused')
        return { kind: 'refused', findings: [decided.finding] }
      }
      const proposed = {
        tool,
        language,
        source: dataSource,
        tables: [...tables],
        columns: [...columns],
        provenance: record.origins,
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
      const ask = async (person: CallApprover, ...[approval, ended]: Parameters<Approver>) => {
        became ??= held.stop(action, askedBy(approval.rules))
        return await person(approval, rewriting, ended)
      }
      const asking: Approver | undefined =
        approver === undefined ? undefined : (approval, ended) => ask(approver, approval, ended)
      const { wanted } = decided
      const run = { text, before, wanted, approver: asking, editing }
      const finding = await mayRun(request, proposed, run, signal).catch((thrown: unknown) => {
        const isAsked = thrown instanceof ServiceError && thrown.code === 'approval-required'
        if (isAsked) became ??= held.stop(action, askedBy([]))
        throw thrown
      })
      if (changedTo !== null) {
        theirs.push(changedTo)
        return { kind: 'changed', text: changedTo }
      }
      became?.(finding === null ? 'ran' : 'refused')
      record.decided(tool)
      if (finding?.rule === 'policy/refused-by-a-person') decided.wasRefused()
      if (finding === null) decided.ran()
      if (finding === null && tool === 'run_python') programs.add(action.text)
      return finding === null ? null : { kind: 'refused', findings: [finding] }
    },
    onTurn: (used) => {
      spent = used
      record.nextTurn()
    },
  }
}

/** What a rule of policy, or whoever asked, wants a person for: its own words may hold a value of the request. */
function askedBy(rules: readonly string[]): StoppedCall {
  const reason = 'It needs the word of a person by a rule of policy, or by the wish of whoever asked.'
  return { outcome: 'asked', mode: 'enforce', rules, reason, reads: [] }
}
