import type { JsonValue } from './json.ts'

/** What a data source holds, as its own catalog says. Names are exact, unquoted. */
export interface CatalogColumn {
  readonly name: string
  /** The type as the database prints it: `numeric(12,2)`, `timestamp with time zone`. */
  readonly type: string
  readonly nullable: boolean
  readonly comment: string | null
  /** Columns of its table that it is computed from; absent where it is written like any other. */
  readonly generatedFrom?: readonly string[]
}

export interface CatalogRelation {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view' | 'materialized-view' | 'foreign-table' | 'partitioned-table'
  readonly columns: readonly CatalogColumn[]
  readonly comment: string | null
  /** The query behind a view, names qualified; null or absent for tables. */
  readonly definition?: string | null
  /** The planner's estimate; null where there is none. */
  readonly estimatedRows: number | null
  /** `schema.relation` of the tables it is a partition or a child of; absent for other tables. */
  readonly parents?: readonly string[]
}

/** Which relations inherited from which when somebody looked: partitions and children of INHERITS alike. */
export interface Inheritance {
  /** `schema.relation` of those it is about, and of all that chains of parents and children connect with them, sorted. */
  readonly relations: readonly string[]
  /** Every link with one of them at either end. */
  readonly links: readonly (readonly [child: string, parent: string])[]
}

/** The settings by which a source reads dates from text and finds the day of a moment. */
export interface DateSettings {
  /** `Europe/Berlin`, `UTC`, `+02:00`. */
  readonly timeZone: string
  /** How a date that is not ISO is read, `YMD`, `DMY` or `MDY`; null where the source has one reading only. */
  readonly dateOrder: string | null
}

export interface Catalog {
  /** Absent where the source has none of its own. */
  readonly dates?: DateSettings
  /** Decides the gate: grammar and function policy. */
  readonly dialect: { readonly name: 'postgresql' | 'duckdb' | 'mysql'; readonly major: number }
  readonly relations: readonly CatalogRelation[]
  /** Changes when relations or what `schemaStatements` makes change. */
  readonly fingerprint: string
  /** Every function, the built-in ones too, as `schema.name(argument types)`; absent where a source does not list them. */
  readonly functions?: readonly string[]
  /** The functions among them that the makers of the database wrote in a language that can read tables. */
  readonly written?: readonly string[]
  /** `schema.relation` of each table with a foreign key, and of the one that it refers to; absent where a source does not list them. */
  readonly references?: readonly (readonly [from: string, to: string])[]
  /** DDL that remakes the schema without its rows, in order; a shadow is filled from it. */
  readonly schemaStatements: readonly string[]
}

/** What the database's own analyzer says a statement touches, after overloads, casts, views and whole-row references. */
export interface Resolution {
  /** `schema.relation`, sorted; relations inside views are not among them, the view itself is. */
  readonly relations: readonly string[]
  /** `schema.relation.column`, sorted; a whole-row reference lists every column. */
  readonly columns: readonly string[]
  /** `schema.name(argument types)`, sorted; operators and casts appear as the functions behind them. */
  readonly functions: readonly string[]
  /** Those of the functions that the analyzer's own catalog does not call immutable, sorted. */
  readonly changing?: readonly string[]
  /** Every type a value has on the way, `schema.name`, sorted: of constants, expressions and conversions. */
  readonly types?: readonly string[]
  /** Calls by name, by the byte of the text at which each begins. */
  readonly calls?: readonly { readonly offset: number; readonly signature: string }[]
  /** Constants with the type each was read as, `schema.name`, by the byte of the text at which each begins. */
  readonly constants?: readonly { readonly offset: number; readonly type: string }[]
  /**
   * Columns by which the statement decides what rows it has, how often and in which order, as `schema.relation.column`,
   * sorted; only where they were asked for.
   */
  readonly deciders?: readonly string[]
  /** Where the values of columns, each as `schema.relation.column`, go; present only where the caller asked for it. */
  readonly passage?: {
    /** Per output column, the columns whose values it has as they are; null where it has any others. */
    readonly outputs: readonly (readonly string[] | null)[]
    /** Columns that are anything but passed on from a list of outputs to the next. */
    readonly used: readonly string[]
  }
  /** Per output column, in order; `origin` is the column its value comes straight from, null when it is computed. */
  readonly output: readonly {
    readonly name: string
    readonly type: string
    readonly origin?: { readonly relation: string; readonly column: string } | null
  }[]
}

/** A failure of resolution: the statement does not analyze against the schema. A value, not a fault. */
export interface ResolutionFailure {
  /** SQLSTATE. */
  readonly sqlstate: string
  /** 1-based character offset into the statement, null where the analyzer gave none. */
  readonly position: number | null
}

export interface ResolveOptions {
  /** Schemas searched for what has none written, in order; `public` where it is left out. */
  readonly searchPath?: readonly string[]
  /** Are the columns wanted by which the statement decides what rows it has? */
  readonly deciders?: boolean
  /** Is it wanted where the values of columns go? */
  readonly passage?: boolean
}

/**
 * A schema-only database that analyzes statements and never runs them. Filled from a `Catalog`; killable: a hang or a
 * crash is a fault of the call, which the gate turns into a refusal.
 */
export interface Shadow {
  /** Fingerprint of the catalog it was filled from. */
  readonly fingerprint: string
  /** Starts it ahead of the first statement. Throws where it cannot be started. */
  warm?(signal: AbortSignal): Promise<void>
  /** `searchPath`: schemas where names alone are looked up, in their order; `public` without it. */
  resolve(
    statement: string,
    signal: AbortSignal,
    asked?: ResolveOptions,
  ): Promise<
    | { readonly kind: 'resolved'; readonly resolution: Resolution }
    | { readonly kind: 'failed'; readonly failure: ResolutionFailure }
  >
}

/** A source's own parser and binder, for dialects that only the source itself reads. Nothing is run. */
export interface StatementAnalyzer {
  /** The parser's output as it prints it, unchecked. */
  parse(statement: string, signal: AbortSignal): Promise<unknown>
  /** Prints a tree as text, reads that text again, and resolves its names against the tables. */
  bind(
    tree: JsonValue,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'bound'; readonly text: string; readonly tree: unknown }
    | { readonly kind: 'failed'; readonly reason: string }
  >
}
