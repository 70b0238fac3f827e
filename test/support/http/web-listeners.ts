import { mkdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { KeyScope } from '../../../src/core/key-scopes.ts'
import type { WebListener, WebSessionNotice } from '../../../src/core/web-sessions.ts'
import { createRefuseSuspended } from '../../../src/gateway/abuse/refuse-suspended.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import { createKeyStore, type KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createWebSignIns, type WebSignIns } from '../../../src/gateway/authenticate/web-sessions/web-sign-ins.ts'
import type { OidcProvider } from '../../../src/gateway/authenticate/web-sessions/oidc-provider.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { gatewayOptions, groupsInForce } from '../../../src/gateway/options.ts'
import type { HttpOptions } from '../../../src/http/options.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import { sandboxCeilings } from '../sandbox/sandbox-ceilings.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { embeddedStorage, startAdmin, type AdminService } from './admin-service.ts'
import { startService, type TestService } from './http-service.ts'

/** A request as its sender writes it: `fetch` writes a Host and other headers of its own. */
export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface WebListeners extends AsyncDisposable {
  readonly service: TestService
  readonly admin: AdminService
  readonly storage: OpenedStorage
  readonly keys: KeyStore
  readonly signIns: WebSignIns
  readonly notices: readonly WebSessionNotice[]
  /** Of both listeners: an origin without a path. */
  urlOf(listener: WebListener): string
  ask(listener: WebListener, request: RawRequest): Promise<RawAnswer>
  /** Signs in as the app does; gives the cookie as a browser sends it. */
  signIn(listener: WebListener, by: object): Promise<string>
  makeKey(scopes?: readonly KeyScope[]): Promise<{ readonly id: string; readonly key: string }>
}

/** What the app sends with every request. */
export const ofApp = { 'x-sallyport-web': '1' } as const

/** As a build tells of its chunks: both listeners' first pages, a chunk of both, and another page that neither opens with. */
const builtManifest = {
  'index.html': { file: 'assets/main-abc.js', isEntry: true, css: ['assets/main-abc.css'] },
  'pages/ask/ask-page.tsx': {
    file: 'assets/ask-1.js',
    imports: ['index.html', '_table.js', '_button.js'],
    css: ['assets/ask-1.css'],
  },
  'pages/operate/operate-page.tsx': { file: 'assets/operate-1.js', imports: ['index.html', '_button.js'] },
  'pages/tune/tune-page.tsx': { file: 'assets/tune-1.js' },
  '_table.js': { file: 'assets/table-1.js', imports: ['_button.js'], dynamicImports: ['charts/vega.ts'] },
  '_button.js': { file: 'assets/button-1.js', imports: ['_table.js'] },
  'charts/vega.ts': { file: 'assets/vega-1.js' },
}

/** A folder with a page of an app. */
export function builtApp(): string {
  const folder = temporaryFolder('sallyport-web-')
  mkdirSync(join(folder, 'assets'))
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><head><meta name="sallyport-listener" content="service"></head><p>App</p>',
  )
  mkdirSync(join(folder, '.vite'))
  writeFileSync(join(folder, '.vite', 'manifest.json'), JSON.stringify(builtManifest))
  writeFileSync(join(folder, 'assets', 'main-abc.js'), 'console.log(1)')
  return folder
}

interface WebListenersOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly settings?: Partial<HttpOptions>
  readonly oidc?: OidcProvider
  /** The folder of a built app; one with a page of some words without it. */
  readonly folder?: string
  /** The trail cannot be written. */
  readonly isTrailBroken?: boolean
}

/** Both listeners over one storage, and the app that they serve. */
export async function startWebListeners(options: WebListenersOptions = {}): Promise<WebListeners> {
  const { now = Date.now } = options
  await using stack = new AsyncDisposableStack()
  const config = embeddedStorage()
  const storage = stack.use(await openStorage(config, { for: 'service', now }))
  const keys = createKeyStore({ storage: async () => storage, now: () => new Date(now()) })
  const refuseSuspended = createRefuseSuspended({ suspensions: storage.suspensions, now })
  const notices: WebSessionNotice[] = []
  const signIns = createWebSignIns({
    sessions: async () => storage.webSessions,
    keys,
    sessionMilliseconds: 60_000,
    linkMilliseconds: 10_000,
    linkGroup: 'default',
    refuseSuspended,
    tell: async (notice) => {
      if (options.isTrailBroken === true) throw new Error('the trail is full')
      notices.push(notice)
    },
    now,
  })
  const grantFor = createGrantFor({
    groups: groupsInForce(gatewayOptions.parse({})),
    dataSources: ['shop'],
    models: ['analyst'],
    endpoints: [],
    sandboxCeilings,
    processors: 8,
  })
  const web = {
    signIns,
    grantFor: async (...asked: Parameters<typeof grantFor>) => grantFor(...asked),
    oidc: options.oidc ?? null,
    tellRefused: () => undefined,
    permits: { shares: true, anonymous_shares: false },
    questions: ['What sold best?'],
    folder: options.folder ?? builtApp(),
  }
  const identify = createIdentify(keys, { refuseSuspended, browsers: signIns })
  const service = stack.use(await startService({ identify, web, settings: options.settings ?? {} }))
  const admin = stack.use(await startAdmin({ storage: config, web }))
  const urlOf = (listener: WebListener): string =>
    listener === 'service' ? `http://127.0.0.1:${service.server.port}` : admin.url
  const ask: WebListeners['ask'] = (listener, request) => askRaw(urlOf(listener), request)
  const opened = stack.move()
  return {
    service,
    admin,
    storage,
    keys,
    signIns,
    notices,
    urlOf,
    ask,
    async signIn(listener, by) {
      const path = listener === 'service' ? '/v1/web/session' : '/admin/v1/web/session'
      const headers = { ...ofApp, 'content-type': 'application/json' }
      const answer = await ask(listener, { method: 'POST', path, headers, body: JSON.stringify(by) })
      const [cookie = ''] = answer.headers['set-cookie'] ?? []
      if (answer.status !== 200) throw new Error(`nobody is signed in: ${answer.text}`)
      return cookie.split(';')[0] ?? ''
    },
    async makeKey(scopes) {
      const made = await keys.create('somebody', 'default', scopes === undefined ? {} : { scopes })
      return { id: made.stored.id, key: made.key.reveal() }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function askRaw(url: string, { method = 'GET', path = '/', headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const { hostname: host, port } = new URL(url)
  // The path as it is: an address would be put into another form first.
  const asked = httpRequest({ host, port, path, method, headers, agent: false }, (response) => {
    const pieces: Buffer[] = []
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.once('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(pieces).toString('utf8'),
      }),
    )
    response.once('error', reject)
  })
  asked.once('error', reject)
  asked.end(body)
  return promise
}
