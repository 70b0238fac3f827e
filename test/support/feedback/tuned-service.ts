import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sallyportHere, type Ended } from '../cli/sallyport-here.ts'
import { createKey, serve, type Served } from '../cli/sallyport-process.ts'
import { UpstreamServer } from '../http/upstream/upstream-server.ts'
import { writes } from '../moderation/written-answers.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startScoringWebhook } from './scoring-webhook.ts'

const values = { pii: { action: 'allow' }, link: { action: 'allow' } }
const rules = { ...values, toxicity: { action: 'block', threshold: 0.5 } }
const groups = ['support', 'press'] as const
type Group = (typeof groups)[number]

/** A service of two groups that share a profile, whose answers say how harmful they are. */
export class TunedService implements AsyncDisposable {
  /** Every command that was run, without the ids in it. */
  readonly ran = new Set<string>()
  readonly #service: Served
  readonly #keys: Readonly<Record<Group, string>>
  readonly #admin: string
  readonly #adminUrl: string
  readonly #stack: AsyncDisposableStack

  private constructor(parts: {
    service: Served
    keys: Readonly<Record<Group, string>>
    admin: string
    stack: AsyncDisposableStack
  }) {
    this.#service = parts.service
    this.#keys = parts.keys
    this.#admin = parts.admin
    this.#adminUrl = /Admin\s+(http:\S+)\/admin\/v1/.exec(parts.service.banner)?.[1] ?? ''
    this.#stack = parts.stack
  }

  static async start(): Promise<TunedService> {
    await using stack = new AsyncDisposableStack()
    const webhook = stack.use(await startScoringWebhook())
    const upstream = stack.use(await UpstreamServer.start({ kind: 'openai', key: null }))
    upstream.answer = (request) => {
      const { messages } = JSON.parse(request.body.toString()) as { messages: readonly { content: string }[] }
      return writes(request, { pieces: [messages.at(-1)?.content ?? ''] })
    }
    const group = { models: ['gpt-5'], call_filter_profile: 'callers' }
    const configuration = {
      upstreams: { openai: { kind: 'openai', base_url: `${upstream.origin}/v1`, models: ['gpt-5'] } },
      gateway: { groups: Object.fromEntries(groups.map((name) => [name, group])) },
      filters: {
        detectors: { scored: { kind: 'webhook', url: webhook.url, categories: ['toxicity'] } },
        profiles: { callers: { inbound: values, outbound: rules } },
      },
      feedback: {
        record: { sample: 1, texts: true },
        limits: { toxicity: { lowest: 0.3, highest: 0.8 } },
        rollouts: { least_requests: 3, shadow_days: 0, canary_days: 0 },
      },
    }
    const file = join(temporaryFolder('sallyport-tuning-'), 'sallyport.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration))
    const service = stack.use(await serve({ SALLYPORT_CONFIG: file }))
    const keys = { support: await createKey(service, 'support'), press: await createKey(service, 'press') }
    const made = await sallyportHere(['keys', 'create', 'operator', '--scopes', 'admin', '--group', 'press'], service)
    return new TunedService({ service, keys, admin: made.stdout.trim(), stack: stack.move() })
  }

  /** Where operators sign in with a browser, and the key of one. */
  get operators(): { readonly url: string; readonly key: string } {
    return { url: this.#adminUrl, key: this.#admin }
  }

  /** Asks for a text with a score. Whether it came, and the decision where it did not. */
  async ask(score: number, group: Group = 'support'): Promise<{ passed: boolean; decision: string | null }> {
    const content = `A letter with score ${score}, from maria.schneider@example.org.`
    const answer = await this.#fetch('/v1/chat/completions', group, {
      model: 'gpt-5',
      messages: [{ role: 'user', content }],
    })
    const text = await answer.text()
    return { passed: text.includes('letter'), decision: answer.headers.get('x-sallyport-decision') }
  }

  async appeal(decision: string | null, comment: string, group: Group = 'support'): Promise<string> {
    const answer = await this.#fetch('/v1/appeals', group, { decision, reason: 'harmless', comment })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${text}`)
    return (JSON.parse(text) as { id: string }).id
  }

  /** What became of an appeal, as its maker sees it. */
  async standing(id: string): Promise<{ readonly state: string; readonly outcome: string | null }> {
    const headers = { authorization: `Bearer ${this.#keys.support}` }
    return (await (await fetch(`${this.#service.url}/v1/appeals/${id}`, { headers })).json()) as never
  }

  /** A route for operators. */
  async admin<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${this.#adminUrl}/admin/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#admin}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  /** A command beside the service, as it is typed. */
  async command(...words: readonly string[]): Promise<Ended> {
    this.ran.add(withoutIds(['tuning', ...words].join(' ')))
    return sallyportHere(['tuning', ...words], this.#service)
  }

  /** The document of a command that ended well. */
  async json<Document>(...words: readonly string[]): Promise<Document> {
    const ended = await this.command(...words)
    this.ran.add(withoutIds(['tuning', ...words].join(' ').replace(' --output json', '')))
    if (ended.code !== 0) throw new Error(`${ended.code} ${ended.stderr}`)
    return JSON.parse(ended.stdout) as Document
  }

  /** Another command on the files of the service. */
  beside(...words: readonly string[]): Promise<Ended> {
    return sallyportHere(words, this.#service)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]()
  }

  #fetch(path: string, group: Group, body: object): Promise<Response> {
    return fetch(`${this.#service.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#keys[group]}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }
}

/** A command with a word for each id, digest, number and reason in it. */
export function withoutIds(command: string): string {
  return command
    .replaceAll(/\b(cmp|tpr|rol|dec|lbl)[_-][\w-]+/g, '$1')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'digest')
    .replaceAll(/--why (?:"[^"]*"|\w[\w ,]*?(?= --|$))/g, '--why w')
    .replaceAll(/\b\d+(?:\.\d+)?\b/g, 'n')
}
