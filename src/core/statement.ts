import type { ColumnMask } from './column-masks.ts'
import type { DateSettings } from './catalog.ts'
import type { JsonValue } from './json.ts'
import type { Finding, Verdict } from './verdict.ts'

/** Rows of a query, values as JSON keeps them. */
export interface StatementRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Of each column, why its values are not what the data holds; absent where they were not screened. */
  readonly masks?: readonly (ColumnMask | null)[]
  readonly truncated: null | 'rows' | 'bytes'
  /** When the data was read. */
  readonly asOf: Date
  /** How far behind its primary the server was; null where that is not known. */
  readonly lagMilliseconds: number | null
  /** Is the lag derived from what was replayed, instead of measured by a heartbeat? */
  readonly lagEstimated: boolean
  /** Absent where the source has none of its own. */
  readonly dates?: DateSettings
  readonly milliseconds: number
  /** The sandbox it ran in, for people: `gVisor (runsc)`; absent where it ran in none. */
  readonly sandbox?: string
  /** What a filter replaced or cut, once the rows were screened. */
  readonly findings?: readonly Finding[]
}

/** What a statement that somebody sent came to. */
export type StatementAnswer =
  | {
      readonly kind: 'result'
      readonly result: StatementRows
      readonly source: string
      /** `shop (pglite)` */
      readonly ranIn: string
      /** The text that ran; null where policy does not show it. */
      readonly canonical: string | null
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** What the gate resolved of a statement it accepts. Lists are sorted. */
export interface StatementFacts {
  readonly relations: readonly string[]
  readonly columns: readonly string[]
  readonly functions: readonly string[]
  /** The only text that would run; null where policy does not show it. */
  readonly canonical: string | null
  /** Output columns that leave masked, by 0-based position. */
  readonly masks: readonly {
    readonly position: number
    readonly relation: string
    readonly column: string
    readonly how: string
  }[]
  /** Rows an answer may hold. */
  readonly rowLimit: number
}

export type StatementVerdict = Verdict<StatementFacts>

/** The verdict with what the planner expects: cost in its own units, and rows; null where the source cannot tell. */
export type StatementExplanation = Verdict<
  StatementFacts & { readonly estimate: { readonly cost: number; readonly rows: number } | null }
>

/** What a group may see of a data source. Denied columns and relations are not there. */
export interface SourceDescription {
  readonly source: string
  /** `pglite`, `postgresql`, … */
  readonly kind: string
  readonly group: string
  readonly rowLimit: number
  /** Fewest distinct entities in a group that shows an aggregate-only column. */
  readonly minimumGroupSize: number
  /** Functions beside the built-in list, by signature. */
  readonly functions: readonly string[]
  readonly relations: readonly DescribedRelation[]
  /** Absent where the source has none of its own. */
  readonly dates?: DateSettings
}

/** How fresh the data of a source is. */
export interface SourceFreshness extends Pick<StatementRows, 'lagMilliseconds' | 'lagEstimated'> {
  /** When the source was asked. */
  readonly asOf: Date
}

export interface DescribedRelation {
  /** `schema.name` */
  readonly name: string
  readonly kind: string
  readonly comment: string | null
  /** The planner's estimate; null where there is none. */
  readonly estimatedRows: number | null
  /** Column that counts as one entity in group sizes. */
  readonly entityKey: string | null
  readonly columns: readonly DescribedColumn[]
}

export interface DescribedColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly comment: string | null
  readonly use: 'allow' | 'mask' | 'aggregate-only'
  /** How its values leave where `use` is `mask`. */
  readonly mask: string | null
}

/** What the planner expects of a statement. */
export interface PlanEstimate {
  /** In the planner's own units. */
  readonly cost: number
  readonly rows: number
  /** `schema.relation` of what the plan reads, sorted; the tables behind the statement's own views are left out. */
  readonly relations: readonly string[]
}
