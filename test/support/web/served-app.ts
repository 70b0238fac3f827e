import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { ensureWebApp } from '../../../setup/web-app.mjs'
import { sallyportHere } from '../cli/sallyport-here.ts'
import { serve, type Served } from '../cli/sallyport-process.ts'
import type { OpenedBrowser, PageOptions, WatchedPage } from './browser.ts'

type Listener = 'service' | 'operators'

/** `sallyport serve` with its app at both listeners. */
export interface ServedApp extends AsyncDisposable {
  readonly service: Served
  /** Where the app of a listener is, with the stroke at its end. */
  readonly addresses: Readonly<Record<Listener, string>>
  /** The links of the banner; each signs in once. */
  readonly links: Readonly<Record<Listener, string>>
  /** Keys that sign in as often as they are asked to. */
  readonly keys: Readonly<Record<Listener, string>>
  /** Signs a browser in by a key and without the sign-in page. */
  signIn(context: BrowserContext, listener: Listener, key?: string): Promise<void>
  /**
   * A page of a browser that is signed in at a listener, by a key and without the sign-in page, at a place of the app: `#/ask`. `key`: of
   * somebody else than `keys` names.
   */
  open(
    browser: OpenedBrowser,
    listener: Listener,
    place: string,
    options?: PageOptions & { readonly key?: string },
  ): Promise<WatchedPage>
}

/** Starts it with the scripted model, which answers questions over the sample shop, or as the variables say. */
export async function serveApp(environment: Readonly<Record<string, string>> = {}): Promise<ServedApp> {
  await ensureWebApp()
  const service = await serve(environment)
  try {
    return await appOf(service)
  } catch (error) {
    await service[Symbol.asyncDispose]()
    throw error
  }
}

async function appOf(service: Served): Promise<ServedApp> {
  // They are written behind the example, which tells that the service listens.
  await written(service, /^ {2}Operate +http\S+link=\S+$/m)
  const linkOf = (name: string) => new RegExp(`^ {2}${name} +(http\\S+)$`, 'm').exec(service.output())?.[1] ?? ''
  const links = { service: linkOf('Ask'), operators: linkOf('Operate') }
  const baseOf = (link: string) => link.slice(0, link.indexOf('#'))
  const addresses = { service: baseOf(links.service), operators: baseOf(links.operators) }
  const made = await sallyportHere(['keys', 'create', 'operator', '--scopes', 'admin'], {
    environment: service.environment,
  })
  const keys = { service: service.key, operators: made.stdout.trim() }
  const signIn: ServedApp['signIn'] = async (context, listener, key = keys[listener]) => {
    const path = listener === 'operators' ? '../admin/v1/web/session' : '../v1/web/session'
    const answer = await context.request.post(new URL(path, addresses[listener]).href, {
      data: { key },
      headers: { 'x-sallyport-web': '1' },
    })
    if (!answer.ok()) throw new Error(`Nobody was signed in: ${answer.status()} ${await answer.text()}`)
  }
  return {
    service,
    addresses,
    links,
    keys,
    signIn,
    async open(browser, listener, place, { key, ...options } = {}) {
      const watched = await browser.newPage(options)
      await signIn(watched.context, listener, key)
      await watched.page.goto(`${addresses[listener]}${place}`)
      return watched
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

/** Until the service has written something to standard output; rejects where it does not, or ends. */
async function written(service: Served, wanted: RegExp): Promise<void> {
  for (let turn = 0; !wanted.test(service.output()); turn += 1) {
    if (turn > 1_200 || service.process.exitCode !== null) {
      throw new Error(`No ${wanted} in: ${service.output()}${service.log()}`)
    }
    await wait(50)
  }
}
