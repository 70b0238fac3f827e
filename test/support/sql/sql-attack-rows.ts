import { readFileSync } from 'node:fs'
import type { AttackListName } from './attack-lists.ts'

/** One statement of a list in test/attack, with the verdict it must get. */
export interface SqlAttackRow {
  readonly group: string
  readonly sql: string
  readonly expect: 'allow' | 'refuse'
  /** The rule that refuses it, where only one should. */
  readonly rule?: string
  /** How many rows an allowed statement gives, where that is fixed. */
  readonly rows?: number
}

/** The rows of `test/attack/NAME.jsonl`, in order. */
export function sqlAttackRows(name: AttackListName | 'sql-files' | 'mysql'): SqlAttackRow[] {
  return readFileSync(new URL(`../../attack/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SqlAttackRow)
}
