import { access, constants, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { z } from 'zod'
import type { Config } from '../config/schema.ts'
import { neededNode } from './node-version.ts'
import type { Probe } from '../service/sallyport.ts'

export const nodeProbe: Probe = {
  name: 'Node',
  sandbox: false,
  run: async () => {
    const version = process.versions.node
    const passed = Number(version.split('.')[0]) >= neededNode
    const fix = passed ? null : `Install Node ${neededNode} or later; in a clone, npm scripts bring it along.`
    return { passed, detail: version, fix }
  },
}

export function stateProbe({ state_directory: folder }: Config): Probe {
  return {
    name: 'State directory',
    sandbox: false,
    run: async () => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await access(folder, constants.W_OK)
        return { passed: true, detail: folder, fix: null }
      } catch (error) {
        const detail = `${folder}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`
        return { passed: false, detail, fix: 'Make it writable, or set state_directory to another folder.' }
      }
    },
  }
}

/** Can `serve` listen where the configuration says, or does it already? */
export function portProbe({ http }: Config): Probe {
  const place = `${http.host}:${http.port}`
  return {
    name: 'Port',
    sandbox: false,
    run: async (signal) => {
      const fault = await listeningFault(http)
      if (fault === null) return { passed: true, detail: `${place} is free`, fix: null }
      if (fault === 'EADDRINUSE' && (await isServedAt(http, signal))) {
        return { passed: true, detail: `${place} has a service that runs`, fix: null }
      }
      return { passed: false, detail: `${place}: ${fault}`, fix: fixes[fault] ?? elsewhere }
    },
  }
}

const elsewhere =
  'Set http.port and http.host (SALLYPORT_HTTP_PORT, SALLYPORT_HTTP_HOST) to where this user may listen.'

const fixes: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'Another program listens there, which is no Sallyport: stop it, or set another http.port (SALLYPORT_HTTP_PORT).',
}

/** Why nothing can listen there; null where it can. */
const listeningFault = ({ host, port }: Config['http']): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port }, () => server.close(() => resolve(null)))
  })

/** Whether what listens there says that it is alive, as this service does. Only what is shown depends on it. */
async function isServedAt({ host, port, tls }: Config['http'], signal: AbortSignal): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)])
  try {
    const address = `${tls === null ? 'http' : 'https'}://${name}:${port}/livez`
    const answer = await fetch(address, { redirect: 'error', signal: limit })
    return z.object({ status: z.literal('alive') }).safeParse(await answer.json()).success
  } catch {
    return false
  }
}

const answerMilliseconds = 5_000
