import type { CellResult } from '../../../core/result.ts'
import type { OutputItem } from '../wire/response-json.ts'
import { outputItemId } from './response-ids.ts'
import type { ToolCall, ToolUse } from '../../../sessions/run-parts.ts'

/** An item as it is now, with the events that say so, not numbered yet. */
export interface ItemEvents {
  readonly item: OutputItem
  readonly index: number
  readonly events: readonly { readonly type: string; readonly [name: string]: unknown }[]
}

interface About {
  readonly run: string
  readonly index: number
  readonly containerId: string
}

/** Characters of a program that one event has at most. */
const codePiece = 4_096

type Kind = 'ci' | 'mcp'

/** A program of Python is what OpenAI's code interpreter runs; everything else is a tool with a name and arguments. */
const kindOf = ({ tool }: Pick<ToolCall, 'tool'>): Kind => (tool === 'run_python' ? 'ci' : 'mcp')

const textOf = ({ source }: Pick<ToolCall, 'source'>): string => source?.text ?? ''

/** What the tool is called with, as `/mcp` names it; nothing where it may not be shown. */
function argumentsOf({ source }: Pick<ToolCall, 'source'>): string {
  if (source === null) return '{}'
  return JSON.stringify(source.language === 'sql' ? { statement: source.text } : { code: source.text })
}

function piecesOf(text: string): readonly string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length;) {
    const cut = Math.min(at + codePiece, text.length)
    const isInPair = cut < text.length && /[\uDC00-\uDFFF]/.test(text.charAt(cut))
    const end = isInPair ? cut - 1 : cut
    pieces.push(text.slice(at, end))
    at = end
  }
  return pieces
}

/** A call that begins, with all of what it is about to run. */
export function begunItem(call: ToolCall, about: About): ItemEvents {
  const { index } = about
  const kind = kindOf(call)
  const place = { item_id: outputItemId(kind, about.run, index), output_index: index }
  const item = itemOf(call, about, { status: 'in_progress', said: null, error: null, isBegun: true })
  const added = { type: 'response.output_item.added', output_index: index, item }
  const events =
    kind === 'ci'
      ? [
          { type: 'response.code_interpreter_call.in_progress', ...place },
          ...piecesOf(textOf(call)).map((delta) =>
            Object.assign({ type: 'response.code_interpreter_call_code.delta', delta }, place),
          ),
          { type: 'response.code_interpreter_call_code.done', ...place, code: textOf(call) },
          { type: 'response.code_interpreter_call.interpreting', ...place },
        ]
      : [
          { type: 'response.mcp_call.in_progress', ...place },
          ...piecesOf(argumentsOf(call)).map((delta) =>
            Object.assign({ type: 'response.mcp_call_arguments.delta', delta }, place),
          ),
          { type: 'response.mcp_call_arguments.done', ...place, arguments: argumentsOf(call) },
        ]
  return { item, index, events: [added, ...events] }
}

/** A call that is over. */
export function endedItem(use: ToolUse, about: About): ItemEvents {
  const { index } = about
  const kind = kindOf(use)
  const place = { item_id: outputItemId(kind, about.run, index), output_index: index }
  const { outcome } = use
  const hasRun = outcome.kind === 'result'
  const isGood = hasRun && (outcome.cell === null || outcome.cell.outcome === 'ok')
  const said = hasRun ? (outcome.cell === null ? outcome.summary : logsOf(outcome.cell)) : outcome.message
  const status = isGood ? 'completed' : 'failed'
  const item = itemOf(use, about, { status, said, error: isGood ? null : said, isBegun: false })
  const over =
    kind === 'mcp'
      ? [{ type: `response.mcp_call.${status}`, ...place }]
      : hasRun
        ? [{ type: 'response.code_interpreter_call.completed', ...place }]
        : []
  return { item, index, events: [...over, { type: 'response.output_item.done', output_index: index, item }] }
}

interface ItemState {
  readonly status: 'in_progress' | 'completed' | 'failed'
  readonly said: string | null
  readonly error: string | null
  /** Is nothing of what runs told yet? */
  readonly isBegun: boolean
}

function itemOf(
  call: Pick<ToolCall, 'tool' | 'source'>,
  { run, index, containerId }: About,
  { status, said, error, isBegun }: ItemState,
): OutputItem {
  const kind = kindOf(call)
  const id = outputItemId(kind, run, index)
  if (kind === 'ci') {
    return {
      id,
      type: 'code_interpreter_call',
      status,
      code: isBegun ? '' : textOf(call),
      container_id: containerId,
      outputs: said === null ? null : [{ type: 'logs', logs: said }],
    }
  }
  return {
    id,
    type: 'mcp_call',
    status,
    server_label: 'sallyport',
    name: call.tool,
    arguments: isBegun ? '' : argumentsOf(call),
    output: error === null ? said : null,
    error,
  }
}

/** What a program printed, what its last line came to, and how it failed. */
function logsOf({ stdout, stderr, results, error, notice }: CellResult): string {
  const shown = results.flatMap(({ text }) => (text === undefined ? [] : [text]))
  const texts = [stdout.text, ...shown, stderr.text, error?.traceback ?? '', notice ?? '']
  return texts.filter((text) => text !== '').join('\n')
}
