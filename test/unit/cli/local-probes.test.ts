import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { portProbe } from '../../../src/cli/local-probes.ts'
import type { Config } from '../../../src/config/schema.ts'
import { freePort } from '../../support/databases/server-process.ts'

const probe = (port: number, host = '127.0.0.1') =>
  portProbe({ http: { host, port, tls: null } } as Config).run(AbortSignal.timeout(60_000))

async function probeBeside(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    return { port, ...(await probe(port)) }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('the port of the service', () => {
  it('may be free', async () => {
    const port = await freePort()
    expect(await probe(port)).toEqual({ passed: true, detail: `127.0.0.1:${port} is free`, fix: null })
  })

  it('may have a service that runs, which is no fault', async () => {
    const { port, ...result } = await probeBeside((request, response) => {
      response.end(request.url === '/livez' ? '{"status":"alive"}' : '{}')
    })
    expect(result).toEqual({ passed: true, detail: `127.0.0.1:${port} has a service that runs`, fix: null })
  })

  it.each<[string, RequestListener]>([
    ['speaks of something else', (_request, response) => response.end('{"status":"ok"}')],
    ['speaks no JSON', (_request, response) => response.end('<html>')],
    ['sends whoever asks elsewhere', (_request, response) => response.writeHead(302, { location: '/' }).end()],
    ['hangs up', (request) => request.socket.destroy()],
  ])('may be taken by a program that %s, and what to do is said', async (_what, listener) => {
    const { port, ...result } = await probeBeside(listener)
    expect(result).toMatchObject({ passed: false, detail: `127.0.0.1:${port}: EADDRINUSE` })
    expect(result.fix).toMatch(/another http\.port \(SALLYPORT_HTTP_PORT\)/)
  })

  it('may be where nobody can listen', async () => {
    const result = await probe(await freePort(), '192.0.2.1')
    expect(result).toMatchObject({ passed: false, detail: expect.stringContaining('EADDRNOTAVAIL') })
    expect(result.fix).toContain('http.host')
  })
})
