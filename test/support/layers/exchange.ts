import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

export interface Answer {
  readonly status: number
  readonly text: string
}

export interface Asking {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | null
}

/** A request on a connection of its own. `tls`: what the caller shows and believes, where the service is asked so. */
export function ask(url: string, { method, path, headers, body }: Asking, tls: ConnectionOptions): Promise<Answer> {
  const { protocol, hostname: host, port } = new URL(url)
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { host, port, method, path, headers: { ...headers, ...length }, agent: false as const }
  return new Promise((resolve, reject) => {
    // The certificate is that of the address, whatever the header Host says: Node would go by that.
    const believed = { ...options, ...tls, servername: isIP(host) === 0 ? host : '' }
    const asked = protocol === 'https:' ? tlsRequest(believed) : plainRequest(options)
    asked.on('error', reject)
    asked.on('response', (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
      )
    })
    asked.end(body ?? undefined)
  })
}

/** Writes bytes on a connection and reads until it ends; '' for a connection that is refused or breaks. */
export async function exchangeBytes(url: string, bytes: string, tls: ConnectionOptions | null): Promise<string> {
  const { hostname: host, port } = new URL(url)
  const socket: Socket =
    tls === null ? connectPlain({ host, port: Number(port) }) : connectTls({ host, port: Number(port), ...tls })
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.setTimeout(20_000, () => socket.destroy())
  socket.write(Buffer.from(bytes, 'latin1'))
  await closed
  return Buffer.concat(pieces).toString('latin1')
}
