import type { WebListener } from '../../core/web-sessions.ts'
import type { HttpOptions } from '../../http/options.ts'
import { createAppFiles, type AppFiles } from './app-files.ts'
import { createBrowserCredential, type BrowserCredential } from './browser-credential.ts'
import type { SessionRoutesOptions, WebUse } from './session-routes.ts'
import type { WebAddress } from './web-address.ts'

/** What a listener has for browsers. */
export interface WebSurface extends SessionRoutesOptions {
  readonly files: AppFiles
  readonly browser: BrowserCredential
}

interface WebSurfaceOptions extends Pick<
  SessionRoutesOptions,
  'addressOf' | 'guesses' | 'label' | 'baseUrl' | 'onFault'
> {
  /** Absent where no app is served. */
  readonly web?: WebUse | null
  readonly listener: WebListener
  readonly http: Pick<HttpOptions, 'tls' | 'base_url' | 'base_path'>
}

/** null where no app is served. */
export function createWebSurface({ web = null, listener, http, ...rest }: WebSurfaceOptions): WebSurface | null {
  if (web === null) return null
  const { addressOf, guesses, label, baseUrl: ownUrl, onFault } = rest
  // The operators' listener has an address of its own, below no path: what is configured is that of the service.
  const { base_url: baseUrl, base_path: basePath } = listener === 'service' ? http : { base_url: null, base_path: null }
  const address: WebAddress = { listener, isTls: http.tls !== null, baseUrl, basePath }
  const { folder, ...use } = web
  const parts = { files: createAppFiles({ folder, listener }), browser: createBrowserCredential(address) }
  return { ...use, ...parts, address, addressOf, guesses, label, baseUrl: ownUrl, onFault }
}
