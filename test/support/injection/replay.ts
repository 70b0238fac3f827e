import { decideAction, type ActionDecision } from '../../../src/provenance/decide-action.ts'
import type { ToolDeclarations } from '../../../src/provenance/declarations.ts'
import { readPlan } from '../../../src/provenance/plan.ts'
import { ReadLedger, type Json } from '../../../src/provenance/read-ledger.ts'
import { readTrustedWords } from '../../../src/provenance/trusted-words.ts'

/** A run as somebody has recorded it: what was asked, and the calls of a model with what came back. */
export interface Trace {
  /** What the person wrote; several texts are several turns. */
  readonly question: string | readonly string[]
  readonly calls: readonly RecordedCall[]
}

interface RecordedCall {
  /** For whom the model makes it. */
  readonly who: 'person' | 'attacker'
  readonly tool: string
  readonly arguments: Readonly<Record<string, Json>>
  readonly result: Json
}

export interface Decided {
  readonly call: RecordedCall
  readonly changes: boolean
  readonly decision: ActionDecision
  readonly microseconds: number
}

/** Asks the policy about every call in turn. What is refused, or would be asked, of an attacker's is not read. */
export function replay({ question, calls }: Trace, tools: ToolDeclarations): readonly Decided[] {
  const words = readTrustedWords(typeof question === 'string' ? [question] : question)
  const plan = readPlan(words)
  const ledger = new ReadLedger()
  let hasRefused = false
  return calls.map((call) => {
    const declared = tools[call.tool]
    const began = performance.now()
    const decision = decideAction(
      { tool: call.tool, arguments: call.arguments },
      { tools, words, plan, ledger, hasRefused },
    )
    const microseconds = (performance.now() - began) * 1_000
    if (decision.kind === 'refuse') hasRefused = true
    const mayRun = decision.kind === 'allow' || (decision.kind === 'ask' && call.who === 'person')
    if (mayRun && declared !== undefined) ledger.add(call.tool, declared, call.arguments, call.result)
    return { call, changes: declared?.effect === 'changes', decision, microseconds }
  })
}
