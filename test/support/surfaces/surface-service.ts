import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openSallyport } from '../../../src/compose.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { serviceDefaults } from '../../../src/config/service-defaults.ts'
import type { KeyScope } from '../../../src/core/key-scopes.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openKeyKeeper } from '../../../src/service/api-keys.ts'
import { cleanEnvironment } from '../cli/sallyport-process.ts'
import type { CellResult } from '../../../src/core/result.ts'
import { fakeSandbox, type FakeSandbox } from '../executions/executions-desk.ts'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../http/scripted-openai-server.ts'
import { isAskedForPlan } from '../provenance/asked-for-a-plan.ts'
import { rulesWithTerms } from '../policy/rules-with-terms.ts'
import { cellResult } from '../sandbox/cell-result.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { scriptedSandboxes } from './scripted-sandboxes.ts'

/** Files that one caller may keep here. */
export const keptFiles = 3

export type Group = 'open' | 'nothing' | 'describing' | 'empty' | 'blocking'

const groups: Readonly<Record<Group, object>> = {
  open: { models: ['*'], tools: ['describe_data', 'run_sql', 'run_python', 'run_javascript', 'run_shell'] },
  nothing: { models: [], tools: [], data_sources: [] },
  describing: { models: ['*'], tools: ['describe_data'] },
  empty: { models: ['*'], limits: [{ per: 'key', unit: 'requests', most: 0, every: 'day' }] },
  blocking: { models: ['*'], filter_profile: 'blocking' },
}

const strict = { action: 'mask', threshold: 0.5 }
const blocking = { outbound: { secret: strict, pii: { ...strict, action: 'block' }, 'sql-leak': strict, link: strict } }

/** Rules that want a person for shell, and for addresses of customers. */
const actions = {
  shell: { languages: ['shell'], ask: 'Somebody has to look at shell.' },
  addresses: { touches: ['public.customers.phone'], ask: 'Somebody has to look at it.' },
}

/** What the model says when it is its turn, or what happens then. */
export type ScriptedTurn = ServedTurn | (() => ServedTurn)

interface Script {
  turns: readonly ScriptedTurn[]
  next: number
  /** What it says where it is asked for a plan of tables. */
  plan: string
}

/** A line of the audit trail. */
export interface AuditLine {
  readonly fact: { readonly event: string; readonly [member: string]: unknown }
}

/** More than a connection takes by itself. */
const floodMegabytes = 6
const floodPiece = 'Anna ordered two lamps and a chair in May.\n'.repeat(24_000)

/**
 * What a sandbox of the service does: `print(X)` says X, `open(NAME, "w").write(X)` and `print(open(NAME).read())` write and read, `flood` says more than a connection takes by itself, `sleep` runs until it is
 * stopped, `abort` loses the sandbox, everything else says nothing.
 */
const runIn = async (
  sandbox: FakeSandbox,
  ...[code, { onOutput }, signal]: Parameters<Sandbox['run']>
): Promise<CellResult> => {
  if (code.text.includes('abort')) {
    sandbox.alive = false
    return cellResult({ outcome: 'sandbox-lost', sessionAlive: false })
  }
  const [, path, content] = /open\("([^"]+)", "w"\)\.write\("([^"]*)"\)/.exec(code.text) ?? []
  if (path !== undefined && content !== undefined) {
    sandbox.contents.set(path, Buffer.from(content))
    return cellResult({ artifacts: [{ path, bytes: content.length }] })
  }
  const read = /print\(open\("([^"]+)"\)\.read\(\)\)/.exec(code.text)?.[1]
  if (read !== undefined) {
    const found = sandbox.contents.get(read)
    const text = found === undefined ? 'There is no such file.' : Buffer.from(found).toString()
    return cellResult({ stdout: { text, truncated: false } })
  }
  if (code.text.includes('flood')) {
    for (let piece = 0; piece < floodMegabytes && !signal.aborted; piece += 1) {
      onOutput?.('stdout', floodPiece)
      await setImmediate()
    }
    if (signal.aborted) return cellResult({ outcome: 'cancelled' })
  }
  if (code.text.includes('sleep')) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    return cellResult({ outcome: 'cancelled' })
  }
  const said = /print\("([^"]*)"\)/.exec(code.text)?.[1]
  const text = said === undefined ? '' : `${said}\n`
  if (text !== '') onOutput?.('stdout', text)
  return cellResult({ stdout: { text, truncated: false } })
}

function sandboxOf(): FakeSandbox {
  const sandbox: FakeSandbox = fakeSandbox((...asked) => runIn(sandbox, ...asked))
  return sandbox
}

interface StartOptions {
  /** How callers are known. */
  readonly identity?: object
  /** Of its environment. */
  readonly variables?: Readonly<Record<string, string>>
}

/** A whole service, composed as it is served, over sandboxes and a model that a test decides about. */
export class SurfaceService implements AsyncDisposable {
  readonly url: string
  readonly #stack: AsyncDisposableStack
  readonly #auditFile: string
  readonly #model: Script
  readonly #scripted: ScriptedOpenAiServer
  readonly #makeKey: (group: string, scopes?: readonly KeyScope[]) => Promise<string>

  private constructor(
    parts: {
      readonly url: string
      readonly auditFile: string
      readonly model: Script
      readonly scripted: ScriptedOpenAiServer
      readonly makeKey: (group: string, scopes?: readonly KeyScope[]) => Promise<string>
    },
    stack: AsyncDisposableStack,
  ) {
    this.url = parts.url
    this.#auditFile = parts.auditFile
    this.#model = parts.model
    this.#scripted = parts.scripted
    this.#makeKey = parts.makeKey
    this.#stack = stack
  }

  static async start(
    changes: object = {},
    { identity = {}, variables = {} }: StartOptions = {},
  ): Promise<SurfaceService> {
    await using stack = new AsyncDisposableStack()
    const model: Script = { turns: [], next: 0, plan: '[]' }
    const scripted = stack.use(
      await ScriptedOpenAiServer.start((request) => {
        if (isAskedForPlan(request)) return { kind: 'turn', text: model.plan }
        const turn = model.turns[model.next++] ?? { kind: 'turn', text: 'Fine.' }
        return typeof turn === 'function' ? turn() : turn
      }),
    )
    const folder = temporaryFolder('surfaces-')
    const file = join(folder, 'sallyport.yaml')
    const configuration = {
      model: { base_url: scripted.baseUrl, name: 'scripted-1', retries: 0 },
      sources: { shop: { database: { kind: 'sample' } } },
      sandbox: { pool: { minimum_ready: 0, maximum_ready: 0 } },
      filters: { profiles: { blocking } },
      policy: { bundle: rulesWithTerms({ actions }) },
      gateway: { groups, identity },
      files: { maximum_count: keptFiles },
      http: { port: 0, drain_grace_ms: 0, drain_ms: 1_000 },
      telemetry: { log_level: 'silent' },
      ...changes,
    }
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration))
    const auditFile = join(folder, 'audit.jsonl')
    const environment = cleanEnvironment({
      SALLYPORT_CONFIG: file,
      SALLYPORT_TELEMETRY_AUDIT_FILE: auditFile,
      ...variables,
    })
    const { config } = loadConfig({
      variables: environment,
      workingDirectory: folder,
      flags: {},
      defaults: serviceDefaults,
    })
    const sandboxes = scriptedSandboxes(sandboxOf)
    const sallyport = stack.use(await openSallyport(config, { sandboxes: { sandboxes, tell: () => {} } }))
    const { url } = stack.use(await sallyport.listen(new AbortController().signal))
    const keeper = stack.use(await openKeyKeeper(config))
    const makeKey = async (group: string, scopes?: readonly KeyScope[]) =>
      (await keeper.create({ name: group, group, ...(scopes === undefined ? {} : { scopes: [...scopes] }) })).key
    return new SurfaceService({ url, auditFile, model, scripted, makeKey }, stack.move())
  }

  /** A new key: what another one has used or opened is nothing to it. */
  key(group: string = 'open', scopes?: readonly KeyScope[]): Promise<string> {
    return this.#makeKey(group, scopes)
  }

  /** What the model says from now on, turn by turn. */
  script(turns: readonly ScriptedTurn[], { plan = '[]' } = {}): void {
    this.#model.turns = turns
    this.#model.plan = plan
    this.#model.next = 0
  }

  /** What the model was told last. */
  lastAsked(): ServedRequest['body']['messages'] {
    return this.#scripted.requests.at(-1)?.body.messages ?? []
  }

  post(path: string, key: string | null, body: object, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) }
    return fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body), ...init })
  }

  ask(method: string, path: string, key: string | null, init: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
    return fetch(`${this.url}${path}`, { method, headers, ...init })
  }

  /** The audit trail so far. */
  audit(): readonly AuditLine[] {
    const lines = readFileSync(this.#auditFile, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditLine)
  }

  /** Ends the service; what it has gathered for the trail is on it then. */
  close(): Promise<void> {
    return this.#stack.disposeAsync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#stack.disposed) await this.close()
  }
}
