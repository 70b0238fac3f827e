import type { JsonValue } from '../../../core/json.ts'
import type { AgentEnding, AnswerArtifact } from '../../../core/events.ts'
import { toProblem, type Problem } from '../../../http/problem.ts'
import { Answer, faultOf, type AppendixOptions } from '../../answer.ts'
import { groundingJson } from '../../wire/grounding.ts'
import { toFindings } from '../../wire/sql.ts'
import {
  outputText,
  responseJson,
  type ContainerCitation,
  type MessageItem,
  type OutputItem,
  type ResponseHead,
  type ResponseJson,
  type ResponseState,
} from '../wire/response-json.ts'
import { containerFileIdOf, outputItemId } from './response-ids.ts'
import type { RunEnding, RunPart } from '../../../sessions/run-parts.ts'
import { TextPieces } from './text-pieces.ts'
import { planItem } from './plan-item.ts'
import { begunItem, endedItem, type ItemEvents } from './tool-items.ts'

/** An event of a stream, numbered from 0. */
export interface ResponseEvent {
  readonly type: string
  readonly sequence_number: number
  readonly [name: string]: unknown
}

export interface ResponseEventsOptions extends Pick<AppendixOptions, 'tableRows'> {
  /** Null for what has no link; `fileId` is the stored file, null where there is none. */
  readonly linkFor: (artifact: AnswerArtifact, fileId: string | null) => string | null
  /** Why there is none, behind the name of the file; absent, it is too large for one. */
  readonly whyNoLink?: (fileId: string | null) => string
  readonly head: ResponseHead
  /** `run_…` */
  readonly run: string
  readonly requestId: string
  readonly containerId: string
  /** Said before the answer; null for none. */
  readonly label: string | null
}

/** A message that is being said. */
interface OpenMessage {
  readonly index: number
  readonly pieces: TextPieces
  text: string
  /** Characters of the service's own before the words of the run. */
  label: number
  readonly annotations: ContainerCitation[]
}

interface EndFacts {
  readonly problem: Problem | null
  /** Characters of the service's own before the words of the last message. */
  readonly label: number
}

const lengthEndings: ReadonlySet<AgentEnding> = new Set([
  'step-limit',
  'token-limit',
  'time-limit',
  'cost-limit',
  'correction-limit',
  'model-length',
])

/**
 * The events of a response, from the parts of its run. The same parts give the same events with the same numbers, whether a run goes on or is told
 * again from what was kept; only links differ.
 */
export class ResponseEvents {
  readonly #options: ResponseEventsOptions
  readonly #answer: Answer
  readonly #files = new Map<string, string | null>()
  readonly #output: OutputItem[] = []
  #state: Omit<ResponseState, 'output'> = { status: 'in_progress' }
  #number = 0
  /** The place of the call that is running. */
  #call = 0
  #message: OpenMessage | null = null
  #isLabelled: boolean

  constructor(options: ResponseEventsOptions) {
    this.#options = options
    this.#answer = new Answer(options.tableRows)
    this.#isLabelled = options.label === null
  }

  /** The whole response as it is now. */
  get response(): ResponseJson {
    return responseJson(this.#options.head, { ...this.#state, output: [...this.#output] })
  }

  begin(): readonly ResponseEvent[] {
    return [this.#whole('response.created'), this.#whole('response.in_progress')]
  }

  next(part: RunPart): readonly ResponseEvent[] {
    switch (part.type) {
      case 'text':
        return this.#say(part.text)
      case 'message':
        return []
      case 'plan': {
        const closed = this.#close('\n\n')
        return [...closed, ...this.#item(planItem(part.steps, this.#about(this.#output.length)))]
      }
      case 'call': {
        // What follows is another message, in another paragraph.
        const closed = this.#close('\n\n')
        this.#call = this.#output.length
        return [...closed, ...this.#item(begunItem(part.call, this.#about(this.#call)))]
      }
      case 'tool-use': {
        const { type: _type, outcome, callId, ...use } = part.use
        if (outcome.kind === 'result') {
          const { kind: _kind, ...result } = outcome
          this.#answer.take({ type: 'tool-result', callId, tool: use.tool as never, ...result })
        }
        return this.#item(endedItem(part.use, this.#about(this.#call)))
      }
      case 'artifact':
        this.#files.set(part.artifact.name, part.fileId)
        this.#answer.take({ type: 'artifact', artifact: part.artifact })
        return []
      case 'end':
        return this.#end(part.end)
    }
  }

  #about(index: number) {
    return { run: this.#options.run, index, containerId: this.#options.containerId }
  }

  #item({ item, index, events }: ItemEvents): readonly ResponseEvent[] {
    this.#output[index] = item
    return events.map(({ type, ...members }) => this.#event(type, members))
  }

  #say(text: string): readonly ResponseEvent[] {
    const { events, message } = this.#opened()
    const pieces = message.pieces.push(text)
    return [...events, ...pieces.map((piece) => this.#delta(message, piece))]
  }

  #opened(): { readonly message: OpenMessage; readonly events: readonly ResponseEvent[] } {
    if (this.#message !== null) return { message: this.#message, events: [] }
    const index = this.#output.length
    const message: OpenMessage = { index, pieces: new TextPieces(), text: '', label: 0, annotations: [] }
    this.#message = message
    const item = this.#messageItem(message, 'in_progress', [])
    const events = [
      this.#event('response.output_item.added', { output_index: index, item }),
      this.#event('response.content_part.added', { ...this.#partOf(message), part: outputText('') }),
    ]
    if (this.#isLabelled) return { message, events }
    this.#isLabelled = true
    const label = this.#delta(message, `> ${this.#options.label}\n\n`)
    message.label = message.text.length
    return { message, events: [...events, label] }
  }

  #delta(message: OpenMessage, delta: string): ResponseEvent {
    message.text += delta
    return this.#event('response.output_text.delta', { ...this.#partOf(message), delta, logprobs: [] })
  }

  #partOf({ index }: OpenMessage) {
    return { item_id: this.#messageId(index), output_index: index, content_index: 0 }
  }

  #messageId(index: number): string {
    return outputItemId('msg', this.#options.run, index)
  }

  #messageItem({ index }: OpenMessage, status: MessageItem['status'], content: MessageItem['content']): MessageItem {
    return { id: this.#messageId(index), type: 'message', status, role: 'assistant', content }
  }

  /** Ends the message that is being said, where there is one. */
  #close(behind: string, status: MessageItem['status'] = 'completed'): readonly ResponseEvent[] {
    const message = this.#message
    if (message === null) return []
    const rest = [...message.pieces.end(), ...(behind === '' ? [] : [behind])]
    const deltas = rest.map((piece) => this.#delta(message, piece))
    this.#message = null
    const part = outputText(message.text, message.annotations)
    const item = this.#messageItem(message, status, [part])
    this.#output[message.index] = item
    return [
      ...deltas,
      this.#event('response.output_text.done', { ...this.#partOf(message), text: message.text, logprobs: [] }),
      this.#event('response.content_part.done', { ...this.#partOf(message), part }),
      this.#event('response.output_item.done', { output_index: message.index, item }),
    ]
  }

  /** The last message stands alone: with the table, the links, and the reason where the answer is not whole. */
  #end(end: RunEnding): readonly ResponseEvent[] {
    this.#answer.take(end)
    const { events, message } = this.#opened()
    const problem = this.#problemOf(end)
    const said = message.pieces.end().map((piece) => this.#delta(message, piece))
    if (problem === null) said.push(...this.#appendix(message))
    const sentence = problem === null ? end.message : `The answer broke off: ${problem.detail}`
    if (sentence !== null) said.push(this.#delta(message, `${message.text === '' ? '' : '\n\n'}**${sentence}**`))
    this.#state = this.#ended(end, { problem, label: message.label })
    const isWhole = this.#state.status === 'completed'
    const closed = this.#close('', isWhole ? 'completed' : 'incomplete')
    return [...events, ...said, ...closed, ...this.#last(problem)]
  }

  #appendix(message: OpenMessage): readonly ResponseEvent[] {
    const { tableRows, linkFor, whyNoLink } = this.#options
    const fileOf = ({ name }: AnswerArtifact): string | null => this.#files.get(name) ?? null
    const options = {
      tableRows,
      linkFor: (artifact: AnswerArtifact) => linkFor(artifact, fileOf(artifact)),
      ...(whyNoLink === undefined ? {} : { whyNoLink: (artifact: AnswerArtifact) => whyNoLink(fileOf(artifact)) }),
    }
    return this.#answer.appendix(message.text, options).flatMap(({ text, artifact }) => {
      const start = message.text.length + text.length - text.trimStart().length
      const delta = this.#delta(message, text)
      const fileId = artifact === null ? null : fileOf(artifact)
      if (artifact === null || fileId === null) return [delta]
      const annotation: ContainerCitation = {
        type: 'container_file_citation',
        container_id: this.#options.containerId,
        file_id: containerFileIdOf(fileId),
        filename: artifact.name,
        start_index: start,
        end_index: message.text.length,
      }
      const at = message.annotations.push(annotation) - 1
      const members = { ...this.#partOf(message), annotation_index: at, annotation }
      return [delta, this.#event('response.output_text.annotation.added', members)]
    })
  }

  #problemOf(end: RunEnding): Problem | null {
    const fault = faultOf(end)
    return fault === null ? null : toProblem(fault, this.#options.requestId)
  }

  #ended(end: RunEnding, about: EndFacts): Omit<ResponseState, 'output'> {
    const { problem } = about
    const common = { usage: end.usage, sallyport: this.#extension(end, about) }
    if (end.ending === 'answer') return { status: 'completed', ...common }
    if (end.ending === 'cancelled') return { status: 'cancelled', ...common }
    const isFiltered = end.ending === 'model-filtered' || end.code === 'content-blocked' || end.code === 'refused'
    if (isFiltered) return { status: 'incomplete', incompleteReason: 'content_filter', ...common }
    if (lengthEndings.has(end.ending)) return { status: 'incomplete', incompleteReason: 'max_output_tokens', ...common }
    const message = problem?.message ?? end.message ?? 'The run failed.'
    return { status: 'failed', error: { code: problem?.error.code ?? 'server_error', message }, ...common }
  }

  #extension(end: RunEnding, { problem, label }: EndFacts): JsonValue {
    return {
      ending: end.ending,
      steps: end.steps,
      duration_ms: end.milliseconds,
      findings: toFindings(this.#answer.findings),
      ...(problem === null ? {} : { code: problem.code }),
      ...(end.decision === undefined ? {} : { decision_id: end.decision }),
      ...(end.appeal === undefined ? {} : { appeal: end.appeal }),
      ...(problem?.approval === undefined ? {} : { approval: { ...problem.approval } }),
      ...(end.grounding === undefined ? {} : { grounding: groundingJson(end.grounding, label) }),
    }
  }

  /** The one event that says how it ended; before a failure an `error`, which is all that some clients read. */
  #last(problem: Problem | null): readonly ResponseEvent[] {
    const { status, error } = this.#state
    if (status === 'completed') return [this.#whole('response.completed')]
    if (status === 'incomplete') return [this.#whole('response.incomplete')]
    const { code = 'server_error', message = 'The run failed.' } = problem?.error ?? error ?? {}
    const told = this.#event('error', { code, message, param: problem?.error.param ?? null })
    return [told, this.#whole('response.failed')]
  }

  #whole(type: string): ResponseEvent {
    return this.#event(type, { response: this.response })
  }

  #event(type: string, members: Readonly<Record<string, unknown>>): ResponseEvent {
    const event = { type, sequence_number: this.#number, ...members }
    this.#number += 1
    return event
  }
}
