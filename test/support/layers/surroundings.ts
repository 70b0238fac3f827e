import { writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { issueCertificate, makeAuthority } from '../http/certificates.ts'
import { ScriptedOpenAiServer, type ServedTurn } from '../http/scripted-openai-server.ts'
import { UpstreamServer } from '../http/upstream/upstream-server.ts'
import { makeKey, type TestKey } from '../identity/test-issuer.ts'
import { echoModel } from '../privacy/echo-model.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { ScannedUpstream } from '../waf/scanned-upstream.ts'
import type { AskAttack, EndpointAttack } from './attack.ts'
import type { Surroundings } from './service-config.ts'

/** What a model has in the place of the only address of somebody in its request: that, or what stands for it. */
const seenAddress = /[a-z.]+@hamlin\.example|EMAIL_(?:[A-Z]\d){5}/

/** Everything around a service: providers that tell what they were sent, the service's own model, an issuer, authorities. */
export class Around implements AsyncDisposable {
  readonly surroundings: Surroundings
  readonly signing: TestKey = makeKey('RS256', 'first')
  readonly otherKey: TestKey = makeKey('RS256', 'first')
  /** What callers show and believe, by whom they are. */
  readonly callers: Readonly<Record<'known' | 'stranger' | 'nobody', ConnectionOptions>>
  readonly #openai: UpstreamServer
  readonly #anthropic: UpstreamServer
  readonly #model: ScriptedOpenAiServer
  readonly #behind: ScannedUpstream
  #received: string[] = []
  #turns: AskAttack['turns'] = []

  private constructor(
    openai: UpstreamServer,
    anthropic: UpstreamServer,
    model: ScriptedOpenAiServer,
    behind: ScannedUpstream,
  ) {
    this.#behind = behind
    this.#openai = openai
    this.#anthropic = anthropic
    this.#model = model
    const [own, clients] = [makeAuthority('Service'), makeAuthority('Callers')]
    const service = issueCertificate(own, 'service')
    const shown = (authority: typeof own): ConnectionOptions => {
      const { certificateFile, keyFile } = issueCertificate(authority, 'caller')
      return { ca, cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
    }
    const ca = readFileSync(own.certificateFile)
    this.callers = { known: shown(clients), stranger: shown(makeAuthority('Others')), nobody: { ca } }
    const keysFile = join(temporaryFolder('layers-issuer-'), 'keys.json')
    writeFileSync(keysFile, JSON.stringify({ keys: [this.signing.jwk] }))
    this.surroundings = {
      upstreams: { openai: openai.baseUrl, anthropic: anthropic.baseUrl },
      model: this.#model.baseUrl,
      behind: behind.url,
      issuer: { name: 'https://login.example.com', keysFile },
      tls: {
        certificateFile: service.certificateFile,
        keyFile: service.keyFile,
        clientAuthorityFile: clients.certificateFile,
      },
    }
  }

  static async start(): Promise<Around> {
    const openai = await UpstreamServer.start({ kind: 'openai' })
    const anthropic = await UpstreamServer.start({ kind: 'anthropic' })
    let around: Around | null = null
    const model = await ScriptedOpenAiServer.start((_request, position) => {
      if (around === null) return { kind: 'hang' }
      return around.#turnAt(position)
    })
    around = new Around(openai, anthropic, model, await ScannedUpstream.start())
    return around
  }

  /** Forgets what was sent, and has the models say this from now on. */
  begin(turns: AskAttack['turns'], said: string | null): void {
    this.#turns = turns
    this.#model.requests.length = 0
    for (const upstream of [this.#openai, this.#anthropic]) {
      upstream.startOver()
      if (said === null) continue
      upstream.answer = echoModel({
        say: (body) => ({ words: said.replaceAll('SEEN', seenAddress.exec(body)?.[0] ?? 'nothing'), calls: [] }),
      })
    }
  }

  /** Has the service behind the guarded endpoint answer this, and forgets what it received. */
  beginBehind({ type, text }: NonNullable<EndpointAttack['said']>): void {
    this.#received = []
    this.#behind.answer = (_request, response, body) => {
      this.#received.push(body.toString('latin1'))
      response.writeHead(200, { 'content-type': type }).end(text)
    }
  }

  /** The bodies that the service behind the guarded endpoint was sent, since then. */
  received(): readonly string[] {
    return this.#received
  }

  /** All that any model was sent since the last beginning. */
  sent(): string {
    const passed = [...this.#openai.requests, ...this.#anthropic.requests].map(({ body }) => body.toString('utf8'))
    return [...passed, ...this.#model.requests.map(({ body }) => JSON.stringify(body.messages))].join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#openai, this.#anthropic, this.#model, this.#behind]) await server[Symbol.asyncDispose]()
  }

  #turnAt(position: number): ServedTurn {
    const turn = this.#turns[Math.min(position, this.#turns.length - 1)] ?? { text: 'Done.' }
    return {
      kind: 'turn',
      ...(turn.text === undefined ? {} : { text: turn.text }),
      ...(turn.calls === undefined
        ? {}
        : { calls: turn.calls.map((call) => ({ name: call.name, arguments: JSON.stringify(call.arguments) })) }),
    }
  }
}
