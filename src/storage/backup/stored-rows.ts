import { z } from 'zod'
import { parseScopes } from '../scopes-text.ts'

// What the rows of a file have to be that somebody gives as a backup: nothing in it is believed.

const text = (longest: number) => z.string().min(1).max(longest)
const time = z.iso.datetime()
const day = z.int().min(0).max(10_000_000)

export const storedKey = z
  .strictObject({
    id: text(200),
    name: text(1_000),
    key_group: text(200),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    created: time,
    state: z.enum(['active', 'held', 'revoked']),
    revoked: time.nullable(),
    held_because: z
      .enum(['file', 'other-time', 'unknown', 'made-since', 'differs', 'revoked-since'])
      .nullable()
      .default(null),
    quota_used_day: day.nullable().default(null),
    scopes: text(1_000)
      .refine((list) => parseScopes(list) !== null, 'is no list of scopes')
      .nullable()
      .default(null),
    expires: time.nullable().default(null),
    last_used: time.nullable().default(null),
    replaced_by: text(200).nullable().default(null),
  })
  .refine(({ state, revoked }) => (state === 'revoked') === (revoked !== null), 'is revoked at no time')

export type StoredKeyRow = z.infer<typeof storedKey>

export const storedOwnedId = z.strictObject({
  upstream: text(1_000),
  id: text(300),
  principal: text(1_000),
  made_day: day,
})

export const storedFile = z.strictObject({ name: text(10_000), taken: time })

export const storedFacts = z.strictObject({
  one: z.literal(1),
  id: text(200),
  keys_revision: z.int().min(0),
  probes: z.int().min(0),
  suspensions_revision: z.int().min(0).default(0),
  tuning_revision: z.int().min(0).default(0),
  former_ids: z.string().max(1_000_000).default('[]'),
  backup: z.string().max(100_000).nullable().default(null),
})

/** How far a differencing ledger, or the audit trail, of the machine had come that made a backup. */
const ledgerPlace = z.strictObject({ id: text(200), answers: z.int().min(0) })
const trailPlace = z.strictObject({ sequence: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) })

/** What a backup says of itself. */
export const backupFacts = z.strictObject({
  made: time,
  kind: z.enum(['embedded', 'postgresql']),
  place: text(10_000),
  ledger: ledgerPlace.nullable(),
  audit: trailPlace.nullable(),
})

export type BackupFacts = z.infer<typeof backupFacts>
