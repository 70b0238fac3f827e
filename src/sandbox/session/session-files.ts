import { ServiceError } from '../../core/errors.ts'
import type { Artifact } from '../../core/result.ts'
import { reasonAgainstPath } from '../../text/reason-against-path.ts'
import type { ProtocolConnection } from '../protocol/connection.ts'
import { chunkBytes, protocolFault } from '../protocol/frames.ts'
import { ask, Inbox, type Delivery } from '../protocol/inbox.ts'
import type { MessageOf, SupervisorMessage, WireFile } from '../protocol/messages.ts'
import type { SandboxFiles } from '../sandbox.ts'

const firstCredit = 1_048_576

/** Refused here already, so that a hostile name never travels; the supervisor refuses again what it can see. */
function checkPath(path: string): void {
  const reason = reasonAgainstPath(path)
  if (reason === null) return
  throw new ServiceError('invalid-file', `The path ${JSON.stringify(path.slice(0, 100))} ${reason}.`, {
    advice: 'Use a path below /mnt/data made of ordinary names, such as "results/table.csv".',
  })
}

function toArtifact(file: WireFile): Artifact {
  return { path: file.path, bytes: file.bytes }
}

const fileCodes = new Set([
  'bad-path',
  'not-found',
  'not-regular',
  'permission',
  'no-space',
  'too-large',
  'changed',
  'io',
])

function fileFault(failure: MessageOf<'failed'>): ServiceError {
  const code = fileCodes.has(failure.code) ? 'invalid-file' : 'sandbox-lost'
  return new ServiceError(code, `${failure.message} (${failure.code})`)
}

/** The message asked for, or the failure as a fault. */
function expectMessage<Type extends SupervisorMessage['type']>(delivery: Delivery, type: Type): MessageOf<Type> {
  if (delivery.kind === 'message') {
    if (delivery.message.type === type) return delivery.message as MessageOf<Type>
    if (delivery.message.type === 'failed') throw fileFault(delivery.message)
  }
  throw protocolFault(`something else than "${type}"`)
}

/** Files of one sandbox, streamed over its protocol: no file has to fit in memory on either side. */
export function createSessionFiles(connection: ProtocolConnection): SandboxFiles {
  return {
    async put(path, content, signal) {
      checkPath(path)
      using inbox = new Inbox(connection)
      inbox.send({ type: 'put', path, bytes: null })
      try {
        await sendContent(connection, inbox, content, signal)
        inbox.send({ type: 'close' })
        for (;;) {
          const delivery = await inbox.next(signal)
          if (delivery.kind === 'message' && delivery.message.type === 'credit') continue
          return toArtifact(expectMessage(delivery, 'stored').file)
        }
      } catch (thrown) {
        inbox.send({ type: 'abort' })
        throw thrown
      }
    },

    async list(signal) {
      using inbox = new Inbox(connection)
      inbox.send({ type: 'list' })
      const files: Artifact[] = []
      for (;;) {
        const listed = expectMessage(await inbox.next(signal), 'listed')
        files.push(...listed.files.map(toArtifact))
        if (!listed.more) return files
        if (files.length > 20_000) throw protocolFault('a list without end')
      }
    },

    get: (path, signal) => receiveContent(connection, path, signal),

    async delete(path, signal) {
      checkPath(path)
      const message = await ask(connection, { type: 'delete', path }, signal)
      expectMessage({ kind: 'message', message }, 'deleted')
    },
  }
}

async function sendContent(
  connection: ProtocolConnection,
  inbox: Inbox,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let credit = firstCredit
  const take = (delivery: Delivery) => {
    credit += expectMessage(delivery, 'credit').bytes
  }
  for await (const piece of content) {
    for (let start = 0; start < piece.length; start += chunkBytes) {
      const bytes = piece.subarray(start, start + chunkBytes)
      for (let delivery = inbox.poll(); delivery !== undefined; delivery = inbox.poll()) take(delivery)
      while (credit < bytes.length) take(await inbox.next(signal))
      signal.throwIfAborted()
      credit -= bytes.length
      await connection.sendChunk(inbox.id, bytes)
    }
  }
}

async function* receiveContent(
  connection: ProtocolConnection,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  checkPath(path)
  using inbox = new Inbox(connection)
  inbox.send({ type: 'get', path })
  let complete = false
  try {
    const { file } = expectMessage(await inbox.next(signal), 'content')
    let received = 0
    for (;;) {
      const delivery = await inbox.next(signal)
      if (delivery.kind !== 'chunk') {
        complete = true
        expectMessage(delivery, 'end')
        if (received !== file.bytes) throw protocolFault('a file of another size than announced')
        return
      }
      received += delivery.bytes.length
      yield delivery.bytes
      inbox.send({ type: 'credit', bytes: delivery.bytes.length })
    }
  } finally {
    if (!complete) inbox.send({ type: 'abort' })
  }
}
