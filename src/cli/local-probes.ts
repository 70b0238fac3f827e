import { access, constants, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
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

/** Can `serve` listen where the configuration says? */
export function portProbe({ http: { host, port } }: Config): Probe {
  return {
    name: 'Port',
    sandbox: false,
    run: () =>
      new Promise((resolve) => {
        const server = createServer()
        server.once('error', (error: NodeJS.ErrnoException) => {
          const fix = 'Stop what listens there, or set http.port (SALLYPORT_HTTP_PORT); a running service is no fault.'
          resolve({ passed: false, detail: `${host}:${port}: ${error.code ?? error.message}`, fix })
        })
        server.listen({ host, port }, () => {
          server.close(() => resolve({ passed: true, detail: `${host}:${port} is free`, fix: null }))
        })
      }),
  }
}
