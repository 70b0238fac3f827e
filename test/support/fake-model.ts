import type { Model, ModelEvent, ModelRequest } from '../../src/models/model.ts'

type Finish = Extract<ModelEvent, { readonly type: 'finish' }>

/** One turn of a fake model. `hang` never ends by itself; an error is thrown after the text. */
export type FakeTurn =
  | {
      readonly text?: string
      readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[]
      /** Called between the beginning of its calls and their ends, as where a model takes long to write them. */
      readonly whileWriting?: () => Promise<void>
      readonly reason?: Finish['reason']
      readonly tokens?: number
      /** Output tokens. */
      readonly said?: number
      readonly error?: Error
      readonly withoutFinish?: boolean
    }
  | 'hang'

export interface FakeModel extends Model {
  readonly requests: readonly ModelRequest[]
}

/** A model that plays turns in order, the last one again and again, and records what it was asked. */
export function createFakeModel(
  turns: readonly FakeTurn[] | ((request: ModelRequest, position: number) => FakeTurn),
  options: { readonly contextTokens?: number } = {},
): FakeModel {
  const requests: ModelRequest[] = []
  const choose =
    typeof turns === 'function'
      ? turns
      : (_request: ModelRequest, position: number) => turns[Math.min(position, turns.length - 1)]
  return {
    id: 'fake',
    scripted: true,
    ...options,
    requests,
    async *turn(request, signal): AsyncGenerator<ModelEvent, void> {
      requests.push(request)
      const turn = choose(request, requests.length - 1) ?? {}
      if (turn === 'hang') return await untilAborted(signal)
      if (turn.text !== undefined) yield { type: 'text-delta', text: turn.text }
      if (turn.error !== undefined) throw turn.error
      if (turn.whileWriting !== undefined) {
        for (const { name } of turn.calls ?? []) yield { type: 'call-begin', name }
        await turn.whileWriting()
      }
      for (const [position, call] of (turn.calls ?? []).entries()) {
        const argumentsText = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
        const callId = `call_${requests.length}_${position + 1}`
        yield { type: 'tool-call', call: { callId, name: call.name, argumentsText } }
      }
      if (turn.withoutFinish === true) return
      const reason = turn.reason ?? ((turn.calls ?? []).length > 0 ? 'tool-calls' : 'stop')
      const tokens = turn.tokens ?? 10
      yield { type: 'finish', reason, usage: { inputTokens: tokens, outputTokens: turn.said ?? 0, estimated: false } }
    },
  }
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  return await new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
