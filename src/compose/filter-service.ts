import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { checkNames } from '../filters/pipeline/check-names.ts'
import type { NamedProfile } from '../filters/pipeline/named-profiles.ts'
import { fromCheckRequest, toCheckAnswer } from '../filters/service/check-contract.ts'
import type { AnswerCheck } from '../surfaces/filters/filter-app.ts'
import { createFilterServer } from '../surfaces/filters/filter-server.ts'
import { Telemetry } from '../telemetry/telemetry.ts'
import { openOwnContentFilters, type ContentFilters } from './content-filters.ts'

/** A process of filters while it serves; disposing drains. */
export interface FilterService extends AsyncDisposable {
  readonly url: string
  /** Names of the detectors that it asks. */
  readonly detectors: readonly string[]
}

/**
 * Serves checks of content alone, with the detectors of the configuration: no storage, no model, no keys but the one between
 * processes. Rejects with `invalid-config` without that key.
 */
export async function openFilterService(config: Config): Promise<FilterService> {
  const { key } = config.filters.content.service
  if (key === null) {
    throw new ServiceError('invalid-config', 'A process of filters needs filters.content.service.key.', {
      advice:
        'Set the same key here and where it is called from, like { file: /run/secrets/filters }: nobody may ask without one.',
    })
  }
  await using stack = new AsyncDisposableStack()
  // Who asks is told by the trail of the process that asks.
  const telemetry = stack.use(new Telemetry({ ...config, telemetry: { ...config.telemetry, audit: false } }, []))
  await telemetry.beginService()
  const content = openOwnContentFilters(config, telemetry)
  const server = createFilterServer({
    settings: config.http,
    key,
    check: createCheck(content, config),
    readiness: async () => {
      try {
        await content.available()
        return { ready: true, detail: 'texts can be looked through' }
      } catch (error) {
        telemetry.log.error({ error }, 'not ready: texts cannot be looked through')
        return { ready: false, detail: 'texts cannot be looked through' }
      }
    },
    metrics: { contentType: telemetry.metrics.contentType, text: () => telemetry.metrics.text() },
    onTlsReload: (error) => {
      if (error === null) telemetry.log.info('the files of http.tls have changed and are in use')
      else telemetry.log.error({ error }, 'the files of http.tls have changed and are not taken')
    },
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId),
    onResponse: (response) => telemetry.onResponse(response),
  })
  await content.warm(new AbortController().signal)
  await server.listen()
  const owned = stack.move()
  return {
    url: server.url,
    detectors: content.filters.map(({ name }) => name),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await owned.disposeAsync()
    },
  }
}

function createCheck({ pipeline, filters }: ContentFilters, { filters: options }: Config): AnswerCheck {
  const profileOf = createProfileMemory((profile) =>
    checkNames(new Map([[profile.name, profile]]), options.content.calibrations, filters),
  )
  return async (request, signal) => {
    const { profile: sent, context, parts } = fromCheckRequest(request)
    const profile = profileOf(sent)
    return toCheckAnswer(await pipeline.inspect(parts, { profile, context }, signal), context)
  }
}

/** Profiles that are kept; a caller has a few. */
const mostProfiles = 256

/**
 * The same object for the same profile, checked once. Throws `invalid-request` for one with a rule that nothing here looks
 * for: to find nothing would be to let it pass.
 */
function createProfileMemory(check: (profile: NamedProfile) => void) {
  const known = new Map<string, NamedProfile>()
  return (sent: NamedProfile): NamedProfile => {
    const text = JSON.stringify(sent)
    const kept = known.get(text)
    if (kept !== undefined) return kept
    try {
      check(sent)
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown
      throw new ServiceError('invalid-request', thrown.message, {
        parameter: 'profile',
        advice: 'The two processes have other detectors: give them the same configuration, or try another process.',
        cause: thrown,
      })
    }
    known.set(text, sent)
    const [oldest] = known.size > mostProfiles ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
    return sent
  }
}
