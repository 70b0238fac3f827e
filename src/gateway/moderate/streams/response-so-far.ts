import { isObject, type JsonObject } from '../../apis/api.ts'
import { memberOf, type ToldBlock } from '../blocked-answers.ts'
import type { SentSoFar } from './closing-events.ts'

/** An item of a response as far as it has left. */
interface OpenItem {
  readonly item: Record<string, unknown>
  isDone: boolean
  /** Its open part, by the member in which it stands. */
  part: { readonly list: 'content' | 'summary'; readonly index: number; readonly value: Record<string, unknown> } | null
}

/** By the kind of a piece: the member of its item, or of a part of it, to which it adds, and the event that says the whole. */
const pieces: Readonly<Record<string, { readonly member: string; readonly isOfPart: boolean }>> = {
  'response.output_text': { member: 'text', isOfPart: true },
  'response.refusal': { member: 'refusal', isOfPart: true },
  'response.reasoning_text': { member: 'text', isOfPart: true },
  'response.reasoning_summary_text': { member: 'text', isOfPart: true },
  'response.function_call_arguments': { member: 'arguments', isOfPart: false },
  'response.mcp_call_arguments': { member: 'arguments', isOfPart: false },
  'response.custom_tool_call_input': { member: 'input', isOfPart: false },
  'response.code_interpreter_call_code': { member: 'code', isOfPart: false },
}

/** A response as far as its events have left: what clients have put together of it by then. */
export class ResponseSoFar implements SentSoFar {
  #response: JsonObject = { id: '', object: 'response', created_at: 0, model: '', output: [] }
  readonly #items = new Map<number, OpenItem>()
  #sequence = -1
  /** The kind of the text that is open. */
  #piece: string | null = null

  sent(data: JsonObject): void {
    const type = String(data['type'])
    if (typeof data['sequence_number'] === 'number') this.#sequence = data['sequence_number']
    if (isObject(data['response'])) this.#response = data['response']
    const index = data['output_index']
    if (typeof index !== 'number') return
    const { item: given } = data
    if (/\.output_item\.(?:added|done)$/.test(type) && isObject(given)) {
      this.#items.set(index, { item: { ...given }, isDone: type.endsWith('.done'), part: null })
      this.#piece = null
      return
    }
    const open = this.#items.get(index)
    if (open !== undefined) this.#follow(open, type, data)
  }

  #follow(open: OpenItem, type: string, data: JsonObject): void {
    const { part } = data
    if (type.endsWith('_part.added') && isObject(part)) {
      const list = 'summary_index' in data ? 'summary' : 'content'
      const index = Number(data['summary_index'] ?? data['content_index'] ?? 0)
      const value = { ...part }
      const parts = [...(Array.isArray(open.item[list]) ? (open.item[list] as readonly unknown[]) : [])]
      parts[index] = value
      open.item[list] = parts
      open.part = { list, index, value }
    } else if (type.endsWith('_part.done')) open.part = null
    const [, kind, end] = /^(.*)\.(delta|done)$/.exec(type) ?? []
    const added = kind === undefined ? undefined : pieces[kind]
    if (kind === undefined || added === undefined) return
    this.#piece = end === 'delta' ? kind : null
    const into = added.isOfPart ? open.part?.value : open.item
    if (into === undefined) return
    const before = into[added.member]
    if (end === 'delta') into[added.member] = (typeof before === 'string' ? before : '') + textOf(data['delta'])
  }

  closing(told: ToldBlock): string {
    const events: JsonObject[] = []
    const say = (data: JsonObject): void => {
      events.push({ ...data, sequence_number: (this.#sequence += 1) })
    }
    if (typeof this.#response['status'] !== 'string') {
      const begun = { ...this.#response, id: told.decision, status: 'in_progress' }
      this.#response = begun
      say({ type: 'response.created', response: begun })
    }
    for (const [output_index, open] of this.#items) {
      if (open.isDone) continue
      this.#closeItem({ output_index, item_id: open.item['id'] }, open, say)
    }
    const output = [...this.#items].sort(([one], [other]) => one - other).map(([, { item }]) => item)
    const incomplete = { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output }
    const response = { ...this.#response, ...incomplete, ...memberOf(told) }
    say({ type: 'response.incomplete', response })
    return events.map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`).join('')
  }

  #closeItem(
    at: { readonly output_index: number; readonly item_id: unknown },
    { item, part }: OpenItem,
    say: (data: JsonObject) => void,
  ): void {
    const place = part === null ? {} : { [part.list === 'summary' ? 'summary_index' : 'content_index']: part.index }
    const added = this.#piece === null ? undefined : pieces[this.#piece]
    if (added !== undefined) {
      const whole = textOf((added.isOfPart ? part?.value : item)?.[added.member])
      const logprobs = this.#piece === 'response.output_text' ? { logprobs: [] } : {}
      say({ type: `${this.#piece}.done`, ...at, ...(added.isOfPart ? place : {}), [added.member]: whole, ...logprobs })
    }
    if (part !== null) {
      const kind = part.list === 'summary' ? 'reasoning_summary_part' : 'content_part'
      say({ type: `response.${kind}.done`, ...at, ...place, part: part.value })
    }
    item['status'] = 'incomplete'
    say({ type: 'response.output_item.done', output_index: at.output_index, item })
    this.#piece = null
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
