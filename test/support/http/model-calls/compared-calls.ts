import { setTimeout as sleep } from 'node:timers/promises'
import type { Served } from '../../cli/sallyport-process.ts'
import { serveModels } from '../model-gateway.ts'
import { callerCookie, canaries } from '../upstream/canaries.ts'
import type { RecordedRequest } from '../upstream/recorded-request.ts'
import { UpstreamServer, type UpstreamServerOptions } from '../upstream/upstream-server.ts'
import type { CallTarget, ModelCall } from './model-call.ts'

type Kind = UpstreamServerOptions['kind']

/** What a client came to, and what of it the upstream saw. */
interface Seen {
  readonly told: unknown
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: string }[]
  /** Of a call whose title ends with `abort`: whether the upstream has heard that nobody waits for its answer. */
  readonly givenUp: readonly boolean[]
}

/** One call made directly and through the service. */
interface Compared {
  readonly direct: Seen
  readonly through: Seen
  /** What reached the upstream of the second and is not for it: names of headers, secrets of the caller. */
  readonly stray: readonly string[]
}

/** What a caller sends beside what its client does: none of it is for the upstream. */
const headers = { cookie: callerCookie, 'x-forwarded-for': '203.0.113.7' }

/** What the upstream saw of a request, but for its headers. */
const withoutHeaders = ({ method, path, body }: RecordedRequest) => ({ method, path, body: body.toString('latin1') })

/** Names that may arrive at an upstream, beside those that the caller's client needs there. */
const ownNames = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent']
const passedNames = { openai: ['authorization'], anthropic: ['x-api-key', 'anthropic-version', 'anthropic-beta'] }

/** An upstream of each kind and the service in front of them: the same calls go directly and through it. */
export class ComparedCalls implements AsyncDisposable {
  readonly upstreams: Readonly<Record<Kind, UpstreamServer>>
  readonly service: Served
  /** Ids of one call are those of no other: the service remembers whose they are. */
  #ids = 0

  private constructor(upstreams: Readonly<Record<Kind, UpstreamServer>>, service: Served) {
    this.upstreams = upstreams
    this.service = service
  }

  /**
   * `privacy`: members of the profile of calls through the service; without it nothing is masked, and its own model is one of
   * those that it lists.
   */
  static async start(privacy?: Readonly<Record<string, unknown>>): Promise<ComparedCalls> {
    const upstreams = {
      openai: await UpstreamServer.start({ kind: 'openai' }),
      anthropic: await UpstreamServer.start({ kind: 'anthropic' }),
    }
    const origins = { openai: upstreams.openai.origin, anthropic: upstreams.anthropic.origin }
    return new ComparedCalls(
      upstreams,
      await serveModels({ origins, ...(privacy === undefined ? { asksAnalyst: true } : { privacy }) }),
    )
  }

  /** Makes the call twice. */
  async both(title: string, kind: Kind, call: ModelCall): Promise<Compared> {
    const upstream = this.upstreams[kind]
    const isGivenUp = title.endsWith('abort')
    this.#ids += 100
    const direct = await seen(
      { call, upstream, isGivenUp, from: this.#ids },
      { origin: upstream.origin, apiKey: canaries.key, headers },
    )
    const { url: origin, key: apiKey } = this.service
    const through = await seen({ call, upstream, isGivenUp, from: this.#ids }, { origin, apiKey, headers })
    return { direct, through, stray: upstream.requests.flatMap((request) => this.#strayIn(request, kind)) }
  }

  #strayIn({ rawHeaders }: RecordedRequest, kind: Kind): string[] {
    const allowed = new Set([...ownNames, ...passedNames[kind]])
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
    const text = rawHeaders.join('\n')
    const secrets = [this.service.key, callerCookie].filter((secret) => text.includes(secret))
    return [...names.filter((name) => !allowed.has(name)), ...secrets]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]()
    for (const upstream of Object.values(this.upstreams)) await upstream[Symbol.asyncDispose]()
  }
}

interface Watched {
  readonly call: ModelCall
  readonly upstream: UpstreamServer
  readonly isGivenUp: boolean
  readonly from: number
}

async function seen({ call, upstream, isGivenUp, from }: Watched, to: CallTarget): Promise<Seen> {
  upstream.startOver(from)
  const told = await call(to)
  const { requests } = upstream
  if (isGivenUp) {
    for (let tries = 0; tries < 6_000 && !requests.every((request) => request.isAbandoned); tries += 1) await sleep(10)
  }
  return {
    told,
    requests: requests.map(withoutHeaders),
    givenUp: isGivenUp ? requests.map(({ isAbandoned }) => isAbandoned) : [],
  }
}
