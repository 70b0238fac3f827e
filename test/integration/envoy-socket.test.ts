import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { completion, question, startEnvoyGateway, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram } from '../support/envoy/envoy-program.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
const isRoot = process.getuid?.() === 0
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
else if (!isRoot) process.stderr.write('SKIPPED: the socket of a model: only root can start Envoy as another user\n')
const path = 'missing' in program ? '' : program.path

const compose = parse(readFileSync(resolve(import.meta.dirname, '../../docker-compose.yml'), 'utf8')) as {
  services: { envoy: { user: string; volumes: string[]; ports?: string[] } }
}
/** Whoever Envoy is in the container. */
const user = Number(/:-(\d+):\d+\}$/.exec(compose.services.envoy.user)?.[1])
const stranger = user + 1

const who = ['--reuid', `${user}`, '--regid', `${user}`, '--clear-groups', '--no-new-privs']

/** What the system says to a user who connects to a socket: the name of the error, or `connected`. */
function connecting(id: number, socket: string): string {
  const asking = `
process.setgroups([])
process.setgid(${id})
process.setuid(${id})
const asked = require('node:net').connect(process.argv[1])
asked.on('connect', () => { console.log('connected'); asked.destroy() }).on('error', ({ code }) => console.log(code))
`
  return spawnSync(process.execPath, ['-e', asking, socket], { encoding: 'utf8' }).stdout.trim()
}

describe.skipIf('missing' in program || !isRoot)(
  'the sockets of the model and of Sallyport, in folders of the user of Envoy',
  () => {
    let gateway: EnvoyGateway
    const sockets: string[] = []

    beforeAll(async () => {
      gateway = await startEnvoyGateway(path, {
        as: ['setpriv', ...who],
        configure: ({ model, sallyport }) => {
          // As docs/deploy/envoy.md says: each folder is of Envoy's user, and of nobody else.
          for (const socket of [model, sallyport]) {
            chmodSync(dirname(socket), 0o700)
            for (const place of [socket, dirname(socket)]) chownSync(place, user, user)
            sockets.push(socket)
          }
          return deployed({ model, sallyport })
        },
      })
    })
    afterAll(() => gateway[Symbol.asyncDispose]())

    it('take connections from Envoy, through which callers reach the model', async () => {
      verifies('envoy.alone')
      gateway.model.answer = (_request, response) =>
        void response.setHeader('content-type', 'application/json').end(completion('hello'))
      expect((await gateway.ask(question('x'))).status).toBe(200)
      expect(statSync(`/proc/${gateway.envoy.pid}`).uid).toBe(user)
      expect(sockets.map((socket) => connecting(user, socket))).toEqual(['connected', 'connected'])
    })

    it('take none from another user of the same machine, who could connect if it were not for the folder', () => {
      verifies('envoy.alone')
      expect(sockets.map((socket) => connecting(stranger, socket))).toEqual(['EACCES', 'EACCES'])
      const [model = ''] = sockets
      chmodSync(dirname(model), 0o755)
      chmodSync(model, 0o777)
      expect(connecting(stranger, model)).toBe('connected')
      chmodSync(dirname(model), 0o700)
      expect(connecting(stranger, model)).toBe('EACCES')
    })

    it('are the only way to the model: nothing of it is on a port, and nothing of deploy/envoy is', () => {
      verifies('envoy.alone')
      const shipped = readFileSync(resolve(import.meta.dirname, '../../deploy/envoy/envoy.yaml'), 'utf8')
      const { static_resources: resources } = parse(shipped) as {
        static_resources: { clusters: { load_assignment: object }[]; listeners: { address: object }[] }
      }
      const places = JSON.stringify(resources.clusters.map((cluster) => cluster.load_assignment)).match(
        /"address":\{.*?\}\}/g,
      )
      expect(places).toEqual([
        '"address":{"pipe":{"path":"/run/model/model.sock"}}',
        '"address":{"pipe":{"path":"/run/sallyport/envoy.sock"}}',
      ])
      expect(resources.listeners.map(({ address }) => address)).toEqual([
        { socket_address: { address: '127.0.0.1', port_value: 8000 } },
      ])
      const { volumes, ports } = compose.services.envoy
      expect([volumes.map((volume) => join('/', volume.split(':')[1] ?? '')), ports]).toEqual([
        ['/run/sallyport', '/run/model'],
        undefined,
      ])
    })
  },
)
