import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installInTurn } from '../databases/install-in-turn.ts'

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

const agents = '@librechat/agents@3.9.2'
/** SHA-512 of its archive, the first 20 bytes. */
const digest = '42b0862dd24b650069ac1bd2ee035facd12aca4c'
/** What the code executor of the package loads; the other 340 packages that it wants are for other things and half a gigabyte. */
const loaded = [
  '@langchain/core@1.4.0',
  'dotenv@16.6.1',
  'https-proxy-agent@7.0.6',
  'node-fetch@3.3.2',
  'socks-proxy-agent@8.0.5',
]

/** The tool of LibreChat's agents that runs programs, as far as it is used here. */
export interface CodeTool {
  /** Its answer for the model, with the artifact that LibreChat keeps where it is called as a tool call. */
  invoke(call: object): Promise<{ readonly content: string; readonly artifact: CodeArtifact }>
}

export interface CodeArtifact {
  readonly session_id: string
  readonly files?: readonly CodeFile[]
}

export interface CodeFile {
  readonly id: string
  readonly name: string
  readonly storage_session_id: string
  readonly resource_id: string
  readonly kind: string
}

interface CodeExecutor {
  readonly createCodeExecutionTool: (options: {
    readonly baseUrl: string
    readonly authHeaders: Readonly<Record<string, string>>
  }) => CodeTool
}

/** Where the unmodified package is, installed once outside of the checkout; why it cannot be had, as a text. */
export function librechatAgents(): { readonly load: () => Promise<CodeExecutor> } | string {
  const folder = join(cache, `librechat-${digest.slice(0, 12)}`)
  const place = join(folder, 'node_modules/@librechat/agents')
  const load = async () =>
    (await import(pathToFileURL(join(place, 'dist/esm/tools/CodeExecutor.mjs')).href)) as CodeExecutor
  const whole = join(folder, 'whole')
  if (existsSync(whole)) return { load }
  return installInTurn(cache, () => {
    if (existsSync(whole)) return { load }
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private": true}\n')
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund']
    const problem =
      run('npm', ['install', ...quiet, ...loaded], folder) ?? run('npm', ['pack', ...quiet, agents], folder)
    if (problem !== null) return problem
    const archive = join(folder, 'librechat-agents-3.9.2.tgz')
    const found = createHash('sha512').update(readFileSync(archive)).digest('hex').slice(0, digest.length)
    if (found !== digest) return `the archive of ${agents} has the digest ${found}, and not the one that is pinned`
    mkdirSync(place, { recursive: true })
    const unpacking = run('tar', ['-xzf', archive, '-C', place, '--strip-components=1'], folder)
    if (unpacking !== null) return unpacking
    writeFileSync(whole, '')
    return { load }
  })
}

/** Null where it went well. */
function run(program: string, words: readonly string[], cwd: string): string | null {
  const { status, stderr, error } = spawnSync(program, words, { cwd, encoding: 'utf8', timeout: 600_000 })
  return status === 0 ? null : `${program} ${words[0]} failed: ${(error?.message ?? stderr).trim().slice(-300)}`
}
