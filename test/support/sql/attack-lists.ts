import { readFileSync } from 'node:fs'
import { questionedPolicy, questionedSchema } from '../differencing/aggregate-questions.ts'
import { sqlAttackPolicy } from './sql-attack-policy.ts'

interface AttackList {
  /** DDL of the tables that its statements are about. */
  readonly schema: string
  /** What its statements are judged under, as the configuration holds it. */
  readonly policy: object
}

/** Lists of statements for PostgreSQL in test/attack, each with a recording of what an analyzer says of them. */
export const attackLists = {
  sql: {
    schema: readFileSync(new URL('../../attack/sql-schema.sql', import.meta.url), 'utf8'),
    policy: sqlAttackPolicy,
  },
  'sql-aggregates': { schema: questionedSchema, policy: questionedPolicy },
} satisfies Readonly<Record<string, AttackList>>

export type AttackListName = keyof typeof attackLists
