import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openSallyport } from '../../../src/compose.ts'
import { keyScopes, type KeyScope } from '../../../src/core/key-scopes.ts'
import { bodiesOfEndpoints } from '../../../src/endpoints/bodies-of-endpoints.ts'
import { openKeyKeeper } from '../../../src/service/api-keys.ts'
import type { KeyKeeper, Sallyport } from '../../../src/service/sallyport.ts'
import { wafExclusions } from '../../../src/service/waf/exclusions.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { WafServer } from '../waf/waf-server.ts'
import { hmacTokenOf, tokenOf, base64url } from '../identity/test-issuer.ts'
import type {
  AskAttack,
  Attack,
  CallAttack,
  CredentialAttack,
  EndpointAttack,
  SqlAttack,
  TokenAttack,
  TransportAttack,
  WireAttack,
} from './attack.ts'
import { sentPictures, unreadType } from './endpoint-parts.ts'
import { ask, exchangeBytes, type Answer } from './exchange.ts'
import type { LayerName } from './layers.ts'
import { configOf, isLimited } from './service-config.ts'
import type { Around } from './surroundings.ts'

export type Outcome = 'through' | 'refused'

const goodCall = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello.' }] }

interface Parts {
  readonly on: ReadonlySet<LayerName>
  readonly around: Around
  readonly keeper: KeyKeeper
  readonly url: string
  /** Of the firewall in front, where it is on; else that of the service. */
  readonly front: string
  readonly sallyport: Sallyport
}

interface KeyTerms {
  readonly group?: string | undefined
  readonly scopes?: readonly KeyScope[] | undefined
}

/** A service in which some layers hold, as it is served to others, and attacks on it. */
export class LayeredService implements AsyncDisposable {
  readonly #on: ReadonlySet<LayerName>
  readonly #around: Around
  readonly #url: string
  readonly #front: string
  readonly #stack: AsyncDisposableStack
  readonly sallyport: Sallyport
  readonly #keeper: KeyKeeper
  readonly #keys = new Map<string, string>()

  private constructor(parts: Parts, stack: AsyncDisposableStack) {
    this.#on = parts.on
    this.#around = parts.around
    this.#url = parts.url
    this.#front = parts.front
    this.sallyport = parts.sallyport
    this.#keeper = parts.keeper
    this.#stack = stack
  }

  /** `waf`: the program of the firewall, where it is to be in front. TLS ends before it, so that then it is not one of the layers. */
  static async start(on: ReadonlySet<LayerName>, around: Around, waf: string | null = null): Promise<LayeredService> {
    const config = configOf(on, around.surroundings)
    await using stack = new AsyncDisposableStack()
    const sallyport = stack.use(await openSallyport(config))
    const { url } = stack.use(await sallyport.listen(new AbortController().signal))
    const keeper = stack.use(await openKeyKeeper(config))
    let front = url
    if (waf !== null) {
      const exclusions = join(temporaryFolder('layers-waf-'), 'exclusions.conf')
      writeFileSync(exclusions, wafExclusions.coraza(await bodiesOfEndpoints(config.endpoints)))
      front = stack.use(await WafServer.start(waf, url, { exclusions })).url
    }
    return new LayeredService({ on, around, keeper, url, front, sallyport }, stack.move())
  }

  /** What becomes of an attack. One that no service is asked for is not for here. */
  async strike(attack: Exclude<Attack, { readonly kind: 'code' }>): Promise<Outcome> {
    this.#around.begin(attack.kind === 'ask' ? attack.turns : [], attack.kind === 'call' ? (attack.said ?? null) : null)
    switch (attack.kind) {
      case 'transport':
        return this.#connect(attack)
      case 'wire':
        return this.#write(attack)
      case 'call':
        return this.#call(attack)
      case 'ask':
        return this.#ask(attack)
      case 'sql':
        return this.#outcome(attack, await this.statement(attack))
      case 'endpoint':
        return this.#send(attack)
    }
  }

  /** The answer to a statement, whoever gave it. */
  async statement({ statement, group, scopes, before = 0 }: SqlAttack): Promise<Answer> {
    const key = await this.#key({ group, scopes })
    const body = JSON.stringify({ statement, max_rows: 10 })
    const asking = { method: 'POST', path: '/v1/sql', headers: this.#headers(key), body }
    for (let count = 0; count < before; count += 1) await this.#answer(asking)
    return this.#answer(asking)
  }

  async #connect({ connects }: TransportAttack): Promise<Outcome> {
    const headers = { ...this.#headers(await this.#key({})), connection: 'close' }
    const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`)
    const request = `GET /v1/models HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
    const { callers } = this.#around
    const shown = {
      'without encryption': null,
      'without a certificate': callers.nobody,
      'as a stranger': callers.stranger,
      'by TLS 1.1': { ...callers.known, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'without AEAD': { ...callers.known, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
    } as const
    const tls = this.#on.has('transport') ? shown[connects] : null
    const answer = await exchangeBytes(this.#url, request, tls)
    return answer.startsWith('HTTP/1.1 2') ? 'through' : 'refused'
  }

  async #write({ lines, repeated }: WireAttack): Promise<Outcome> {
    const last = repeated === undefined ? (lines.at(-1) ?? '') : repeated[0].repeat(repeated[1])
    const all = repeated === undefined ? lines : [...lines, last]
    const key = await this.#key({})
    const text = all.join('\r\n').replaceAll('KEY', key).replaceAll('LENGTH', String(last.length))
    const tls = this.#on.has('transport') ? this.#around.callers.known : null
    const answer = await exchangeBytes(this.#url, text, tls)
    return answer.startsWith('HTTP/1.1 2') || this.#around.sent() !== '' ? 'through' : 'refused'
  }

  async #call(attack: CallAttack): Promise<Outcome> {
    const { method = 'POST', path = '/v1/chat/completions', body: more = {}, before = 0, long } = attack
    const headers: Record<string, string> = { 'anthropic-version': '2023-06-01' }
    let address = path
    if (attack.credential === undefined) Object.assign(headers, this.#headers(await this.#key(attack)))
    else if (this.#on.has('identity')) {
      const credential = await this.#credential(attack.credential)
      Object.assign(headers, credential === null ? {} : this.#headers(credential))
      if (attack.credential === 'in the address') address = `${path}?api_key=${await this.#key({})}`
    }
    const text = JSON.stringify(path === '/v1/chat/completions' ? { ...goodCall, ...more } : more)
    const body = method === 'GET' ? null : text.replaceAll('LONG', long === undefined ? '' : long[0].repeat(long[1]))
    const asking = { method, path: address, headers: { ...headers, 'content-type': 'application/json' }, body }
    for (let count = 0; count < before; count += 1) await this.#answer(asking)
    return this.#outcome(attack, await this.#answer(asking))
  }

  async #send(attack: EndpointAttack): Promise<Outcome> {
    const { said, through = {} } = attack
    this.#around.beginBehind(said ?? { type: 'application/json', text: '{"label":"cat"}' })
    const path = attack.path ?? `/endpoints/guarded/${attack.picture === undefined ? 'label' : 'picture'}`
    const { type, bytes } = this.#contentOf(attack)
    const body = attack.packed === true && bytes !== null ? gzipSync(bytes) : bytes
    const headers = {
      host: 'sallyport.example',
      ...this.#headers(await this.#key({})),
      'content-type': type,
      ...(attack.packed === true ? { 'content-encoding': 'gzip' } : {}),
      ...attack.headers,
    }
    if (body === null) Reflect.deleteProperty(headers, 'content-type')
    const method = attack.method ?? (body === null ? 'GET' : 'POST')
    const answer = await ask(this.#front, { method, path, headers, body }, this.#around.callers.known)
    const received = this.#around.received()
    if (through.answered !== undefined) return answer.text.includes(through.answered) ? 'through' : 'refused'
    if (through.sent !== undefined) return received.join().includes(through.sent) ? 'through' : 'refused'
    const isBehind = path.startsWith('/endpoints/')
    return (isBehind ? received.length > 0 : answer.status < 300) ? 'through' : 'refused'
  }

  #contentOf({ body, picture, long }: EndpointAttack): { readonly type: string; readonly bytes: Buffer | null } {
    if (picture !== undefined) {
      const { type, bytes } = sentPictures[picture]
      return { type: this.#on.has('pictures') ? type : unreadType, bytes }
    }
    if (body === undefined) return { type: 'application/json', bytes: null }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const whole = text.replaceAll('LONG', long === undefined ? '' : long[0].repeat(long[1]))
    return { type: 'application/json', bytes: Buffer.from(whole) }
  }

  async #ask(attack: AskAttack): Promise<Outcome> {
    const body = JSON.stringify({
      model: 'analyst',
      messages: [{ role: 'user', content: 'How many orders are there?' }],
    })
    const headers = this.#headers(await this.#key(attack))
    return this.#outcome(attack, await this.#answer({ method: 'POST', path: '/v1/chat/completions', headers, body }))
  }

  #outcome({ through }: CallAttack | AskAttack | SqlAttack, { status, text }: Answer): Outcome {
    const { sent, answered } = through ?? {}
    const isSent = sent === undefined || this.#around.sent().includes(sent)
    const isAnswered = answered === undefined ? sent !== undefined || status < 300 : text.includes(answered)
    return isSent && isAnswered ? 'through' : 'refused'
  }

  #answer(asking: Parameters<typeof ask>[1]): Promise<Answer> {
    return ask(this.#url, asking, this.#around.callers.known)
  }

  #headers(credential: string): Record<string, string> {
    return { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }
  }

  async #key({ group = 'open', scopes }: KeyTerms): Promise<string> {
    const own = (this.#on.has('scopes') ? scopes : undefined) ?? keyScopes
    const kind = `${group} ${own.join()}`
    // What a key has used counts against the next attack with it.
    const known = isLimited(group) ? undefined : this.#keys.get(kind)
    if (known !== undefined) return known
    const { key } = await this.#keeper.create({ name: 'attacker', group, scopes: [...own] })
    this.#keys.set(kind, key)
    return key
  }

  async #credential(attack: CredentialAttack): Promise<string | null> {
    if (typeof attack === 'object') return this.#token(attack)
    const terms = attack === 'expired' ? { expires: { milliseconds: 1 } } : {}
    const { id, key } = await this.#keeper.create({ name: 'attacker', group: 'open', ...terms })
    if (attack === 'revoked') await this.#keeper.revoke(id)
    if (attack === 'none' || attack === 'in the address') return null
    if (attack === 'unknown') return `sp-${'A'.repeat(key.length - 3)}`
    if (attack === 'cut') return key.slice(0, -1)
    return attack === 'other case' ? key.toUpperCase() : key
  }

  #token({ header = {}, claims = {}, times = {}, signed }: TokenAttack): string {
    const now = Math.floor(Date.now() / 1_000)
    const { signing, otherKey, surroundings } = this.#around
    const good = { iss: surroundings.issuer.name, aud: 'sallyport', sub: 'ann', groups: ['staff'], exp: now + 600 }
    const at = Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, now + seconds]))
    const said = without({ ...good, ...claims, ...at })
    const top = without({ alg: 'RS256', typ: 'at+jwt', kid: 'first', ...header })
    const published = signing.publicKey.export({ type: 'spki', format: 'pem' })
    const text = `${base64url(top)}.${base64url(said)}`
    switch (signed) {
      case 'well':
        return tokenOf(top, said, signing)
      case 'by another key':
        return tokenOf(top, said, otherKey)
      case 'with the public key as a secret':
        return hmacTokenOf(top, said, published)
      case 'with zeros':
        return `${text}.${Buffer.alloc(64).toString('base64url')}`
      case 'not at all':
        return `${text}.`
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

function without(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}
