import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findBrowser } from '../../../setup/browser.mjs'

/** One request that a page made, as the browser tells it. */
interface NetworkEntry {
  readonly url: string
  readonly method: string
  readonly type: string
}

/** A page with what it did beside what is seen. All lists grow while it is used. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  readonly requests: readonly NetworkEntry[]
  /** Errors of scripts, refusals of the page's policy among them, and what the console was told as an error. */
  readonly faults: readonly string[]
}

export interface PageOptions {
  readonly theme?: 'light' | 'dark'
  /** CSS pixels; 1280 × 800 without it. */
  readonly width?: number
  readonly height?: number
  readonly ignoreHTTPSErrors?: boolean
  readonly reducedMotion?: boolean
}

export interface OpenedBrowser extends AsyncDisposable {
  readonly browser: Browser
  /** A page of somebody new: no cookies, nothing kept. */
  newPage(options?: PageOptions): Promise<WatchedPage>
}

/**
 * What a browser does by itself is switched off, and no name is resolved but this machine's own: what is seen of the
 * network is what the page did. Its guard of addresses of this machine is off as well: an attack on them has to fail without it.
 */
const silent = [
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-features=OptimizationHints,MediaRouter,Translate,InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,AutofillServerCommunication,LocalNetworkAccessChecks',
  '--disable-gpu',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-first-run',
  '--no-pings',
  '--no-service-autorun',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** A page that does not come to what is waited for says so well before the test's own end. */
const patienceMilliseconds = 60_000

/**
 * Debian's Chromium without a window. `netLog`: a file into which the browser writes all that its network stack does, which no page
 * can keep from it. Throws where there is no Chromium.
 */
export async function openBrowser({ netLog }: { readonly netLog?: string } = {}): Promise<OpenedBrowser> {
  const executablePath = findBrowser()
  if (executablePath === null) {
    throw new Error('There is no Chromium here. `npm test` installs it; by hand: apt-get install chromium.')
  }
  const isRoot = process.getuid?.() === 0
  const args = [
    ...silent,
    ...(netLog === undefined ? [] : [`--log-net-log=${netLog}`, '--net-log-capture-mode=Everything']),
  ]
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    // Chromium's own sandbox does not start as root.
    chromiumSandbox: !isRoot,
    args: existsSync('/dev/shm') ? args : [...args, '--disable-dev-shm-usage'],
  })
  return {
    browser,
    newPage: (options = {}) => newPage(browser, options),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

async function newPage(browser: Browser, options: PageOptions): Promise<WatchedPage> {
  const { theme = 'light', width = 1280, height = 800, ignoreHTTPSErrors = false, reducedMotion = true } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    ignoreHTTPSErrors,
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  context.setDefaultTimeout(patienceMilliseconds)
  const requests: NetworkEntry[] = []
  const faults: string[] = []
  context.on('request', (request) =>
    requests.push({ url: request.url(), method: request.method(), type: request.resourceType() }),
  )
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => {
    // A load is cut off when the machine gets an interface, as of a container that starts: that is no doing of the page.
    const isOfMachine = message.text().includes('net::ERR_NETWORK_CHANGED')
    if (message.type() === 'error' && !isOfMachine) faults.push(message.text())
  })
  const page = await context.newPage()
  return { page, context, requests, faults, [Symbol.asyncDispose]: () => context.close() }
}
