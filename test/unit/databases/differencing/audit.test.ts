import { describe, expect, it } from 'vitest'
import type { Vetted } from '../../../../src/core/vetted.ts'
import {
  admitAudits,
  auditCaps,
  readAudits,
  withoutLedger,
  type Ledger,
} from '../../../../src/databases/differencing/audit.ts'
import { ledgerOptions } from '../../../../src/databases/differencing/options.ts'
import type { RawResult, Session } from '../../../../src/databases/session.ts'

const options = { ...ledgerOptions.parse({ maximum_groups: 7 }), maximum_rows: 3 }

function ledgerThat(notes: unknown[], fails?: Error): Ledger {
  return {
    options,
    admit: async (admission) => {
      notes.push(admission)
      if (fails !== undefined) throw fails
    },
  }
}

function statement(audit: object | undefined): Vetted<'sql'> {
  return { source: 'shop', audit } as unknown as Vetted<'sql'>
}

function result(...rows: (string | null)[][]): RawResult {
  return { fields: [], rows }
}

const audit = {
  group: 'analysts',
  minimum: 2,
  sets: [{ relation: 'public.staff', ledger: { columns: ['pay'] }, byRow: false }],
}
const given = { source: 'shop', group: 'analysts', relation: 'public.staff', columns: ['pay'], minimum: 2 }

describe('the caps of an audit', () => {
  it('are one row more than there may be groups, and 37 bytes for each row behind them', () => {
    expect(auditCaps(options)).toEqual({ rows: 8, bytes: 111 })
  })
})

describe('the audits of a statement', () => {
  it('are read one after the other, each under the caps', async () => {
    const notes: unknown[] = []
    const session = {
      read: async (text: string, caps: object) => {
        notes.push([text, caps])
        return result([text])
      },
    } as unknown as Session
    const caps = { rows: 1, bytes: 2 }
    expect(await readAudits(session, ['a', 'b'], caps)).toEqual([result(['a']), result(['b'])])
    expect(notes).toEqual([
      ['a', caps],
      ['b', caps],
    ])
  })

  it('are admitted with all rows first, then with those that have a value', async () => {
    const notes: unknown[] = []
    await admitAudits(statement(audit), [result(['{1,2,3}', '{4,5,-7}'])], ledgerThat(notes))
    const valued = [
      { row: 4, entity: 1 },
      { row: 5, entity: 2 },
    ]
    expect(notes).toEqual([
      { ...given, of: 'rows', sets: [[...valued, { row: 6, entity: 3 }]] },
      { ...given, sets: [valued] },
    ])
  })

  it('are admitted for each table by itself, with its own result', async () => {
    const notes: { relation: string; sets: unknown[] }[] = []
    const sets = [...audit.sets, { relation: 'public.orders', ledger: {}, byRow: true }]
    await admitAudits(statement({ ...audit, sets }), [result(), result(['{1,2}', '{3,4}'])], ledgerThat(notes))
    expect(notes.map(({ relation, sets: { length } }) => [relation, length])).toEqual([
      ['public.staff', 0],
      ['public.staff', 0],
      ['public.orders', 1],
      ['public.orders', 1],
    ])
  })

  it('that did not come are about nothing', async () => {
    const notes: { sets: unknown[] }[] = []
    await admitAudits(statement(audit), [], ledgerThat(notes))
    expect(notes.map(({ sets }) => sets)).toEqual([[], []])
  })

  it('need none where the statement shows nothing of aggregate-only columns', async () => {
    const notes: unknown[] = []
    await admitAudits(statement(undefined), [result(['{1}', '{2}'])], ledgerThat(notes))
    expect(notes).toEqual([])
  })

  it('stop at the first refusal', async () => {
    const notes: unknown[] = []
    const refused = admitAudits(statement(audit), [result(['{1,2}', '{3,4}'])], ledgerThat(notes, new Error('no')))
    await expect(refused).rejects.toThrow('no')
    expect(notes).toHaveLength(1)
  })

  it('are refused where they hold more bytes than the ledger follows, a null for four', async () => {
    const notes: unknown[] = []
    const full = [null, `{${'1'.repeat(53)}}`, `{${'1'.repeat(50)}}`]
    await admitAudits(statement({ ...audit, sets: audit.sets }), [result(full)], ledgerThat(notes))
    expect(notes).toHaveLength(2)
    const refused = admitAudits(statement(audit), [result(full, ['1'])], ledgerThat(notes))
    await expect(refused).rejects.toMatchObject({
      code: 'refused',
      message:
        'A statement with aggregate-only columns is over more rows than the ledger can follow, about 3. [sql/ledger-full]',
      advice: 'Filter more, or have the operator raise databases.ledger.maximum_rows.',
    })
    expect(notes).toHaveLength(2)
  })
})

it('nothing is answered that is not remembered', () => {
  expect(withoutLedger('shop')).toMatchObject({
    code: 'refused',
    message: '"shop" keeps no ledger of answers with aggregate-only columns.',
    advice: 'Leave these columns out, or have the operator set differencing_ledger: false knowingly.',
  })
})
