import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { userFolder } from '../../../src/config/user-folder.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { PinnedProcess, processors } from './pinned-process.ts'
import type { Subject } from './subjects.ts'

/** Another gateway, in the version that is compared with. */
interface Peer {
  readonly name: string
  /** Part of what the others are given to do: a round of a slow one would take minutes. */
  readonly share: number
  readonly start: (upstream: string) => Promise<Subject>
}

const run = promisify(execFile)
const folderOf = (name: string) => join(userFolder(process.env, 'XDG_CACHE_HOME', '.cache'), 'sallyport', 'peers', name)
const freePort = () => 20_000 + Math.floor(Math.random() * 10_000)

/** Installed once, outside of the checkout, by its ordinary package manager. */
async function installed(
  name: string,
  program: string,
  install: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = folderOf(name)
  const path = join(folder, program)
  if (existsSync(path)) return path
  console.error(`Installing ${name} into ${folder}; this takes minutes the first time.`)
  mkdirSync(folder, { recursive: true })
  await install(folder)
  return path
}

async function startPortkey(upstream: string): Promise<Subject> {
  const program = await installed(
    'portkey-1.15.2',
    'node_modules/@portkey-ai/gateway/build/start-server.js',
    async (folder) => {
      writeFileSync(join(folder, 'package.json'), '{"private":true}')
      await run('npm', ['install', '--no-audit', '--no-fund', '@portkey-ai/gateway@1.15.2'], { cwd: folder })
    },
  )
  const port = freePort()
  const started = await PinnedProcess.start([process.execPath, program, `--port=${port}`, '--headless'], {
    processor: processors.measured,
    ready: /\d{4}/,
  })
  const headers = { authorization: 'Bearer bench-upstream-key', 'x-portkey-provider': 'openai' }
  const target = { origin: `http://127.0.0.1:${port}`, path: '/v1/chat/completions' }
  return { process: started, target: { ...target, headers: { ...headers, 'x-portkey-custom-host': `${upstream}/v1` } } }
}

async function startLiteLlm(upstream: string): Promise<Subject> {
  const program = await installed('litellm-1.110.2', 'venv/bin/litellm', async (folder) => {
    await run('python3', ['-m', 'venv', 'venv'], { cwd: folder })
    await run('venv/bin/pip', ['install', '--quiet', 'litellm[proxy]==1.110.2'], { cwd: folder, maxBuffer: 1 << 26 })
  })
  const file = join(temporaryFolder('sallyport-litellm-'), 'config.json')
  const parameters = { model: 'openai/gpt-5', api_base: `${upstream}/v1`, api_key: 'bench-upstream-key' }
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      model_list: [{ model_name: 'gpt-5', litellm_params: parameters }],
      general_settings: { master_key: 'sk-bench' },
    }),
  )
  const port = freePort()
  const command = [program, '--config', file, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1']
  const started = await PinnedProcess.start(command, {
    processor: processors.measured,
    ready: /Uvicorn running/,
    readyWithinMilliseconds: 180_000,
    environment: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' },
  })
  const target = { origin: `http://127.0.0.1:${port}`, path: '/v1/chat/completions' }
  return { process: started, target: { ...target, headers: { authorization: 'Bearer sk-bench' } } }
}

const peers: readonly Peer[] = [
  { name: 'portkey', share: 0.3, start: startPortkey },
  { name: 'litellm', share: 0.05, start: startLiteLlm },
]

/** Those of every `--peer NAME`; none without. Throws for a name that is none of them. */
export function chosenPeers(): readonly Peer[] {
  const names = process.argv.filter((_, index, all) => all[index - 1] === '--peer')
  return names.map((name) => {
    const peer = peers.find((each) => each.name === name)
    if (peer !== undefined) return peer
    throw new Error(`There is no peer "${name}". There are: ${peers.map((each) => each.name).join(', ')}.`)
  })
}
