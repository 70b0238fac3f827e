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
  return (await discoverAddresses(issuer, ['jwks_uri'], signal)).jwks_uri
}

/** Addresses of an issuer by their names in its document. Rejects, with a reason for the log, where one is missing or not safe. */
export async function discoverAddresses<Name extends string>(
  issuer: string,
  names: readonly Name[],
  signal: AbortSignal,
): Promise<Readonly<Record<Name, string>>> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = (JSON.parse(await readAddress(address, signal)) ?? {}) as Readonly<Record<string, unknown>>
  if (document['issuer'] !== issuer) throw new Error(`${address} is of another issuer`)
  const found = names.map((name) => {
    const named = document[name]
    if (typeof named !== 'string' || !URL.canParse(named))
      throw new Error(`${address} does not say where its ${name} is`)
    // What comes over the network sends nobody to services of this machine, nor away from a safe connection.
    const isSafe = isLoopback(named)
      ? isLoopback(issuer) && /^https?:$/.test(new URL(named).protocol)
      : named.startsWith('https://')
    if (!isSafe) throw new Error(`${address} names a ${name} that is not safe`)
    return [name, named] as const
  })
  return Object.fromEntries(found) as Record<Name, string>
}

async function readAddress(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, { redirect: 'error', signal, headers: { accept: 'application/json' } })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${address} answered ${response.status}`)
  }
  return readAnswer(response, address)
}

/** The text of an answer, up to the most that anything of an issuer may have. */
export async function readAnswer({ body }: Response, address: string): Promise<string> {
  if (body === null) throw new Error(`${address} sends nothing`)
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) throw new Error(`${address} sends more than ${mostBytes} bytes`)
    pieces.push(piece)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
}
