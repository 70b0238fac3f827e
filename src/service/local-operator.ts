import { randomUUID } from 'node:crypto'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { Granted } from '../gateway/screen/screener-for.ts'
import type { StatementReceived } from '../gateway/statements.ts'

/** The local operator, for what runs without a model: the grant names the filter profile. */
export async function operatorGranted(grantFor: GrantFor): Promise<Granted> {
  const principal = { id: 'local', kind: 'operator', group: 'operator' } as const
  return { principal, grant: await grantFor(principal, 'cli') }
}

/** A statement of the operator's; null for the first source. */
export function fromOperator(dataSource: string | null): StatementReceived {
  return { requestId: randomUUID(), channel: 'cli', credential: null, dataSource }
}
