import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { Config } from '../config/schema.ts'
import type { Admitted } from '../core/request.ts'
import type { GroupOptions } from '../gateway/options.ts'
import type { Model } from '../models/model.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface ModelForParts {
  readonly config: Config
  readonly model: Model
  readonly groups: Readonly<Record<string, GroupOptions>>
  readonly telemetry: Telemetry
}

/** The service's own model for each caller. What hides things from it is loaded only where a group names a profile. */
export async function openModelFor({
  config,
  model,
  groups,
  telemetry,
}: ModelForParts): Promise<(request: Admitted) => Model> {
  if (Object.values(groups).every((group) => group.privacy_profile === null)) return () => model
  const { createPrivateModelFor } = await import('../gateway/privacy/private-model.ts')
  const { createDetectorsFor } = await import('../gateway/privacy/detect/detectors.ts')
  const { openServiceKey } = await import('../gateway/privacy/keys/service-key.ts')
  const { TokenKeys } = await import('../gateway/privacy/keys/token-keys.ts')
  const privateModelFor = createPrivateModelFor({
    options: config.privacy,
    detectorsFor: createDetectorsFor(config.privacy, {
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    }),
    tokenKeys: onceUntilFailure(async () => new TokenKeys(await openServiceKey(config))),
  })
  return (request) => privateModelFor(model, request)
}
