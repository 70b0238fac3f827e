import type { KeptItem, Run, RunState } from '../core/conversations.ts'
import type { HeldCall, HeldRead } from '../core/held-call.ts'
import type { Thing } from '../core/provenance.ts'

/** A call of a run that did not simply run, or whose changes of files were undone. */
export interface ExplainedCall {
  /** From 1 on, in the order of the run; null for one that the run did not tell of. */
  readonly call: number | null
  readonly tool: string
  readonly outcome: HeldCall['outcome'] | 'put-back'
  readonly rules: readonly string[]
  /** What was asked, by which data, and what came of it. */
  readonly sentence: string
  readonly ran: boolean
  /** What the model had read that it may come of. */
  readonly reads: readonly HeldRead[]
}

/** Why calls of a run were stopped, and what everything in it was made of: ids and origins, never contents. */
export interface RunExplanation {
  readonly run: string
  readonly conversation: string
  readonly state: RunState
  readonly calls: readonly ExplainedCall[]
  /** Null where the run has not ended, or ended before anybody noted it. */
  readonly lineage: readonly Thing[] | null
}

interface NumberedUse {
  readonly number: number
  readonly item: Extract<KeptItem['item'], { readonly type: 'tool-use' }>
}

/** What is kept of a run and of its end, put into words. */
export function explainRun({ id, conversation, state, end }: Run, items: readonly KeptItem[]): RunExplanation {
  const held = end?.held ?? []
  const uses = items
    .flatMap(({ item }) => (item.type === 'tool-use' ? [item] : []))
    .map((item, place): NumberedUse => ({ number: place + 1, item }))
  const heldCalls = held.map(heldCall)
  const others = uses.flatMap((use) => otherCall(use, held))
  const last = Number.MAX_SAFE_INTEGER
  const calls = [...heldCalls, ...others].toSorted((one, other) => (one.call ?? last) - (other.call ?? last))
  return { run: id, conversation, state, calls, lineage: end?.lineage ?? null }
}

function heldCall({ call, tool, outcome, mode, rules, reason, reads, became }: HeldCall): ExplainedCall {
  const ran = became === 'ran'
  const words = `${reason.slice(0, 1).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`
  const ending = ran && outcome === 'planned' ? 'it ran' : ran && mode === 'shadow' ? watched : endings[became]
  const sentence = `${tool}: ${words}; ${ending}.`
  return { call, tool, outcome, rules, sentence, ran, reads }
}

const watched = 'nobody was asked, since provenance only watches here, and it ran'

const endings: Readonly<Record<HeldCall['became'], string>> = {
  ran: 'a person allowed it, and it ran',
  refused: 'it was refused, and did not run',
  undecided: 'nobody has allowed it as it was, and it did not run',
}

/** Of a call that no person was asked about: what has refused it, or which files of the person's were put back after it. */
function otherCall({ number, item }: NumberedUse, held: readonly HeldCall[]): readonly ExplainedCall[] {
  const { tool, outcome } = item
  const about = { call: number, tool, reads: [] }
  if (outcome.kind === 'result' && outcome.putBack !== undefined) {
    const files = outcome.putBack === 1 ? 'a file' : `${outcome.putBack} files`
    const sentence = `${tool}: its program changed ${files} of the person's that nothing they wrote asks to change; it ran, and they were put back.`
    return [{ ...about, outcome: 'put-back', rules: ['provenance/file-put-back'], sentence, ran: true }]
  }
  if (outcome.kind !== 'refusal' || held.some(({ call }) => call === number)) return []
  const [finding] = outcome.findings
  const why = (finding?.message ?? outcome.message).replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  const sentence = `${tool}: ${why.slice(0, mostOfMessage)}; it was refused, and did not run.`
  const rules = [...new Set(outcome.findings.map(({ rule }) => rule))]
  return [{ ...about, outcome: 'refused', rules, sentence, ran: false }]
}

/** Characters of a validator's own words. */
const mostOfMessage = 300
