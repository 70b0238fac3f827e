import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { laterMembers, piecesOf } from './provider-api.ts'
import { namedEvent } from './served.ts'

/** An event before it is numbered. */
type Unnumbered = ResponseStreamEvent extends infer Event
  ? Event extends ResponseStreamEvent
    ? Omit<Event, 'sequence_number'>
    : never
  : never

/** The whole sequence of events in which an endpoint tells a response that is finished. */
export function responseEvents(response: Omit<Response, 'output_text' | 'access_programs'>): string[] {
  const begun = { ...response, status: 'in_progress', output: [], usage: null } as unknown as Response
  const whole = { ...response, ...laterMembers } as unknown as Response
  const events: Unnumbered[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...response.output.flatMap(itemEvents),
    { type: 'response.completed', response: whole },
  ]
  return events.map((event, index) => namedEvent({ ...event, sequence_number: index }))
}

/** A text in pieces, as events of one type at one place. */
function deltaEvents(type: Unnumbered['type'], text: string, place: object): Unnumbered[] {
  return piecesOf(text, 5).map((delta) => Object.assign({ type }, place, { delta }) as Unnumbered)
}

function itemEvents(item: ResponseOutputItem, output_index: number): Unnumbered[] {
  const whole: Unnumbered = { type: 'response.output_item.done', output_index, item }
  if (item.type === 'reasoning') return [...reasoningEvents(item, output_index), whole]
  if (item.type === 'function_call') return [...callEvents(item, output_index), whole]
  if (item.type === 'message') return [...messageEvents(item, output_index), whole]
  return [{ type: 'response.output_item.added', output_index, item }, whole]
}

function reasoningEvents(item: Extract<ResponseOutputItem, { type: 'reasoning' }>, output_index: number): Unnumbered[] {
  const item_id = item.id
  const parts = item.summary.flatMap(({ text }, summary_index): Unnumbered[] => {
    const place = { item_id, output_index, summary_index }
    return [
      { type: 'response.reasoning_summary_part.added', ...place, part: { type: 'summary_text', text: '' } },
      ...deltaEvents('response.reasoning_summary_text.delta', text, place),
      { type: 'response.reasoning_summary_text.done', ...place, text },
      { type: 'response.reasoning_summary_part.done', ...place, part: { type: 'summary_text', text } },
    ]
  })
  return [{ type: 'response.output_item.added', output_index, item: { ...item, summary: [] } }, ...parts]
}

function callEvents(item: Extract<ResponseOutputItem, { type: 'function_call' }>, output_index: number): Unnumbered[] {
  const place = { item_id: item.id ?? '', output_index }
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, arguments: '', status: 'in_progress' } },
    ...deltaEvents('response.function_call_arguments.delta', item.arguments, place),
    { type: 'response.function_call_arguments.done', ...place, name: item.name, arguments: item.arguments },
  ] as Unnumbered[]
}

function messageEvents(item: Extract<ResponseOutputItem, { type: 'message' }>, output_index: number): Unnumbered[] {
  const parts = item.content.flatMap((part, content_index): Unnumbered[] => {
    const place = { item_id: item.id, output_index, content_index }
    const between: Unnumbered[] =
      part.type === 'refusal'
        ? [
            ...deltaEvents('response.refusal.delta', part.refusal, place),
            { type: 'response.refusal.done', ...place, refusal: part.refusal },
          ]
        : [
            ...deltaEvents('response.output_text.delta', part.text, { ...place, logprobs: [] }),
            { type: 'response.output_text.done', ...place, text: part.text, logprobs: [] },
          ]
    const empty = part.type === 'refusal' ? { ...part, refusal: '' } : { ...part, text: '' }
    return [
      { type: 'response.content_part.added', ...place, part: empty },
      ...between,
      { type: 'response.content_part.done', ...place, part },
    ]
  })
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', content: [] } },
    ...parts,
  ]
}
