import type { Filter } from '../filter.ts'
import { createLeakFilter } from '../leak/leak-filter.ts'
import { createLinksFilter } from '../links/links-filter.ts'
import type { FiltersOptions } from '../options.ts'
import { createPiiFilter } from '../pii/pii-filter.ts'
import { createRemoteDetectors, type RemoteDetectorsOptions } from '../remote/detectors.ts'
import { createSecretsFilter } from '../secrets/secrets-filter.ts'
import { createSqlLeakFilter } from '../sql-leak/sql-leak-filter.ts'
import { createToxicityFilter } from '../toxicity/toxicity-filter.ts'
import { checkNames } from './check-names.ts'
import { namedProfiles, type NamedProfile } from './named-profiles.ts'
import { createContentPipeline, type ContentPipeline, type ContentPipelineOptions } from './pipeline.ts'

/** Told of what becomes of detectors. */
export type ContentHooks = RemoteDetectorsOptions & Pick<ContentPipelineOptions, 'onFailure' | 'share'>

export interface Content {
  readonly pipeline: ContentPipeline
  /** By name, with `default`. */
  readonly profiles: ReadonlyMap<string, NamedProfile>
  /** All that can be asked. */
  readonly filters: readonly Filter[]
}

/** Every detector there is: those of this process, and those that are configured. */
export function contentFilters(
  { detectors, content }: Pick<FiltersOptions, 'detectors' | 'content'>,
  hooks: Omit<ContentHooks, 'onFailure'> = {},
): readonly Filter[] {
  return [
    createPiiFilter(),
    createSecretsFilter(),
    createSqlLeakFilter(),
    createLinksFilter(),
    createLeakFilter({ ...content.leak, ...(hooks.share === undefined ? {} : { share: hooks.share }) }),
    createToxicityFilter(),
    ...createRemoteDetectors(detectors, hooks),
  ]
}

/** Throws `invalid-config` where a profile or a calibration names what there is not. */
export function createContent(options: FiltersOptions, hooks: ContentHooks = {}): Content {
  const filters = contentFilters(options, hooks)
  const profiles = namedProfiles(options.profiles)
  const { calibrations, deadline_ms: deadlineMilliseconds } = options.content
  checkNames(profiles, calibrations, filters)
  const { onFailure, share } = hooks
  const told = { ...(onFailure === undefined ? {} : { onFailure }), ...(share === undefined ? {} : { share }) }
  return {
    pipeline: createContentPipeline({ filters, calibrations, deadlineMilliseconds, ...told }),
    profiles,
    filters,
  }
}
