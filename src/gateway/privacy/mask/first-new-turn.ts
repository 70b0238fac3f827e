import type { JsonNode } from '../../../text/json-tree.ts'
import type { Document } from './documents.ts'

/** What a model has made, by the names that the APIs have for it: messages, what it thought, calls of tools. */
const madeByModel = /^(?:reasoning|compaction|function_call|(?:.+_)?call|(?:.+_)?approval_request|mcp_list_tools)$/

/**
 * The first turn, counted from 1, that no earlier request of the conversation had: that of the last answer which the caller
 * has answered. All turns before it were sent before. 1 where nothing was answered yet.
 */
export function firstNewTurn(turns: readonly JsonNode[], document: Document): number {
  const isAnswer = turns.map((turn) => isOfModel(turn, document))
  const lastOfCaller = isAnswer.lastIndexOf(false)
  const lastAnswer = isAnswer.lastIndexOf(true, lastOfCaller)
  if (lastOfCaller < 0 || lastAnswer < 0) return 1
  return isAnswer.lastIndexOf(false, lastAnswer) + 2
}

function isOfModel(turn: JsonNode, document: Document): boolean {
  if (turn.kind !== 'object') return false
  const named = (name: string): string => {
    const value = turn.members.findLast((member) => member.name === name)?.value
    return value?.kind === 'string' ? document.stringAt(value) : ''
  }
  return named('role') === 'assistant' || madeByModel.test(named('type'))
}
