import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKey, sallyport, serve, type Served } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const all = ['run_python', 'run_javascript', 'run_shell']

/** Groups whose callers may do less than others. */
const groups = {
  default: { tools: all },
  many: { tools: all, concurrent_requests: 20 },
  pythonists: { tools: ['run_python'] },
  readers: { tools: ['describe_data'] },
  hurried: { tools: all, limits: [{ per: 'key', unit: 'sandbox_ms', most: 2_000, every: 'day' }] },
} as const

export type ProgramsGroup = keyof typeof groups

/** A service for clients that run programs. */
export class ProgramsService implements AsyncDisposable {
  readonly served: Served

  private constructor(served: Served) {
    this.served = served
  }

  /** `changes`: to its configuration. */
  static async start(changes: object = {}): Promise<ProgramsService> {
    const file = join(temporaryFolder('sallyport-programs-'), 'sallyport.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ gateway: { groups }, ...changes }))
    return new ProgramsService(await serve({ SALLYPORT_CONFIG: file }))
  }

  /** Nothing but these says where it is to the clients of E2B, unmodified. */
  variablesOfE2b(apiKey: string): Readonly<Record<string, string>> {
    return { E2B_API_URL: this.served.url, E2B_SANDBOX_URL: this.served.url, E2B_API_KEY: apiKey }
  }

  keyOf(group: ProgramsGroup): Promise<string> {
    return createKey(this.served, group)
  }

  /** Of the default group, for one scope alone. */
  async keyWithScope(scope: string): Promise<string> {
    const words = ['keys', 'create', 'test', '--group', 'default', '--scopes', scope]
    const made = await sallyport(words, { environment: this.served.environment })
    const key = /sp-[\w-]+/.exec(made.stdout)?.[0]
    if (key === undefined) throw new Error(`no key in: ${made.stdout}${made.stderr}`)
    return key
  }

  /** What the trail has of an event, oldest first. */
  facts(event: string): readonly Readonly<Record<string, unknown>>[] {
    const lines = readFileSync(this.served.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
      .trim()
      .split('\n')
    return lines
      .map((line) => (JSON.parse(line) as { readonly fact: Readonly<Record<string, unknown>> }).fact)
      .filter((fact) => fact['event'] === event)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.served[Symbol.asyncDispose]()
  }
}
