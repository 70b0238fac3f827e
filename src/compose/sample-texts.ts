import type { Config } from '../config/schema.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { DecisionRecorderOptions } from '../feedback/recording/decision-recorder.ts'
import { createMaskSample } from '../feedback/recording/mask-sample.ts'
import { groupsInForce } from '../gateway/options.ts'
import { createDetectorsFor } from '../gateway/privacy/detect/detectors.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'
import type { RecordedDecisions } from '../core/recorded-decisions.ts'
import { SampleVault } from '../sealed/sample-vault.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

const nothingOwn = { recognizers: [], allow: { values: [], patterns: [] }, deny: [] }

/** How texts of decisions are kept: masked with the detectors of their group's privacy profile, and sealed. */
export function openSampleTexts(
  config: Config,
  { decisions, onFilterFailure }: { readonly decisions: RecordedDecisions } & Pick<Telemetry, 'onFilterFailure'>,
): NonNullable<DecisionRecorderOptions['texts']> {
  let failures = 0
  const detectorsFor = createDetectorsFor(config.privacy, {
    onFailure: (failure) => {
      failures += 1
      onFilterFailure(failure)
    },
  })
  const groups = groupsInForce(config.gateway)
  const chainFor = (group: string) => {
    const name = groups[group]?.privacy_profile ?? null
    return detectorsFor(name === null ? nothingOwn : (config.privacy.profiles[name] ?? nothingOwn)).chain
  }
  const missed = (): boolean => {
    const before = failures
    failures = 0
    return before > 0
  }
  const vault = new SampleVault(
    decisions,
    onceUntilFailure(() => openKeyRing(config)),
  )
  return {
    mask: createMaskSample({ chainFor, missed }),
    seal: (decision, text) => vault.seal(decision, text),
  }
}
