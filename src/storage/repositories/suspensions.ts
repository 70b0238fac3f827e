import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { SubjectStanding, Suspension, SuspensionReason, Suspensions } from '../../core/suspensions.ts'
import type { StorageHealth } from '../health.ts'
import type { OtherTimeWatch } from '../other-time.ts'
import type { Tables } from '../tables.ts'
import { KeyMemory } from './key-memory.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** As that of keys. */
  readonly mark: { read(): bigint; change(): void } | null
  readonly watch: Pick<OtherTimeWatch, 'advance'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly elapsed: () => number
}

const nobody: SubjectStanding = { inForce: null, newest: null }

/**
 * Suspensions, each for ever known by its id until retention forgets it. Throttles are let go with the next change after their
 * end. A suspension and its end count as changes of keys do, so that an older copy of the storage is noticed that has neither.
 */
export function createSuspensions(parts: Parts): Suspensions {
  const { db, health, mark, now, elapsed } = parts
  const memory = new KeyMemory<SubjectStanding>({
    revision: () => health.reads(() => revisionOf(db)),
    load: () => health.reads(() => load(db, now())),
    mark: mark === null ? null : () => mark.read(),
    elapsed,
  })
  const isoNow = (): string => new Date(now()).toISOString()

  async function change<T>(countsAsKey: boolean, work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    const result = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        // The row lets one change at a time through, whatever the kind of storage.
        await transaction
          .updateTable('storage_facts')
          .set((set) => ({
            suspensions_revision: set('suspensions_revision', '+', 1),
            keys_revision: set('keys_revision', '+', countsAsKey ? 1 : 0),
          }))
          .execute()
        await transaction
          .deleteFrom('suspensions')
          .where('kind', '=', 'throttled')
          .where('until', '<=', isoNow())
          .execute()
        return work(transaction)
      }),
    )
    memory.forget()
    mark?.change()
    await parts.watch.advance()
    return result
  }

  return {
    async of(subject) {
      const { inForce, newest } = (await memory.find(subject)) ?? nobody
      return { inForce: inForce !== null && isOver(inForce, isoNow()) ? null : inForce, newest }
    },
    async list({ isInForce, after, most }) {
      const rows = await health.reads(() =>
        db
          .selectFrom('suspensions')
          .selectAll()
          .where('kind', '=', 'suspended')
          .$if(isInForce, (query) =>
            query
              .where('lifted', 'is', null)
              .where((row) => row.or([row('until', 'is', null), row('until', '>', isoNow())])),
          )
          .$if(after !== null, (query) =>
            query.where((row) => {
              const of = (column: 'made' | 'id') =>
                row.selectFrom('suspensions as last').select(`last.${column}`).where('last.id', '=', after)
              return row.or([
                row('made', '<', of('made')),
                row.and([row('made', '=', of('made')), row('id', '<', of('id'))]),
              ])
            }),
          )
          .orderBy('made', 'desc')
          .orderBy('id', 'desc')
          .limit(most)
          .execute(),
      )
      return rows.map(suspensionOf)
    },
    async find(id) {
      const row = await health.reads(() =>
        db.selectFrom('suspensions').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      return row === undefined ? null : suspensionOf(row)
    },
    async add(given) {
      return change(given.kind === 'suspended', async (transaction) => {
        const known =
          standings(await rowsOf(transaction, isoNow(), given.subject), isoNow()).get(given.subject)?.inForce ?? null
        if (known !== null && !addsTo(known, given)) return null
        const made = { ...given, id: `susp_${randomUUID()}`, made: isoNow(), lifted: null, liftedBy: null }
        const { madeBy, liftedBy, ...row } = made
        await transaction
          .insertInto('suspensions')
          .values({ ...row, made_by: madeBy, lifted_by: liftedBy })
          .execute()
        return made
      })
    },
    async lift(id, by) {
      return change(true, async (transaction) => {
        const row = await transaction.selectFrom('suspensions').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined || isOver(suspensionOf(row), isoNow())) return null
        const lifted = { lifted: isoNow(), lifted_by: by }
        await transaction.updateTable('suspensions').set(lifted).where('id', '=', id).execute()
        return suspensionOf({ ...row, ...lifted })
      })
    },
  }
}

/** All that is remembered of suspensions, and the throttles in force; of one subject where it is named. */
async function rowsOf(db: Kysely<Tables>, time: string, subject: string | null): Promise<readonly Suspension[]> {
  const rows = await db
    .selectFrom('suspensions')
    .selectAll()
    .where((row) => row.or([row('kind', '=', 'suspended'), row('until', '>', time)]))
    .$if(subject !== null, (query) => query.where('subject', '=', subject ?? ''))
    .orderBy('made')
    .orderBy('id')
    .execute()
  return rows.map(suspensionOf)
}

async function load(db: Kysely<Tables>, now: number) {
  // The counter is read first: what comes under an earlier number is only read once more.
  const revision = await revisionOf(db)
  const time = new Date(now).toISOString()
  return { revision, keys: standings(await rowsOf(db, time, null), time) }
}

/** By subject, of rows that are oldest first. */
function standings(rows: readonly Suspension[], time: string): ReadonlyMap<string, SubjectStanding> {
  const found = new Map<string, SubjectStanding>()
  for (const row of rows) {
    const { inForce, newest } = found.get(row.subject) ?? nobody
    const isLonger = !isOver(row, time) && (inForce === null || !outlasts(inForce, row))
    found.set(row.subject, {
      inForce: isLonger ? row : inForce,
      newest: row.kind === 'suspended' ? row.id : newest,
    })
  }
  return found
}

function isOver({ lifted, until }: Suspension, time: string): boolean {
  return lifted !== null || (until !== null && until <= time)
}

type Lasting = Pick<Suspension, 'kind' | 'until'>

/** Does the one keep somebody out at least as much and as long as the other? A suspension is more than a throttle. */
function outlasts(one: Lasting, other: Lasting): boolean {
  if (one.kind !== other.kind) return one.kind === 'suspended'
  return one.until === null || (other.until !== null && one.until >= other.until)
}

/** What counts by itself adds nothing to a suspension that is in force, however long that still is. */
function addsTo(known: Lasting, given: Lasting & Pick<Suspension, 'madeBy'>): boolean {
  const isSame = known.kind === given.kind && given.madeBy === 'automatic'
  return !isSame && !outlasts(known, given)
}

function suspensionOf(row: Selectable<Tables['suspensions']>): Suspension {
  const { made_by: madeBy, lifted_by: liftedBy, reason, ...rest } = row
  return { ...rest, reason: reason as SuspensionReason, madeBy, liftedBy }
}

async function revisionOf(db: Kysely<Tables>): Promise<string> {
  const facts = await db.selectFrom('storage_facts').select(['id', 'suspensions_revision']).executeTakeFirstOrThrow()
  return `${facts.id}.${facts.suspensions_revision}`
}
