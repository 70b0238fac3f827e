import { createMemoryQuotas } from '../../../../src/storage/quotas/memory-quotas.ts'
import { quotaContract } from '../../../contract/quota-contract.ts'

quotaContract('memory', async () => {
  let ledger: ReturnType<typeof createMemoryQuotas> | null = null
  return { open: async (now) => (ledger ??= createMemoryQuotas({ now })) }
})
