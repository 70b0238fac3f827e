import type { Config } from '../config/schema.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ApprovalVault } from '../gateway/privacy/vault/approval-vault.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { Storage } from '../storage/storage.ts'

/** The approvals of a running service, sealed with its key. */
export function openApprovals(config: Config, { approvals }: Pick<Storage, 'approvals'>): ApprovalVault {
  const keys = onceUntilFailure(() => openKeyRing(config))
  return new ApprovalVault(approvals, keys, config.policy.approvals.expires_ms)
}
