/** Pieces of trees as DuckDB prints them, to be bent out of shape. */
export type Tree = { [field: string]: unknown }

export function column(...names: string[]): Tree {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 7, column_names: names }
}

export function constant(text: string): Tree {
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', literal: { kind: 'INTEGER', text } }
}

export function call(name: string, ...expressions: Tree[]): Tree {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    function_name: name,
    schema: '',
    catalog: '',
    qualified_name: { path: [name] },
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    arguments: expressions.map((expression) => ({ name: '', expression })),
  }
}

export function table(name: string, more: Tree = {}): Tree {
  return {
    type: 'BASE_TABLE',
    alias: '',
    sample: null,
    schema_name: '',
    table_name: name,
    column_name_alias: [],
    catalog_name: '',
    at_clause: null,
    qualified_name: { path: [name] },
    ...more,
  }
}

export function select(list: Tree[], from: Tree, more: Tree = {}): Tree {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: list,
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
    ...more,
  }
}

/** What `json_serialize_sql` answers. */
export function serialized(...nodes: Tree[]): Tree {
  return { error: false, statements: nodes.map((node) => ({ node, named_param_map: [] })) }
}
