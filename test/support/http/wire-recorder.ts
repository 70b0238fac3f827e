import { connect, createServer, type Socket } from 'node:net'

export interface WireRecorder extends AsyncDisposable {
  readonly port: number
  /** Types of the frontend's messages in order, start-up left out: `P`, `B`, `D`, `E`, `S`, `Q`, … */
  readonly messages: readonly string[]
  /** Cancel requests that came over connections of their own. */
  readonly cancels: number
  /** From now on nothing of what the server says arrives, and nobody hears that a connection ends. */
  silence(): void
  /** The statement with `text` is not carried out before the server has taken a request to cancel, as on a slow line. */
  holdExecute(text: string): void
}

const startupBytes = 8
const cancelRequestCode = 80_877_102
const signalMilliseconds = 20

/** A proxy before a PostgreSQL server that writes down what kinds of messages a client sends. */
export async function recordWire(target: { readonly host: string; readonly port: number }): Promise<WireRecorder> {
  const messages: string[] = []
  const sockets = new Set<Socket>()
  let cancels = 0
  let silent = false
  let held: string | null = null
  const { promise: cancelTaken, resolve: takeCancel } = Promise.withResolvers<void>()
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    let pending = Buffer.alloc(0)
    let started = false
    let isHeld = false
    let sent = Promise.resolve()
    client.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        const header = started ? 1 : 0
        if (pending.length < header + 4) return
        const length = pending.readInt32BE(header) + header
        if (pending.length < length) return
        const type = String.fromCharCode(pending[0] ?? 0)
        if (started) messages.push(type)
        else if (length >= startupBytes && pending.readInt32BE(4) === cancelRequestCode) {
          cancels += 1
          // The server closes the connection of a request once it has sent its signal.
          upstream.once('close', () => setTimeout(takeCancel, signalMilliseconds))
        }
        const message = pending.subarray(0, length)
        if (type === 'P' && held !== null) isHeld = message.includes(held)
        if (type === 'E' && isHeld) sent = sent.then(() => cancelTaken)
        sent = sent.then(() => void upstream.write(message))
        started = true
        pending = pending.subarray(length)
      }
    })
    client.on('end', () => void sent.then(() => upstream.end()))
    upstream.on('end', () => client.end())
    upstream.on('data', (chunk) => {
      if (!silent) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the recorder has no port')
  return {
    port: address.port,
    messages,
    get cancels() {
      return cancels
    },
    silence: () => {
      silent = true
    },
    holdExecute: (text) => {
      held = text
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
