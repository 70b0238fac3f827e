import { endWithParent } from '../../core/end-with-parent.ts'
import { StatementError } from '../session.ts'
import type { ProcessReply, ProcessRequest } from './messages.ts'

export type Handlers = Readonly<Record<string, (input: unknown) => Promise<unknown>>>

/** Answers the parent's requests over IPC, one after the other, until it disconnects. */
export function serve(handlers: Handlers): void {
  endWithParent()
  process.once('disconnect', () => process.exit(0))
  let last: Promise<void> = Promise.resolve()
  process.on('message', (request: ProcessRequest) => {
    last = last.then(() => answer(handlers, request)).then(send)
  })
}

export function reportProgress(text: string): void {
  send({ progress: text })
}

async function answer(handlers: Handlers, { id, method, input }: ProcessRequest): Promise<ProcessReply> {
  try {
    const handler = handlers[method]
    if (handler === undefined) throw new Error(`no handler for "${method}"`)
    return { id, value: await handler(input) }
  } catch (error) {
    if (error instanceof StatementError)
      return { id, statement: { sqlstate: error.sqlstate, position: error.position } }
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function send(reply: ProcessReply): void {
  process.send?.(reply)
}
