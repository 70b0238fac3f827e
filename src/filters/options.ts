import { z } from 'zod'
import { leakOptions } from './leak/options.ts'
import { calibrationsSchema } from './pipeline/calibration.ts'
import { withInherited } from './pipeline/named-profiles.ts'
import { detectorsOptions } from './remote/detector-options.ts'
import { serviceOptions } from './service/options.ts'
import { defaultProfile, profileName, profileSchema, type FilterProfile } from './profile.ts'

/** Profiles by name, each with the rules that it inherits. */
const profiles = z.record(profileName, profileSchema).transform((written, context): Record<string, FilterProfile> => {
  const all = { default: defaultProfile, ...written }
  const whole = Object.keys(written).map((name) => {
    const { profile, problems } = withInherited(name, all)
    for (const { path, message } of problems) context.addIssue({ code: 'custom', path: [name, ...path], message })
    return [name, profile] as const
  })
  return Object.fromEntries(whole)
})

const content = z
  .strictObject({
    deadline_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(5_000)
      .describe('Milliseconds that detectors of content may take for one text or conversation; later is a failure.'),
    calibrations: calibrationsSchema.default({}),
    leak: leakOptions.prefault({}),
    service: serviceOptions.prefault({}),
  })
  .describe('Detectors of content: toxicity, leakage, and those of other services.')

export const filtersOptions = z
  .strictObject({
    deadline_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(20_000)
      .describe('Milliseconds of work that all checks of one response may take; overrunning it withholds the text.'),
    maximum_result_characters: z
      .int()
      .min(1_000)
      .max(1_000_000_000)
      .default(10_000_000)
      .describe('Characters of one result (rows, output, displays) that leave at most; what is cut is said.'),
    maximum_turn_characters: z
      .int()
      .min(1_000)
      .max(100_000_000)
      .default(1_000_000)
      .describe("Characters of one of the model's turns that leave at most; what is cut is said."),
    link_hosts: z
      .array(
        z.string().regex(/^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
          message: 'must be a host in small letters, "example.com", or "*.example.com" for all below it',
        }),
      )
      .max(1_000)
      .default([])
      .describe(
        'Hosts of your own: links and pictures that lead there stay in an answer. Any other address that the question does not name is shown as text.',
      ),
    content: content.default(content.parse({})),
    detectors: detectorsOptions,
    profiles: profiles
      .default({ default: defaultProfile })
      .describe('Filter profiles by name; a group names its profile. "default" is there also when it is not listed.'),
  })
  .describe('Filters on what is sent to a model and on everything that leaves.')

export type FiltersOptions = z.infer<typeof filtersOptions>
