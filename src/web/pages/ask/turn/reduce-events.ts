import { readFindings, readGrounding } from './read-grounding.ts'
import { countOf, listOf, membersOf, textOf, type Members } from './read-json.ts'
import { isRunning, type Item, type MadeFile, type Step, type Turn, type TurnState } from './turn.ts'

/** More items than any answer has; an index beyond it is of no stream of this service. */
const mostItems = 10_000

/**
 * A turn after one more event of `POST /v1/responses`. Events of unknown types, of another form, and those that were taken already
 * leave it as it is; nothing that a stream holds makes this throw. `now`: milliseconds by this browser's clock.
 */
export function reduceEvent(turn: Turn, data: unknown, now: number): Turn {
  const event = membersOf(data)
  const sequence = countOf(event['sequence_number'])
  if (!isRunning(turn) || (sequence !== null && sequence <= turn.sequence)) return turn
  const seen = { ...turn, state: 'answering' as const, sequence: sequence ?? turn.sequence }
  switch (event['type']) {
    case 'response.created':
    case 'response.in_progress':
      return { ...seen, response: textOf(membersOf(event['response'])['id']) ?? turn.response }
    case 'response.output_item.added':
      return withItem(seen, event['output_index'], itemOf(event['item'], { was: null, now }))
    case 'response.output_item.done':
      return withDone(seen, event, now)
    case 'response.output_text.delta':
      return withWords(seen, event)
    case 'response.code_interpreter_call_code.done':
      return withCode(seen, event, textOf(event['code']))
    case 'response.mcp_call_arguments.done':
      return withCode(seen, event, codeOf(event['arguments']))
    case 'sallyport.approval_requested':
      return withApproval(seen, membersOf(event['approval'])['id'])
    case 'error':
      return withFault(seen, event)
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return endedAs(seen, event['response'], now)
    default:
      return seen
  }
}

/** A turn whose stream has ended: it stays as it was told to end, failed where an error was the last word, and else it was cut. */
export function endOfStream(turn: Turn, now: number): Turn {
  if (!isRunning(turn)) return turn
  return { ...withTime(turn, now), items: turn.items.map(broken(now)), state: turn.fault === null ? 'cut' : 'failed' }
}

/** A turn that never began, or whose connection broke, with what is known of the reason. */
export function failedTurn(turn: Turn, { code, message }: { code: string; message: string }, now: number): Turn {
  return { ...endOfStream(turn, now), state: 'failed', fault: { code, message } }
}

/** A turn as a whole response says that it is: of the last event of a stream, or of `GET /v1/responses/{id}`. */
export function endedAs(turn: Turn, whole: unknown, now: number): Turn {
  const { id, status, output, error, sallyport } = membersOf(whole)
  const said = membersOf(sallyport)
  const { code, message } = membersOf(error)
  const items = listOf(output).slice(0, mostItems)
  const isWhole = Array.isArray(output)
  const fault =
    turn.fault ?? (textOf(message) === null ? null : { code: textOf(code) ?? 'failed', message: String(message) })
  return {
    ...withTime(turn, now),
    response: textOf(id) ?? turn.response,
    state: stateOf(status),
    items: (isWhole ? items.map((item, at) => itemOf(item, { was: turn.items[at] ?? null, now })) : turn.items).map(
      broken(now),
    ),
    files: isWhole ? items.flatMap(filesOf) : turn.files,
    grounding: readGrounding(said['grounding']) ?? turn.grounding,
    findings: readFindings(said['findings']),
    fault,
    decision: textOf(said['decision_id']) ?? turn.decision,
    milliseconds: durationOf(whole) ?? turn.milliseconds ?? now - (turn.begun ?? now),
  }
}

/** How long the service worked for a response, in milliseconds; null where it does not know, as of one that its caller left. */
export function durationOf(whole: unknown): number | null {
  const { duration_ms: took } = membersOf(membersOf(whole)['sallyport'])
  return typeof took === 'number' && took > 0 ? countOf(Math.round(took)) : null
}

function stateOf(status: unknown): TurnState {
  const known: readonly unknown[] = ['completed', 'incomplete', 'failed', 'cancelled']
  return known.includes(status) ? (status as TurnState) : 'cut'
}

const withTime = (turn: Turn, now: number): Turn => ({
  ...turn,
  milliseconds: turn.milliseconds ?? (turn.begun === null ? null : now - turn.begun),
})

/** What was still running when its turn ended has ended with it. */
const broken =
  (now: number) =>
  (item: Item | null): Item | null =>
    item?.type === 'step' && item.state === 'running' ? { ...item, state: 'failed', ended: item.ended ?? now } : item

function withItem(turn: Turn, index: unknown, item: Item | null): Turn {
  const at = countOf(index, mostItems)
  if (at === null || item === null) return turn
  const items = Array.from({ length: Math.max(turn.items.length, at + 1) }, (_, place) => turn.items[place] ?? null)
  items[at] = item
  return { ...turn, items }
}

function withDone(turn: Turn, event: Members, now: number): Turn {
  const at = countOf(event['output_index'], mostItems)
  if (at === null) return turn
  const done = withItem(turn, at, itemOf(event['item'], { was: turn.items[at] ?? null, now }))
  return { ...done, files: [...done.files, ...filesOf(event['item'])] }
}

function withWords(turn: Turn, event: Members): Turn {
  const [at, delta] = [countOf(event['output_index'], mostItems), textOf(event['delta'])]
  if (at === null || delta === null) return turn
  const was = turn.items[at] ?? { type: 'words' as const, id: textOf(event['item_id']) ?? `words_${at}`, text: '' }
  return was.type === 'words' ? withItem(turn, at, { ...was, text: was.text + delta }) : turn
}

function withCode(turn: Turn, event: Members, code: string | null): Turn {
  const at = countOf(event['output_index'], mostItems)
  const was = at === null ? null : turn.items[at]
  return was?.type === 'step' ? withItem(turn, at, { ...was, code }) : turn
}

function withApproval(turn: Turn, id: unknown): Turn {
  const approval = textOf(id)
  return approval === null || turn.approvals.includes(approval)
    ? turn
    : { ...turn, approvals: [...turn.approvals, approval] }
}

function withFault(turn: Turn, event: Members): Turn {
  const asked = withApproval(turn, membersOf(event['approval'])['id'])
  return {
    ...asked,
    fault: { code: textOf(event['code']) ?? 'failed', message: textOf(event['message']) ?? 'The answer broke off.' },
    decision: textOf(event['decision_id']) ?? turn.decision,
  }
}

/** An item of a response; null for one of a type that is not shown. `was`: the same as it is known, for its times. */
function itemOf(value: unknown, { was, now }: { readonly was: Item | null; readonly now: number }): Item | null {
  const item = membersOf(value)
  const id = textOf(item['id']) ?? ''
  switch (item['type']) {
    case 'message': {
      const told = listOf(item['content']).map((part) => textOf(membersOf(part)['text']) ?? '')
      return { type: 'words', id, text: told.join('\n') }
    }
    case 'reasoning': {
      const told = listOf(item['summary']).map((part) => textOf(membersOf(part)['text']) ?? '')
      return { type: 'plan', id, lines: told.join('\n').split('\n') }
    }
    case 'code_interpreter_call':
      return stepOf({ id, tool: 'run_python', code: textOf(item['code']), output: logsOf(item['outputs']) }, item, {
        was,
        now,
      })
    case 'mcp_call': {
      const output = textOf(item['error']) ?? textOf(item['output'])
      const tool = textOf(item['name']) ?? 'tool'
      return stepOf({ id, tool, code: codeOf(item['arguments']), output }, item, { was, now })
    }
    default:
      return null
  }
}

function stepOf(
  said: Pick<Step, 'id' | 'tool' | 'code' | 'output'>,
  { status }: Members,
  { was, now }: { readonly was: Item | null; readonly now: number },
): Step {
  const known = was?.type === 'step' ? was : null
  const state = status === 'in_progress' ? 'running' : status === 'failed' ? 'failed' : 'completed'
  const begun = known === null ? (state === 'running' ? now : null) : known.begun
  const ended = known?.ended ?? (state === 'running' || begun === null ? null : now)
  return { type: 'step', ...said, code: said.code === '' ? (known?.code ?? null) : said.code, state, begun, ended }
}

/** The statement or the program of a call's arguments, which are JSON. */
function codeOf(value: unknown): string | null {
  const text = textOf(value)
  if (text === null || text === '') return text
  try {
    const { statement, code } = membersOf(JSON.parse(text))
    return textOf(statement) ?? textOf(code)
  } catch {
    return null
  }
}

function logsOf(outputs: unknown): string | null {
  const logs = listOf(outputs).flatMap((output) => textOf(membersOf(output)['logs']) ?? [])
  return logs.length === 0 ? null : logs.join('\n')
}

/** Files that a message cites: ids of containers are those of files with a letter before. */
function filesOf(item: unknown): readonly MadeFile[] {
  const parts = listOf(membersOf(item)['content'])
  return parts.flatMap((part) =>
    listOf(membersOf(part)['annotations']).flatMap((annotation) => {
      const { type, file_id: id, filename } = membersOf(annotation)
      const [file, name] = [textOf(id), textOf(filename)]
      if (type !== 'container_file_citation' || file === null || name === null) return []
      return [{ fileId: file.replace(/^c(?=file_)/, ''), name, mediaType: null }]
    }),
  )
}
