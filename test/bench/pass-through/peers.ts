import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { userFolder } from '../../../src/config/user-folder.mjs'
import { installInTurn } from '../../support/databases/install-in-turn.ts'
import { pythonEnvironment } from '../../support/python/python-environment.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { PinnedProcess, processors } from './pinned-process.ts'
import type { Subject } from './subjects.ts'

/** Another gateway, in the version that is compared with. */
export interface Peer {
  readonly name: string
  /** Part of what the others are given to do: a round of a slow one would take minutes. */
  readonly share: number
  readonly start: (upstream: string) => Promise<Subject>
}

const portkey = '@portkey-ai/gateway@1.15.2'
const path = '/v1/chat/completions'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves when something takes connections there; rejects after a minute without. */
export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    await sleep(250)
  }
  throw new Error(`Nothing listens on port ${port}.`)
}

/** Its program, installed once outside the checkout by npm. */
function installedPortkey(): string {
  const cache = join(userFolder(process.env, 'XDG_CACHE_HOME', '.cache'), 'sallyport', 'peers')
  const folder = join(cache, 'portkey-1.15.2')
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  return installInTurn(cache, () => {
    if (existsSync(program)) return program
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', portkey], { cwd: folder })
    return program
  })
}

async function startPortkey(upstream: string): Promise<Subject> {
  const port = await freePort()
  const command = [process.execPath, installedPortkey(), `--port=${port}`, '--headless']
  const started = await PinnedProcess.start(command, {
    processor: processors.measured,
    ready: /Ready for connections/,
    environment: { NODE_ENV: 'production' },
  })
  const headers = {
    authorization: 'Bearer bench-upstream-key',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
  }
  return { process: started, target: { origin: `http://127.0.0.1:${port}`, path, headers } }
}

interface LiteLlmCommand {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The words that start its proxy with what its configuration has besides. Throws where it cannot be had.
 *
 * The list of its packages is that of its extra `proxy` but for what the registry does not have: `litellm-proxy`, and the
 * last releases of its two companions, of which the ones before are taken. The proxy itself is in `litellm`.
 */
export function liteLlmCommand(upstream: string, port: number, more: object = {}): LiteLlmCommand {
  const environment = pythonEnvironment('litellm', join(import.meta.dirname, 'litellm.txt'))
  if (typeof environment === 'string') throw new Error(`LiteLLM cannot be had: ${environment}`)
  const folder = temporaryFolder('sallyport-litellm-')
  const parameters = { model: 'openai/gpt-5', api_base: `${upstream}/v1`, api_key: 'bench-upstream-key' }
  const configuration = {
    model_list: [{ model_name: 'gpt-5', litellm_params: parameters }],
    general_settings: { master_key: 'sk-bench' },
    // It knows that this model takes no temperature.
    litellm_settings: { drop_params: true },
    ...more,
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(configuration))
  const program = join(environment.python, '../litellm')
  const words = ['--config', join(folder, 'config.yaml'), '--host', '127.0.0.1', '--port', String(port)]
  return {
    command: [environment.python, program, ...words, '--num_workers', '1'],
    environment: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR', LITELLM_MODE: 'PRODUCTION' },
  }
}

async function startLiteLlm(upstream: string): Promise<Subject> {
  const port = await freePort()
  const { command, environment } = liteLlmCommand(upstream, port)
  const started = await PinnedProcess.start(command, {
    processor: processors.measured,
    ready: /Set models:/,
    readyWithinMilliseconds: 180_000,
    environment,
  })
  await listening(port)
  const headers = { authorization: 'Bearer sk-bench' }
  return { process: started, target: { origin: `http://127.0.0.1:${port}`, path, headers, rewrites: true } }
}

const peers: readonly Peer[] = [
  { name: 'portkey', share: 0.3, start: startPortkey },
  { name: 'litellm', share: 0.05, start: startLiteLlm },
]

/** Those of every `--peer NAME`; none without. Throws for a name that is none of them. */
export function chosenPeers(among: readonly Peer[] = peers): readonly Peer[] {
  const names = process.argv.filter((_, index, all) => all[index - 1] === '--peer')
  return names.map((name) => {
    const peer = among.find((each) => each.name === name)
    if (peer !== undefined) return peer
    throw new Error(`There is no peer "${name}". There are: ${among.map((each) => each.name).join(', ')}.`)
  })
}
