import type { Config } from '../config/schema.ts'
import { createAskPerson, type AskPerson } from '../gateway/authorize/approvals/ask-person.ts'
import type { DecisionWatch } from '../gateway/authorize/approvals/decision-watch.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ApprovalVault } from '../sealed/approval-vault.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { whoDecides } from './who-decides.ts'

/** The approvals of a running service, sealed with its key. */
export function openApprovals(config: Config, { approvals }: Pick<Storage, 'approvals'>): ApprovalVault {
  const keys = onceUntilFailure(() => openKeyRing(config))
  return new ApprovalVault(approvals, keys, config.policy.approvals.expires_ms)
}

interface AskPersonParts {
  readonly config: Config
  readonly telemetry: Telemetry
  readonly approvals: () => Promise<ApprovalVault>
  readonly watch: DecisionWatch
}

/** What asks a person before a call runs. */
export function openAskPerson({ config, telemetry, approvals, watch }: AskPersonParts): AskPerson {
  return createAskPerson({
    approvals,
    watch,
    personHere: whoDecides,
    waitMilliseconds: config.policy.approvals.wait_ms,
    tell: (event, approval, about) => telemetry.notices.onApproval(event, approval, about),
  })
}
