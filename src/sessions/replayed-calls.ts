import type { ConversationItem, KeptItem, Run } from '../core/conversations.ts'
import type { ReplayedCall } from '../core/replayed-call.ts'

type ToolUse = Extract<ConversationItem, { readonly type: 'tool-use' }>

/**
 * What ran in the sandboxes of a conversation and left something there, oldest first: queries whose rows are a file, and programs whose variables stay.
 * A program that took its sandbox with it (out of memory, too slow) left nothing, and is not run again.
 */
export function replayedCalls(items: readonly KeptItem[], runs: readonly Run[]): readonly ReplayedCall[] {
  const models = new Map(runs.map(({ id, model }) => [id, model]))
  return items.flatMap(({ item, run }) => {
    const call = item.type === 'tool-use' ? callOf(item) : null
    return call === null ? [] : [{ ...call, model: models.get(run ?? '') ?? '' }]
  })
}

function callOf({ tool, source, outcome }: ToolUse): Omit<ReplayedCall, 'model'> | null {
  if (outcome.kind !== 'result') return null
  const text = source === null || source.isChanged === true ? null : source.text
  if (tool === 'run_sql') {
    const [, number] = /^result_(\d{1,9})\.parquet$/.exec(outcome.savedAs ?? '') ?? []
    return number === undefined ? null : { tool, text, result: Number(number), mayFail: false }
  }
  const ended = outcome.cell?.outcome
  if (tool !== 'run_python' || (ended !== 'ok' && ended !== 'user-error')) return null
  return { tool, text, result: null, mayFail: ended === 'user-error' }
}
