/**
 * What a field of a raw syntax tree may hold: `value` a number, text or flag; `node` one node or a list of them;
 * any other word the type of a struct that is printed without its wrapper.
 *
 * The tree of `WITH a AS (…) SELECT 1` is `{ SelectStmt: { withClause: { ctes: [{ CommonTableExpr: … }] }, … } }`: `ctes`
 * holds nodes, each in an object that names its type, while `withClause` is a bare struct and has the kind `WithClause`.
 */
export type FieldKind = 'value' | 'node' | (string & {})

const json = {
  JsonFormat: { format_type: 'value', encoding: 'value' },
  JsonReturning: { format: 'JsonFormat', typid: 'value', typmod: 'value' },
  JsonValueExpr: { raw_expr: 'node', formatted_expr: 'node', format: 'JsonFormat' },
  JsonIsPredicate: { expr: 'node', format: 'JsonFormat', item_type: 'value', unique_keys: 'value' },
  JsonOutput: { typeName: 'TypeName', returning: 'JsonReturning' },
  JsonKeyValue: { key: 'node', value: 'JsonValueExpr' },
  JsonParseExpr: { expr: 'JsonValueExpr', output: 'JsonOutput', unique_keys: 'value' },
  JsonScalarExpr: { expr: 'node', output: 'JsonOutput' },
  JsonSerializeExpr: { expr: 'JsonValueExpr', output: 'JsonOutput' },
  JsonObjectConstructor: { exprs: 'node', output: 'JsonOutput', absent_on_null: 'value', unique: 'value' },
  JsonArrayConstructor: { exprs: 'node', output: 'JsonOutput', absent_on_null: 'value' },
  JsonArrayQueryConstructor: { query: 'node', output: 'JsonOutput', format: 'JsonFormat', absent_on_null: 'value' },
  JsonAggConstructor: { output: 'JsonOutput', agg_filter: 'node', agg_order: 'node', over: 'WindowDef' },
  JsonObjectAgg: {
    constructor: 'JsonAggConstructor',
    arg: 'JsonKeyValue',
    absent_on_null: 'value',
    unique: 'value',
  },
  JsonArrayAgg: { constructor: 'JsonAggConstructor', arg: 'JsonValueExpr', absent_on_null: 'value' },
} as const

const values = {
  Integer: { ival: 'value' },
  Float: { fval: 'value' },
  Boolean: { boolval: 'value' },
  String: { sval: 'value' },
  BitString: { bsval: 'value' },
  List: { items: 'node' },
  A_Const: { ival: 'Integer', fval: 'Float', boolval: 'Boolean', sval: 'String', bsval: 'BitString', isnull: 'value' },
} as const

const expressions = {
  GroupingFunc: { args: 'node' },
  NamedArgExpr: { arg: 'node', name: 'value', argnumber: 'value' },
  BoolExpr: { boolop: 'value', args: 'node' },
  SubLink: { subLinkType: 'value', subLinkId: 'value', testexpr: 'node', operName: 'node', subselect: 'node' },
  CaseExpr: { arg: 'node', args: 'node', defresult: 'node' },
  CaseWhen: { expr: 'node', result: 'node' },
  RowExpr: { args: 'node', row_format: 'value', colnames: 'node' },
  CoalesceExpr: { args: 'node' },
  MinMaxExpr: { op: 'value', args: 'node' },
  SQLValueFunction: { op: 'value', typmod: 'value' },
  NullTest: { arg: 'node', nulltesttype: 'value' },
  BooleanTest: { arg: 'node', booltesttype: 'value' },
  ColumnRef: { fields: 'node' },
  A_Expr: { kind: 'value', name: 'node', lexpr: 'node', rexpr: 'node' },
  TypeName: { names: 'node', typmods: 'node', typemod: 'value', arrayBounds: 'node' },
  TypeCast: { arg: 'node', typeName: 'TypeName' },
  CollateClause: { arg: 'node', collname: 'node' },
  FuncCall: {
    funcname: 'node',
    args: 'node',
    agg_order: 'node',
    agg_filter: 'node',
    over: 'WindowDef',
    agg_within_group: 'value',
    agg_star: 'value',
    agg_distinct: 'value',
    func_variadic: 'value',
    funcformat: 'value',
  },
  A_Star: {},
  A_Indices: { is_slice: 'value', lidx: 'node', uidx: 'node' },
  A_Indirection: { arg: 'node', indirection: 'node' },
  A_ArrayExpr: { elements: 'node' },
} as const

const clauses = {
  Alias: { aliasname: 'value', colnames: 'node' },
  RangeVar: { schemaname: 'value', relname: 'value', inh: 'value', relpersistence: 'value', alias: 'Alias' },
  JoinExpr: {
    jointype: 'value',
    isNatural: 'value',
    larg: 'node',
    rarg: 'node',
    usingClause: 'node',
    join_using_alias: 'Alias',
    quals: 'node',
    alias: 'Alias',
  },
  ResTarget: { name: 'value', val: 'node' },
  SortBy: { node: 'node', sortby_dir: 'value', sortby_nulls: 'value' },
  WindowDef: {
    name: 'value',
    refname: 'value',
    partitionClause: 'node',
    orderClause: 'node',
    frameOptions: 'value',
    startOffset: 'node',
    endOffset: 'node',
  },
  RangeSubselect: { lateral: 'value', subquery: 'node', alias: 'Alias' },
  RangeFunction: {
    lateral: 'value',
    ordinality: 'value',
    is_rowsfrom: 'value',
    functions: 'node',
    alias: 'Alias',
    coldeflist: 'node',
  },
  RangeTableSample: { relation: 'node', method: 'node', args: 'node', repeatable: 'node' },
  ColumnDef: { colname: 'value', typeName: 'TypeName', is_local: 'value' },
  GroupingSet: { kind: 'value', content: 'node' },
  WithClause: { ctes: 'node', recursive: 'value' },
  CTESearchClause: { search_col_list: 'node', search_breadth_first: 'value', search_seq_column: 'value' },
  CTECycleClause: {
    cycle_col_list: 'node',
    cycle_mark_column: 'value',
    cycle_mark_value: 'node',
    cycle_mark_default: 'node',
    cycle_path_column: 'value',
  },
  CommonTableExpr: {
    ctename: 'value',
    aliascolnames: 'node',
    ctematerialized: 'value',
    ctequery: 'node',
    search_clause: 'CTESearchClause',
    cycle_clause: 'CTECycleClause',
  },
  SelectStmt: {
    distinctClause: 'node',
    targetList: 'node',
    fromClause: 'node',
    whereClause: 'node',
    groupClause: 'node',
    groupDistinct: 'value',
    havingClause: 'node',
    windowClause: 'node',
    valuesLists: 'node',
    sortClause: 'node',
    limitOffset: 'node',
    limitCount: 'node',
    limitOption: 'value',
    withClause: 'WithClause',
    op: 'value',
    all: 'value',
    larg: 'SelectStmt',
    rarg: 'SelectStmt',
  },
} as const

/** Every node type that may stand in a statement, with every field it may have there. What is not here is denied. */
export const allowedNodes: Readonly<Record<string, Readonly<Record<string, FieldKind>>>> = {
  ...values,
  ...expressions,
  ...clauses,
  ...json,
}

/** Fields of allowed nodes that are denied, with the reason a reader of the refusal gets. */
export const deniedFields: Readonly<Record<string, string>> = {
  'SelectStmt.intoClause': 'SELECT INTO makes a table; only reading is allowed. Leave INTO out.',
  'SelectStmt.lockingClause': 'FOR UPDATE and FOR SHARE lock rows; only reading is allowed. Leave the clause out.',
  'RangeVar.catalogname': 'Names of other databases are not allowed. Write schema.table or table.',
  'TypeName.setof': 'SETOF is not allowed in a type here.',
  'TypeName.pct_type': '%TYPE is not allowed. Name the type.',
  'SortBy.useOp': 'ORDER BY … USING an operator is not allowed. Use ASC or DESC.',
  'ResTarget.indirection': 'Assignments to parts of a column are not allowed.',
}
