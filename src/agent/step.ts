import { ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { Model, ModelEvent, ModelRequest, ToolRequest } from '../models/model.ts'

type Finish = Extract<ModelEvent, { readonly type: 'finish' }>

/** One model turn, whole. */
export interface Turn {
  readonly text: string
  readonly calls: readonly ToolRequest[]
  readonly reason: Finish['reason']
  readonly usage: Finish['usage']
}

interface TurnContext {
  readonly step: number
  readonly signal: AbortSignal
  /** Told of the characters of each piece of text, before anybody reads it. */
  readonly onText: (characters: number) => void
  /** Told of the name of a tool as soon as the model has begun to write a call of it. */
  readonly onCall: (name: string) => void
  /** Is its text told by whoever takes the turn, once it is whole? */
  readonly isHeld: boolean
}

/** Takes one turn of the model: passes its text on as it comes, unless it is held, and returns the whole of it. */
export async function* takeTurn(
  model: Model,
  request: ModelRequest,
  context: TurnContext,
): AsyncGenerator<AgentEvent, Turn> {
  const { step, signal, onText, onCall, isHeld } = context
  const calls: ToolRequest[] = []
  let text = ''
  let finish: Finish | null = null
  for await (const event of model.turn(request, signal)) {
    signal.throwIfAborted()
    if (event.type === 'text-delta') {
      text += event.text
      onText(event.text.length)
      if (!isHeld) yield { type: 'text-delta', step, text: event.text }
    } else if (event.type === 'call-begin') {
      onCall(event.name)
    } else if (event.type === 'tool-call') {
      calls.push(event.call)
    } else {
      finish = event
    }
  }
  signal.throwIfAborted()
  if (finish === null) {
    throw new ServiceError('model-protocol', "The model's turn broke off without a finish")
  }
  return { text, calls, reason: finish.reason, usage: finish.usage }
}
