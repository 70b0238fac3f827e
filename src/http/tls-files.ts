import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { ServiceError } from '../core/errors.ts'
import type { TlsOptions } from './options.ts'

/** No certificate and no list of authorities has more. */
const mostBytes = 1_048_576

/** Of TLS 1.2 those with authenticated encryption and keys that are forgotten (RFC 9325, 4.2); all of TLS 1.3 are. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** What takes new connections by other files from then on, and leaves those that are there. */
interface Reloadable {
  setSecureContext(options: SecureContextOptions): void
}

export interface TlsFilesOptions {
  readonly options: TlsOptions
  /** Told when changed files are taken, with null, and when they are not, with the reason. */
  readonly onReload: (fault: ServiceError | null) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

interface PemTexts {
  readonly cert: string
  readonly key: string
  readonly ca: string | null
}

/**
 * The certificate and the key of the service, as files that somebody renews. Files that are no whole pair, or have expired,
 * do not take the place of those that are in use.
 */
export class TlsFiles implements Disposable {
  readonly #parts: TlsFilesOptions
  readonly #now: () => number
  /** The texts that were last looked at, taken or not. */
  #seen: string
  #timer: NodeJS.Timeout | null = null
  #fault: ServiceError | null = null
  readonly secureContext: SecureContextOptions

  /** Throws `invalid-config` where the files cannot be used. */
  constructor(parts: TlsFilesOptions) {
    this.#parts = parts
    this.#now = parts.now ?? Date.now
    const texts = this.#read()
    this.#seen = JSON.stringify(texts)
    this.secureContext = this.#contextOf(texts)
  }

  /** What is wrong with the files that are there now; null where they are in use. */
  get fault(): ServiceError | null {
    return this.#fault
  }

  /** Looks at the files now and then, until it is disposed. */
  watch(server: Reloadable): void {
    this.#timer = setInterval(() => this.check(server), this.#parts.options.reload_ms)
    this.#timer.unref()
  }

  /** Takes the files where they have changed. */
  check(server: Reloadable): void {
    try {
      const texts = this.#read()
      const seen = JSON.stringify(texts)
      // Files that could not be read for a moment, and are back as they were, are well again.
      if (seen === this.#seen && this.#fault === null) return
      this.#seen = seen
      server.setSecureContext(this.#contextOf(texts))
      this.#fault = null
      this.#parts.onReload(null)
    } catch (thrown) {
      const fault = thrown as ServiceError
      const isNew = this.#fault?.message !== fault.message
      this.#fault = fault
      if (isNew) this.#parts.onReload(fault)
    }
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  #read(): PemTexts {
    const { certificate_file: cert, key_file: key, client_ca_file: ca } = this.#parts.options
    return { cert: readText(cert), key: readText(key), ca: ca === null ? null : readText(ca) }
  }

  #contextOf({ cert, key, ca }: PemTexts): SecureContextOptions {
    const { certificate_file: path, key_file: keyPath, minimum_version: minVersion } = this.#parts.options
    const context = { cert, key, minVersion, ciphers, honorCipherOrder: true, ...(ca === null ? {} : { ca }) }
    let end: Date
    let isPair: boolean
    try {
      const first = new X509Certificate(cert)
      end = new Date(first.validTo)
      isPair = first.checkPrivateKey(createPrivateKey(key))
      createSecureContext(context)
    } catch (cause) {
      throw unusable(`${path} and ${keyPath} are no certificate and key: ${(cause as Error).message}`, cause)
    }
    if (!isPair) throw unusable(`The key ${keyPath} is not of the certificate ${path}.`)
    if (end.getTime() <= this.#now()) throw unusable(`The certificate ${path} has expired at ${end.toISOString()}.`)
    return context
  }
}

/** Read as a whole and at once: what a renewing program writes meanwhile is seen with the next look. */
function readText(path: string): string {
  try {
    const facts = statSync(path)
    if (!facts.isFile() || facts.size > mostBytes) throw new Error('it is no file of a certificate or a key')
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unusable(`${path} cannot be read: ${(cause as Error).message}`, cause)
  }
}

function unusable(message: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-config', message, {
    cause,
    advice: 'http.tls names the certificate with its chain, and its key, both in PEM.',
  })
}
