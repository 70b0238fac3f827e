import type { EndpointAnswer } from '../core/endpoint-call.ts'
import { CheckingBudget } from './contract/checking-budget.ts'
import { isJsonType, readMediaType } from './contract/media-type.ts'
import { rulesOfStatus } from './contract/content.ts'
import type { Operation } from './contract/operations.ts'
import { busyFault, protocolFault, unavailableFault, type EndpointPlace } from './faults.ts'

/** An answer as it came, all of it. */
export interface RawAnswer {
  readonly status: number
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The answer where it is as the document says. Throws a ServiceError for any other, and then nothing of it is shown: what a
 * service says when it breaks is about itself.
 */
export function checkAnswer(
  { responses, method }: Pick<Operation, 'responses' | 'method'>,
  { status, headers, body }: RawAnswer,
  place: EndpointPlace,
): Omit<EndpointAnswer, 'headers'> {
  if (status === 429 || status === 503) throw busyFault(place)
  if (status >= 500) throw unavailableFault(place, `failed (HTTP ${status})`)
  if (status >= 300 && status < 400) throw protocolFault(place, `a redirect (HTTP ${status}), which is never followed`)
  if (status === 401 || status === 403) throw protocolFault(place, `that it does not accept the key (HTTP ${status})`)
  const rules = rulesOfStatus(responses, status)
  if (rules === null) throw protocolFault(place, `HTTP ${status}, which its document does not name`)
  const encoding = headerOf(headers, 'content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding !== 'identity') throw protocolFault(place, 'in an encoding that was not asked for')
  if (body.length === 0 && (rules.size === 0 || method === 'HEAD')) return { status, contentType: null, body }
  const written = headerOf(headers, 'content-type') ?? ''
  const type = readMediaType(written)?.name ?? ''
  const rule = rules.get(type)
  if (rule === undefined) {
    const what = type === '' ? 'without a media type' : `with ${type.slice(0, 100)}`
    throw protocolFault(place, `${what}, which its document does not name for HTTP ${status}`)
  }
  if (rule.kind !== 'json') return { status, contentType: withParameters(type, written), body }
  const fault = rule.check(parse(body, place), new CheckingBudget(body.length))
  if (fault !== null)
    throw protocolFault(
      place,
      `HTTP ${status} with a body that is not as its document says: answer${fault.place} ${fault.reason}`,
    )
  return { status, contentType: isJsonType(type) ? `${type}; charset=utf-8` : type, body }
}

/** RFC 9110, 8.3.1 and 5.6.6, without escapes. */
const parameters =
  /^(?:[ \t]*;[ \t]*[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"[\w !#$%&'()*+,./:;<=>?@^`|~-]*"))*[ \t]*$/

/** With what it says beside its name, such as a character set: without it nobody reads the bytes as they are meant. */
function withParameters(type: string, written: string): string {
  const rest = written.trimStart().slice(type.length)
  return rest.length <= 200 && parameters.test(rest) ? type + rest.trimEnd() : type
}

function parse(body: Buffer, place: EndpointPlace): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch (cause) {
    throw protocolFault(place, 'JSON that cannot be read', cause)
  }
}

function headerOf(headers: readonly string[], name: string): string | null {
  for (let at = 0; at + 1 < headers.length; at += 2)
    if (headers[at]?.toLowerCase() === name) return headers[at + 1] ?? null
  return null
}
