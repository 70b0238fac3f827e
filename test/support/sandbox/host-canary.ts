import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Things on the host that no sandbox may see, reach or change. */
export interface HostCanary extends AsyncDisposable {
  /** In a file and in the environment of this process, under the name HOST_CANARY. */
  readonly secret: string
  readonly port: number
  /** The name of an abstract socket. */
  readonly socketName: string
  /** What was touched; empty while all is well. */
  disturbances(): Promise<readonly string[]>
}

async function listen(server: Server, place: { port: number; host: string } | { path: string }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(place, resolve)
  await promise
  server.off('error', reject)
}

/** A file with a secret, a port open on every address, and an abstract socket; each remembers who came. */
export async function placeHostCanary(): Promise<HostCanary> {
  const secret = `canary-${randomBytes(16).toString('hex')}`
  const folder = await mkdtemp(join(tmpdir(), 'canary-'))
  const file = join(folder, secret)
  await writeFile(file, secret)
  process.env['HOST_CANARY'] = secret
  const visits: string[] = []
  const tcp = createServer((socket) => {
    visits.push(`a connection from ${socket.remoteAddress ?? 'somewhere'}`)
    socket.destroy()
  })
  const local = createServer((socket) => {
    visits.push('a connection to the abstract socket')
    socket.destroy()
  })
  await listen(tcp, { port: 0, host: '0.0.0.0' })
  const socketName = `canary-${randomBytes(8).toString('hex')}`
  await listen(local, { path: `\0${socketName}` })
  return {
    secret,
    port: (tcp.address() as AddressInfo).port,
    socketName,
    async disturbances() {
      const text = await readFile(file, 'utf8').catch(() => null)
      return text === secret ? visits : [...visits, 'its file was changed']
    },
    async [Symbol.asyncDispose]() {
      delete process.env['HOST_CANARY']
      tcp.close()
      local.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
