import { endWithParent } from './end-with-parent.ts'
import type { ProcessReply, ProcessRequest } from './messages.ts'

/** Asks the parent in the middle of a call. Rejects where the parent gives the call up. */
export type AskParent = (question: unknown) => Promise<unknown>

export type Handlers = Readonly<Record<string, (input: unknown, askParent: AskParent) => Promise<unknown>>>

class AbandonedError extends Error {}

type Waiting = Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'>
type Call = Extract<ProcessRequest, { readonly method: string }>

/** What an error of a handler says to the parent, as JSON; null where it is a fault. */
export type FailureOf = (error: unknown) => unknown

/** Answers the parent's requests over IPC, one after the other, until it disconnects. */
export function serve(handlers: Handlers, failureOf: FailureOf = () => null): void {
  endWithParent()
  process.once('disconnect', () => process.exit(0))
  let last: Promise<void> = Promise.resolve()
  let waiting: Waiting | null = null
  const ask = (id: number, question: unknown): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting = { resolve, reject }
    send({ id, question })
    return promise
  }
  process.on('message', (request: ProcessRequest) => {
    if ('answer' in request) waiting?.resolve(request.answer)
    else if ('abandon' in request) waiting?.reject(new AbandonedError())
    else
      last = last
        .then(() => answer({ handlers, failureOf }, request, (question) => ask(request.id, question)))
        .then(send)
  })
}

export function reportProgress(text: string): void {
  send({ progress: text })
}

async function answer(
  { handlers, failureOf }: { readonly handlers: Handlers; readonly failureOf: FailureOf },
  { id, method, input }: Call,
  askParent: AskParent,
): Promise<ProcessReply> {
  try {
    const handler = handlers[method]
    if (handler === undefined) throw new Error(`no handler for "${method}"`)
    return { id, value: await handler(input, askParent) }
  } catch (error) {
    if (error instanceof AbandonedError) return { id, abandoned: true }
    const failure = failureOf(error)
    if (failure !== null) return { id, failure }
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function send(reply: ProcessReply): void {
  process.send?.(reply)
}
