/** A signed token in its compact form, of which nothing is believed yet. */
export interface TokenForm {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Longer ones are no tokens of any issuer; the head of a request has 16 KiB. */
const longestToken = 12_000
const longestKeyName = 500

/**
 * Members of a header that bring a key along, name another place for it, or change how the token is read. None of them is
 * ever needed of an issuer whose keys are known.
 */
const refusedMembers = ['crit', 'jwk', 'jku', 'x5u', 'x5c', 'cty', 'zip', 'b64', 'enc', 'epk', 'p2c', 'p2s'] as const

/** Could a credential be a signed token? An API key has no dots. */
export function looksLikeToken(credential: string): boolean {
  return credential.includes('.')
}

/** Reads what is signed as one spelling of one content; throws with the reason, which is for the log, where there are others. */
export function readSignedForm(token: string): Pick<TokenForm, 'header'> & { readonly body: Buffer } {
  if (token.length > longestToken) throw new Error('the token is too long')
  const parts = token.split('.')
  if (parts.length !== 3) throw new Error(`the token has ${parts.length} parts`)
  const [head = '', body = '', signature = ''] = parts
  if (decoded(signature).length === 0) throw new Error('the token is not signed')
  const header = objectOf(decoded(head))
  const strange = refusedMembers.find((member) => Object.hasOwn(header, member))
  if (strange !== undefined) throw new Error(`its header has ${strange}`)
  const { kid } = header
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > longestKeyName)) {
    throw new Error('its kid is no name of a key')
  }
  return { header, body: decoded(body) }
}

/** Reads a token, whose content is claims. */
export function readTokenForm(token: string): TokenForm {
  const { header, body } = readSignedForm(token)
  return { header, claims: objectOf(body) }
}

/** Base64url as RFC 7515 has it: no other alphabet, no padding, no spaces, no bits left over. */
function decoded(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw new Error('a part of it is no base64url')
  return bytes
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function objectOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(decoder.decode(bytes))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('a part of it is no object')
  return value as Readonly<Record<string, unknown>>
}
