/**
 * DuckDB's syntax tree as `json_serialize_sql` prints it (2.0), as far as statements may use it. A class, a type or a
 * field that is not here is refused: `json_serialize_sql` itself lets INSERT, UPDATE, DELETE and COPY TO through where
 * they stand in WITH, and SHOW, DESCRIBE and SUMMARIZE as tables.
 */
export type Rule =
  | 'expression'
  | 'expression?'
  | 'expressions'
  | 'expression-lists'
  | 'query'
  | 'node'
  | 'node?'
  | 'nodes'
  | 'table'
  | 'modifier'
  | 'modifiers'
  | 'text'
  | 'texts'
  | 'flag'
  | 'number'
  | 'number-lists'
  | 'nothing'
  | `record:${string}`
  | `record?:${string}`
  | `records:${string}`
  | { readonly oneOf: RegExp }

export type Fields = Readonly<Record<string, Rule>>

const word = (words: string): Rule => ({ oneOf: new RegExp(`^(?:${words})$`) })

/** The fields of an expression by its `class`; the key fixes `class` itself, so it is not listed. */
export const expressionFields: Readonly<Record<string, Fields>> = {
  BETWEEN: { type: word('COMPARE_(NOT_)?BETWEEN'), input: 'expression', lower: 'expression', upper: 'expression' },
  CASE: { type: word('CASE_EXPR'), case_checks: 'records:check', else_expr: 'expression?' },
  CAST: { type: word('OPERATOR_CAST'), child: 'expression', try_cast: 'flag', type_expr: 'expression' },
  COLLATE: { type: word('COLLATE'), child: 'expression', collation: { oneOf: /^[a-z_.]{1,40}$/i } },
  COLUMN_REF: { type: word('COLUMN_REF'), column_names: 'texts' },
  COMPARISON: { type: { oneOf: /^COMPARE_[A-Z_]{1,40}$/ }, left: 'expression', right: 'expression' },
  CONJUNCTION: { type: word('CONJUNCTION_AND|CONJUNCTION_OR'), children: 'expressions' },
  CONSTANT: { type: word('VALUE_CONSTANT'), literal: 'record:literal' },
  FUNCTION: {
    type: word('FUNCTION'),
    function_name: 'text',
    schema: 'text',
    catalog: 'text',
    qualified_name: 'record:path',
    filter: 'expression?',
    order_bys: 'modifier',
    distinct: 'flag',
    is_operator: 'flag',
    export_state: 'nothing',
    arguments: 'records:argument',
  },
  LAMBDA: { type: word('LAMBDA'), lhs: 'expression', expr: 'expression', syntax_type: { oneOf: /^[A-Z_]{1,40}$/ } },
  OPERATOR: {
    type: word(
      'ARRAY_EXTRACT|ARRAY_SLICE|ARRAY_CONSTRUCTOR|COMPARE_IN|COMPARE_NOT_IN|GROUPING_FUNCTION|OPERATOR_COALESCE|OPERATOR_IS_NULL|OPERATOR_IS_NOT_NULL|OPERATOR_NOT|OPERATOR_NULLIF|OPERATOR_TRY|STRUCT_EXTRACT',
    ),
    children: 'expressions',
  },
  POSITIONAL_REFERENCE: { type: word('POSITIONAL_REFERENCE'), index: 'number' },
  STAR: {
    type: word('STAR'),
    relation_name: 'text',
    exclude_list: 'texts',
    replace_list: 'records:replacement',
    columns: 'flag',
    expr: 'expression?',
    qualified_exclude_list: 'records:column',
    rename_list: 'records:renaming',
  },
  SUBQUERY: {
    type: word('SUBQUERY'),
    subquery_type: word('ANY|EXISTS|NOT_EXISTS|SCALAR'),
    subquery: 'query',
    child: 'expression?',
    comparison_type: { oneOf: /^(?:INVALID|COMPARE_[A-Z_]{1,40})$/ },
  },
  TYPE: {
    type: word('TYPE'),
    catalog: 'nothing',
    schema: 'nothing',
    type_name: 'text',
    children: 'expressions',
    qualified_name: 'record:path',
  },
  WINDOW: {
    type: { oneOf: /^WINDOW_[A-Z_]{1,40}$/ },
    function_name: 'text',
    schema: 'text',
    catalog: 'text',
    qualified_name: 'record:path',
    partitions: 'expressions',
    orders: 'records:order',
    start: { oneOf: /^[A-Z_]{1,40}$/ },
    end: { oneOf: /^[A-Z_]{1,40}$/ },
    start_expr: 'expression?',
    end_expr: 'expression?',
    offset_expr: 'expression?',
    default_expr: 'expression?',
    ignore_nulls: 'flag',
    has_ignore_nulls: 'flag',
    filter_expr: 'expression?',
    exclude_clause: { oneOf: /^[A-Z_]{1,40}$/ },
    distinct: 'flag',
    arg_orders: 'records:order',
    arguments: 'records:argument',
  },
}

/** By `type`. */
export const nodeFields: Readonly<Record<string, Fields>> = {
  SELECT_NODE: {
    modifiers: 'modifiers',
    select_list: 'expressions',
    from_table: 'table',
    where_clause: 'expression?',
    group_expressions: 'expressions',
    group_sets: 'number-lists',
    aggregate_handling: word('STANDARD_HANDLING|FORCE_AGGREGATES|NO_AGGREGATES_ALLOWED'),
    having: 'expression?',
    sample: 'nothing',
    qualify: 'expression?',
  },
  SET_OPERATION_NODE: {
    modifiers: 'modifiers',
    setop_type: word('UNION|EXCEPT|INTERSECT|UNION_BY_NAME'),
    left: 'node?',
    right: 'node?',
    setop_all: 'flag',
    children: 'nodes',
  },
  RECURSIVE_CTE_NODE: {
    modifiers: 'modifiers',
    cte_name: 'text',
    union_all: 'flag',
    left: 'node',
    right: 'node',
    aliases: 'texts',
    key_targets: 'expressions',
  },
}

/** The fields of what may stand in FROM, by `type`. */
export const tableFields: Readonly<Record<string, Fields>> = {
  BASE_TABLE: {
    alias: 'text',
    sample: 'nothing',
    schema_name: 'text',
    table_name: 'text',
    column_name_alias: 'texts',
    catalog_name: 'text',
    at_clause: 'nothing',
    qualified_name: 'record:path',
  },
  EMPTY: { alias: 'text', sample: 'nothing' },
  EXPRESSION_LIST: {
    alias: 'text',
    sample: 'nothing',
    expected_names: 'texts',
    expected_types: 'nothing',
    values: 'expression-lists',
  },
  JOIN: {
    alias: 'text',
    sample: 'nothing',
    left: 'table',
    right: 'table',
    condition: 'expression?',
    join_type: word('INNER|LEFT|RIGHT|FULL|OUTER|SEMI|ANTI'),
    ref_type: word('REGULAR|NATURAL|CROSS|POSITIONAL|ASOF'),
    using_columns: 'texts',
    delim_flipped: 'nothing',
    duplicate_eliminated_columns: 'nothing',
    is_implicit: 'flag',
    ranking_expression: 'nothing',
    nearest_count: 'number',
    nearest_order_type: word('ASCENDING'),
    nearest_approx: 'nothing',
  },
  SUBQUERY: { alias: 'text', sample: 'nothing', subquery: 'query', column_name_alias: 'texts' },
  TABLE_FUNCTION: {
    alias: 'text',
    sample: 'nothing',
    column_name_alias: 'texts',
    with_ordinality: word('WITHOUT_ORDINALITY|WITH_ORDINALITY'),
  },
  PIVOT: {
    alias: 'text',
    sample: 'nothing',
    source: 'table',
    aggregates: 'expressions',
    unpivot_names: 'texts',
    pivots: 'records:pivot',
    groups: 'texts',
    column_name_alias: 'texts',
    include_nulls: 'flag',
  },
}

/** The fields of what follows a query, by `type`. */
export const modifierFields: Readonly<Record<string, Fields>> = {
  DISTINCT_MODIFIER: { distinct_on_targets: 'expressions' },
  LIMIT_MODIFIER: { limit: 'expression?', offset: 'expression?', limit_type: word('ROW_COUNT|PERCENTAGE') },
  ORDER_MODIFIER: { orders: 'records:order' },
}

/** Parts without a type of their own. */
export const recordFields: Readonly<Record<string, Fields>> = {
  query: { node: 'node', named_param_map: 'nothing' },
  check: { when_expr: 'expression', then_expr: 'expression' },
  argument: { name: 'text', expression: 'expression' },
  order: {
    type: word('ORDER_DEFAULT|ASCENDING|DESCENDING'),
    null_order: { oneOf: /^[A-Z_ ]{1,40}$/ },
    expression: 'expression',
  },
  literal: { kind: { oneOf: /^[A-Z_]{1,40}$/ }, text: 'text' },
  path: { path: 'texts' },
  replacement: { key: 'text', value: 'expression' },
  column: { catalog: 'nothing', schema: 'text', table: 'text', column: 'text' },
  renaming: { key: 'record:column', value: 'text' },
  with: {
    aliases: 'texts',
    materialized: { oneOf: /^CTE_MATERIALIZE_[A-Z]{1,20}$/ },
    key_targets: 'expressions',
    payload_aggregates: 'expressions',
    query_node: 'node',
  },
  pivot: {
    pivot_expressions: 'expressions',
    unpivot_names: 'texts',
    entries: 'records:entry',
    pivot_enum: 'nothing',
  },
  entry: { values: 'nothing', star_expr: 'expression', alias: 'text' },
}
