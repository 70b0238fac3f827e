import type { SandboxLanguage } from './languages.ts'
import type { Inheritance } from './catalog.ts'

/** Languages a validator knows. */
export type Language = SandboxLanguage | 'sql'

/** Facts a validator proved about a source, per language. */
export interface VettedFacts {
  readonly python: object
  readonly javascript: object
  readonly shell: object
  readonly sql: {
    /** Data source the statement was vetted for; another source must not run it. */
    readonly source: string
    /** Every relation the statement touches, schema-qualified (`public.orders`), sorted. */
    readonly relations: readonly string[]
    /** Every column the statement touches (`public.orders.id`), sorted. */
    readonly columns: readonly string[]
    /** Every function by signature as the database's analyzer resolved it (`pg_catalog.sum(numeric)`), sorted. */
    readonly functions: readonly string[]
    /** Row limit written into the canonical text: the policy's limit plus one, so that truncation is exact. */
    readonly rowLimit: number
    /** What the policy lets an answer take at most, beside what the service allows any. */
    readonly maximumBytes?: number
    readonly timeoutMilliseconds?: number
    /**
     * Output columns whose values must be masked before anybody sees them, by 0-based position. A result column that
     * the database reports to come from one of these table columns is masked too, wherever it stands.
     */
    readonly masks?: readonly { position: number; relation: string; column: string; how: string }[]
    /**
     * How relations inherited from one another of which the policy restricts a column. Rules and ledgers follow rows by it, so
     * a database that runs the statement gives no answer where they do so otherwise by then. Absent where nothing is restricted.
     */
    readonly inheritance?: Inheritance
    /**
     * Groups about which the statement answers with aggregate-only columns. A database that runs it first reads the rows
     * behind them, in the transaction of the statement and one snapshot, and has a ledger admit them for `group`; absent where there are none.
     */
    readonly audit?: {
      /** Group of callers whose answers are put together. */
      readonly group: string
      /** Fewest entities that any combination of answers may tell about. */
      readonly minimum: number
      readonly sets: readonly {
        readonly relation: string
        /** Relations of one tree, whose rows are rows of one ledger, and the columns that number them. */
        readonly ledger?: { readonly relations: readonly string[]; readonly columns: readonly string[] }
        readonly text: string
        readonly byRow: boolean
      }[]
    }
  }
}

declare const brand: unique symbol

/**
 * Source that a validator accepted, and the only thing a sandbox or a database runs. Only `validators/vet.ts` makes
 * one (held by the architecture test); `text` is what runs, which for SQL is the canonical text, not what was sent.
 */
export type Vetted<L extends Language> = VettedFacts[L] & {
  readonly language: L
  readonly text: string
  readonly [brand]: L
}
