import { randomUUID } from 'node:crypto'
import type { Secret } from '../core/secret.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import type { Notices } from '../telemetry/notices.ts'

interface FirstKeyParts {
  readonly keys: Pick<KeyStore, 'isEmpty' | 'ensureFirst'>
  readonly notices: Pick<Notices, 'onFirstKey' | 'onFirstKeyEnd'>
}

/**
 * Makes a key of the group where there never was one, which the trail knows before; null where there was, or another process
 * makes it at the same time. Rejects where the trail cannot be told: then none is made.
 */
export async function makeFirstKey({ keys, notices }: FirstKeyParts, group: string): Promise<Secret | null> {
  if (!(await keys.isEmpty())) return null
  const notice = { requestId: randomUUID(), group }
  await notices.onFirstKey(notice)
  let made: string | null = null
  try {
    const first = await keys.ensureFirst(group)
    made = first?.stored.id ?? null
    return first?.key ?? null
  } finally {
    notices.onFirstKeyEnd(notice, made)
  }
}
