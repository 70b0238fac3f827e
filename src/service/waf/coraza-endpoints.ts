import type { BodyType, EndpointBodies } from '../../core/endpoint-bodies.ts'
import { positionTree } from '../../gateway/privacy/positions/position.ts'
import { argumentPattern } from './argument-pattern.ts'
import { exemptingRule, requestOf } from './coraza.ts'

const firstId = 77_101

/** Of these CRS takes any; each endpoint gets what else its document names. */
const knownMethods: ReadonlySet<string> = new Set(['GET', 'POST', 'DELETE'])
const knownTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
])

const introduction = `
# Guarded endpoints, by their documents: methods and media types that CRS refuses elsewhere, and base64, which is looked at
# by no rule and has to be nothing else.
`

/** Rules for Coraza about the bodies of guarded endpoints; empty where their documents need none. */
export function corazaEndpoints(endpoints: readonly EndpointBodies[]): string {
  const rules = endpoints
    .flatMap(({ name, operations }) =>
      operations.flatMap(({ method, path, types }) => [
        ...(knownMethods.has(method) ? [] : [methodRule(method, addressOf(name, path))]),
        ...types.flatMap((type) => rulesOf(type, method, addressOf(name, path))),
      ]),
    )
    .map((rule, index) => rule(firstId + index))
  return rules.length === 0 ? '' : [introduction, ...rules].join('\n')
}

type Rule = (id: number) => string

/** The expression of the addresses of a path of a document. */
function addressOf(endpoint: string, path: string): string {
  return `/endpoints/${endpoint}${path}`
    .split(/(\{[^}]*\})/)
    .map((part) => (part.startsWith('{') ? '[^/?]+' : part.replaceAll(/[^\w/-]/gu, inHex)))
    .join('')
}

const inHex = (sign: string): string => String.raw`\x{${(sign.codePointAt(0) ?? 0).toString(16)}}`

const methodRule =
  (method: string, address: string): Rule =>
  (id) =>
    requestOf({ address, method, id, phase: 1 }, String.raw`SecAction "t:none,setvar:'tx.allowed_methods=${method}'"`)

function rulesOf(type: BodyType, method: string, address: string): readonly Rule[] {
  const rules: Rule[] = knownTypes.has(type.name) ? [] : [typeRule(type, method, address)]
  const positions = type.encoded.map((position): [string, 'data'] => [capitalsOf(position), 'data'])
  const pattern = argumentPattern(positionTree(Object.fromEntries(positions)))
  if (pattern === null) return rules
  const request = { address, method }
  // In an expression of Coraza ^ and $ are the ends of a line.
  const onlyBase64: Rule = (id) =>
    requestOf(
      { ...request, id, phase: 2, action: 'deny,status:400' },
      String.raw`SecRule ARGS:/${pattern}/ "!@rx \A(?:data:[a-z]+/[a-z0-9.+-]+;base64,)?[A-Za-z0-9+/]*={0,2}\z" "t:none"`,
    )
  return [...rules, (id) => exemptingRule({ ...request, id }, pattern), onlyBase64]
}

/** As the proxy in deploy/waf writes names with capitals, since rules take no notice of case. */
const capitalsOf = (position: string): string => position.replaceAll(/[A-Z]/g, (letter) => `~${letter.toLowerCase()}`)

/** A media type that CRS does not take. What is bytes is read by nobody here: a picture is no form of texts. */
const typeRule =
  ({ name, kind }: BodyType, method: string, address: string): Rule =>
  (id) => {
    const more = kind === 'bytes' ? ',ctl:requestBodyAccess=Off' : ''
    return requestOf(
      { address, method, id, phase: 1 },
      String.raw`SecRule REQUEST_HEADERS:Content-Type "@rx \A${name.replaceAll(/[^\w/-]/g, inHex)}(?:;|\z)" \
            "t:none,t:lowercase,setvar:'tx.allowed_request_content_type=|${name}|'${more}"`,
    )
  }
