import { ServiceError } from '../../core/errors.ts'
import type { CallTarget, UpstreamAnswer } from '../../core/model-call.ts'
import { requestFilter } from './headers.ts'
import type { UpstreamsOptions } from './options.ts'
import { replaceModel } from './body-members.ts'
import { readTrustFiles } from '../../outgoing/trust-files.ts'
import { createUpstream, type Upstream, type UpstreamRequest } from './upstream.ts'

/** Sends calls to the upstreams of the configuration. */
export interface Upstreams extends AsyncDisposable {
  /** Of a caller's headers, those that go to the upstream of this name; none where there is no such one. */
  readonly headersTo: (upstream: string, headers: readonly string[]) => readonly string[]
  /** The region that the configuration gives an upstream; null where it gives none. */
  readonly regionOf: (upstream: string) => string | null
  send(target: CallTarget, request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer>
}

/** Opens no connection before the first call. Rejects with `invalid-config` for files that cannot be read. */
export async function openUpstreams(options: UpstreamsOptions): Promise<Upstreams> {
  await using stack = new AsyncDisposableStack()
  const upstreams = new Map<string, Upstream>()
  for (const [name, settings] of Object.entries(options)) {
    upstreams.set(
      name,
      stack.use(createUpstream(name, settings, await readTrustFiles(`upstreams.${name}.tls`, settings.tls))),
    )
  }
  const owned = stack.move()
  const regions = new Map(Object.entries(options).map(([name, { region }]) => [name, region]))
  const filters = new Map(Object.entries(options).map(([name, settings]) => [name, requestFilter(settings)]))
  return {
    headersTo: (upstream, headers) => filters.get(upstream)?.(headers) ?? [],
    regionOf: (upstream) => regions.get(upstream) ?? null,
    async send({ upstream, model, renamed }, request, signal) {
      const found = upstreams.get(upstream)
      if (found === undefined) throw new ServiceError('internal', `There is no upstream "${upstream}".`)
      const body = renamed && model !== null && request.body !== null ? replaceModel(request.body, model) : request.body
      return found.send({ ...request, body }, signal)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
