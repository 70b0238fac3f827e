import { readRegularFile } from '../../../files/regular-file.ts'
import { isLoopback, type IssuerOptions } from '../options.ts'

/** The most that a set of keys, or what says where it is, may have. */
const mostBytes = 262_144
const fileLimit = { bytes: mostBytes, setting: null }

/** The text of an issuer's set of keys, from wherever the configuration has it. Rejects with a reason for the log. */
export async function readKeys(options: IssuerOptions): Promise<string> {
  if (options.keys_file !== null) return (await readRegularFile(options.keys_file, fileLimit)).toString('utf8')
  const signal = AbortSignal.timeout(options.timeout_ms)
  return readAddress(options.keys_url ?? (await discover(options.issuer, signal)), signal)
}

/** What OpenID Connect Discovery 1.0 (4) has of an issuer: the address of its keys, in a document that names the issuer. */
async function discover(issuer: string, signal: AbortSignal): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document: unknown = JSON.parse(await readAddress(address, signal))
  const { issuer: named, jwks_uri: keys } = (document ?? {}) as {
    readonly issuer?: unknown
    readonly jwks_uri?: unknown
  }
  if (named !== issuer) throw new Error(`${address} is of another issuer`)
  if (typeof keys !== 'string' || !URL.canParse(keys)) throw new Error(`${address} does not say where the keys are`)
  // What comes over the network sends nobody to services of this machine, nor away from a safe connection.
  const isSafe = isLoopback(keys)
    ? isLoopback(issuer) && /^https?:$/.test(new URL(keys).protocol)
    : keys.startsWith('https://')
  if (!isSafe) throw new Error(`${address} names an address for the keys that is not safe`)
  return keys
}

async function readAddress(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, { redirect: 'error', signal, headers: { accept: 'application/json' } })
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${address} answered ${response.status}`)
  }
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body) {
    bytes += piece.length
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) throw new Error(`${address} sends more than ${mostBytes} bytes`)
    pieces.push(piece)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
}
