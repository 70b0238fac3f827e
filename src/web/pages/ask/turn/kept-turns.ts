import { readGrounding } from './read-grounding.ts'
import { listOf, membersOf, textOf, type Members } from './read-json.ts'
import { newTurn, type Item, type MadeFile, type Step, type Turn } from './turn.ts'

/**
 * The turns of a conversation from its items (`GET /v1/conversations/{id}/items`), the first one first. Words of the last message of a run are
 * those that its marks have their offsets in, which those of a stream, with what the service puts before and behind them, are not.
 * How a run ended is not among them: a turn without an answer of its own is `incomplete` until its response was asked for.
 */
export function keptTurns(items: readonly unknown[]): readonly Turn[] {
  const turns: Turn[] = []
  for (const value of items) {
    const item = membersOf(value)
    const run = textOf(item['run'])
    const asked = item['type'] === 'message' && item['role'] === 'user'
    const at = asked ? -1 : turns.findLastIndex(({ response }) => run === null || response === responseOf(run))
    if (at >= 0) turns[at] = withKept(turns[at] as Turn, item)
    else if (asked)
      turns.push({ ...newTurn(wordsOf(item), madeAt(item)), response: run === null ? null : responseOf(run) })
    // Said by nobody who was asked: instructions, or the answer of a question that was taken out.
    else if (item['role'] === 'assistant')
      turns.push(withKept({ ...newTurn('', null), response: run === null ? null : responseOf(run) }, item))
  }
  return turns.map(ended)
}

const ended = (turn: Turn): Turn => ({
  ...turn,
  state: turn.items.at(-1)?.type === 'words' ? 'completed' : 'incomplete',
})

/** A turn that was seen running, with its words, marks and files as they are kept; its steps keep their times and what they printed. */
export function settled(turn: Turn, kept: readonly Turn[]): Turn {
  const own = kept.find(({ response }) => response !== null && response === turn.response)
  const answer = own?.items.at(-1)
  if (own === undefined || answer?.type !== 'words') return turn
  const last = turn.items.findLastIndex((item) => item !== null)
  const isAnswered = turn.items[last]?.type === 'words'
  const items = isAnswered ? turn.items.with(last, answer) : [...turn.items, answer]
  return { ...turn, items, files: own.files, grounding: own.grounding ?? turn.grounding }
}

const responseOf = (run: string): string => run.replace(/^run_/, 'resp_')

function withKept(turn: Turn, item: Members): Turn {
  const file = fileOf(item)
  if (file !== null) return { ...turn, files: [...turn.files.filter(({ name }) => name !== file.name), file] }
  const kept = itemOf(item)
  if (kept === null) return turn
  return { ...turn, items: [...turn.items, kept], grounding: readGrounding(item['grounding']) ?? turn.grounding }
}

/** `chart_1.png (image/png, 28723 bytes)` beside the id of the file. */
function fileOf(item: Members): MadeFile | null {
  const id = textOf(item['file_id'])
  if (id === null) return null
  const [, name = id, mediaType = null] = /^(.*) \(([^(),]+), \d+ bytes\)$/s.exec(wordsOf(item)) ?? []
  return { fileId: id, name, mediaType }
}

function itemOf(item: Members): Item | null {
  const id = textOf(item['id']) ?? ''
  switch (item['type']) {
    case 'message':
      return { type: 'words', id, text: wordsOf(item) }
    case 'reasoning': {
      const told = listOf(item['summary']).map((part) => textOf(membersOf(part)['text']) ?? '')
      return { type: 'plan', id, lines: told.join('\n').split('\n') }
    }
    case 'code_interpreter_call': {
      const logs = listOf(item['outputs']).flatMap((output) => textOf(membersOf(output)['logs']) ?? [])
      return {
        type: 'step',
        id,
        tool: textOf(item['tool']) ?? 'run_python',
        code: textOf(item['code']),
        state: item['status'] === 'completed' ? 'completed' : 'failed',
        output: logs.length === 0 ? null : logs.join('\n'),
        ...timesOf(item),
      }
    }
    default:
      return null
  }
}

/** Milliseconds by the clock of the service, which is that of all times of a turn that was not seen running. */
function madeAt({ made_at: made }: Members): number | null {
  const time = Date.parse(textOf(made) ?? '')
  return Number.isNaN(time) ? null : time
}

/** A step is kept when it has ended. Of one that was refused or failed nobody has noted how long it took. */
function timesOf(item: Members): Pick<Step, 'begun' | 'ended'> {
  const { duration_ms: took } = item
  const ended = madeAt(item)
  if (ended === null || typeof took !== 'number' || !(took >= 0)) return { begun: null, ended: null }
  return { begun: ended - took, ended }
}

const wordsOf = ({ content }: Members): string =>
  listOf(content)
    .map((part) => textOf(membersOf(part)['text']) ?? '')
    .join('\n')
