import { openFilterService, type FilterService } from '../../../../src/compose/filter-service.ts'
import { createConfigSchema, type Config } from '../../../../src/config/schema.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

export const serviceKey = 'a-key-between-processes-of-one-operator'

/** A configuration with these filters, whose process of filters listens on any free port. */
export function configWith(filters: object, http: object = {}): Config {
  const folder = temporaryFolder('sallyport-filters-')
  return createConfigSchema(folder, folder).parse({
    filters,
    http: { port: 0, drain_grace_ms: 0, drain_ms: 5_000, ...http },
    telemetry: { log_level: 'silent' },
  })
}

/** A process of filters within this one: its own listener, its own detectors. */
export const startFilterService = (filters: object, http: object = {}): Promise<FilterService> => {
  const { content = {}, ...rest } = filters as { readonly content?: object }
  return openFilterService(configWith({ ...rest, content: { ...content, service: { key: serviceKey } } }, http))
}
