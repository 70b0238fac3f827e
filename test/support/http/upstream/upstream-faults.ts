import { gzipSync } from 'node:zlib'
import { canaries } from './canaries.ts'
import type { ProviderApi } from './provider-api.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { Served, Step } from './served.ts'

/** What a fault is made of: how the endpoint would have answered, and its way to say errors. */
export interface FaultGround {
  readonly request: RecordedRequest
  readonly api: ProviderApi
  /** Where a redirect leads. */
  readonly elsewhere: string
  readonly megabytes: number
}

const advice = `${canaries.host}: the key ${canaries.key} was turned down. ${canaries.advice}`
const head = (contentType: string, more: Readonly<Record<string, string>> = {}): Step => ({
  do: 'head',
  status: 200,
  headers: { 'content-type': contentType, ...more },
})
const write = (text: string): Step => ({ do: 'write', bytes: Buffer.from(text) })

/** The beginning of a request as an endpoint quotes it. */
const said = ({ body }: RecordedRequest): string => body.toString().slice(0, 1_000)

function isStreamed({ request }: FaultGround): boolean {
  return /"stream"\s*:\s*true/.test(request.body.toString('latin1'))
}

const usual = (ground: FaultGround) => ground.api.answer(ground.request).steps
const bytesOf = (steps: readonly Step[]) =>
  Buffer.concat(steps.flatMap((step) => (step.do === 'write' ? [step.bytes] : [])))

/** The usual answer up to and including the first of its text, and then something else. */
function brokenOff(ground: FaultGround, ...then: readonly Step[]): Served {
  const [first, ...rest] = usual(ground)
  const half = isStreamed(ground) ? rest.slice(0, 5) : [{ do: 'write', bytes: bytesOf(rest).subarray(0, 40) } as const]
  return { steps: [...(first === undefined ? [] : [first]), ...half, ...then] }
}

/** The usual body under other headers, in other writes. */
function otherwise(
  ground: FaultGround,
  headers: Readonly<Record<string, string>>,
  body: (whole: Buffer) => Step[],
): Served {
  const contentType = isStreamed(ground) ? 'text/event-stream' : 'application/json'
  return { steps: [head(contentType, headers), ...body(bytesOf(usual(ground)))] }
}

/** Every way in which an endpoint fails, by its name. */
export const upstreamFaults = {
  garbage: () => ({ steps: [head('application/json'), { do: 'write', bytes: Buffer.from([0, 255, 254, 7, 27, 1]) }] }),
  'page with 200': () => ({
    steps: [head('text/html; charset=utf-8'), write(`<!doctype html><title>${canaries.host}</title><p>${advice}`)],
  }),
  // Before any reason to finish: behind one an answer is whole.
  'half an event': (ground) => {
    const [first, ...rest] = usual(ground)
    const whole = bytesOf(rest)
    return {
      steps: [
        ...(first === undefined ? [] : [withoutLength(first)]),
        { do: 'write', bytes: whole.subarray(0, Math.floor(whole.length / 2) - 3) },
      ],
    }
  },
  'no terminator': (ground) => {
    const [first, ...rest] = usual(ground)
    const kept = isStreamed(ground) ? rest.slice(0, -1) : rest
    return { steps: [...(first === undefined ? [] : [withoutLength(first)]), ...kept] }
  },
  'wrong content type': (ground) => {
    const contentType = isStreamed(ground) ? 'application/json' : 'text/event-stream'
    return { steps: [head(contentType), { do: 'write', bytes: bytesOf(usual(ground)) }] }
  },
  'gzip that nobody asked for': (ground) =>
    otherwise(ground, { 'content-encoding': 'gzip' }, (whole) => [{ do: 'write', bytes: gzipSync(whole) }]),
  'chunks of one byte': (ground) =>
    otherwise(ground, {}, (whole) => Array.from(whole, (byte): Step => ({ do: 'write', bytes: Buffer.from([byte]) }))),
  'one event of many megabytes': (ground) => ({
    steps: [
      head('text/event-stream'),
      write('data: {"choices":[],"padding":"'),
      { do: 'repeat', bytes: Buffer.alloc(1 << 20, 'x'), times: ground.megabytes },
      write('"}\n\n'),
      ...usual(ground).filter((step) => step.do === 'write'),
    ],
  }),
  'silence before the head': () => ({ steps: [{ do: 'stay-silent' }] }),
  'silence in the middle': (ground) => brokenOff(ground, { do: 'stay-silent' }),
  redirect: (ground) => ({
    steps: [{ do: 'head', status: 307, headers: { location: `${ground.elsewhere}/v1${canaries.host}` } }],
  }),
  'status 400': ({ api }) => api.fault(400, advice),
  'status 404': ({ api }) => api.fault(404, advice),
  'status 418': ({ api }) => api.fault(418, advice),
  'status 401': ({ api }) => api.fault(401, advice, { 'www-authenticate': `Bearer realm="${canaries.host}"` }),
  'status 403': ({ api }) => api.fault(403, advice),
  'status 429': ({ api }) => api.fault(429, advice, { 'retry-after': '7' }),
  'status 500': ({ api }) => api.fault(500, advice),
  'the request said back with 429': ({ api, request }) => api.fault(429, `Too much: ${said(request)}`),
  'the request said back with 500': ({ api, request }) => api.fault(500, `Cannot read ${said(request)}`),
  'the request said back with 503': ({ request }) => ({
    steps: [
      { do: 'head', status: 503, headers: { 'content-type': 'text/plain' } },
      write(`What failed: ${request.body.toString().slice(-200)}`),
    ],
  }),
  'page with 502': () => ({
    steps: [
      { do: 'head', status: 502, headers: { 'content-type': 'text/html' } },
      write(`<html><body>${advice}</body></html>`),
    ],
  }),
  'broken off before the head': () => ({ steps: [{ do: 'reset' }] }),
  'broken off in the middle': (ground) => brokenOff(ground, { do: 'reset' }),
  'answer before the body was read': ({ api }) => ({ ...api.fault(413, advice), isEarly: true }),
} as const satisfies Readonly<Record<string, (ground: FaultGround) => Served>>

export type UpstreamFault = keyof typeof upstreamFaults

function withoutLength(step: Step): Step {
  if (step.do !== 'head') return step
  const { 'content-length': _, ...headers } = step.headers
  return { ...step, headers }
}
