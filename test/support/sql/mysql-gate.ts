import type { Catalog } from '../../../src/core/catalog.ts'
import { bindPolicy } from '../../../src/validators/sql/bind-policy.ts'
import { examineMysql, type MysqlExamination } from '../../../src/validators/sql/mysql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../src/validators/sql/options.ts'

/** The policy of the attack corpus: a masked column, a denied one, and tables that are not named. */
export const shopPolicy = {
  search_path: ['shop'],
  relations: {
    orders: '*',
    order_lines: '*',
    big_orders: '*',
    customers: { columns: { email: { mask: 'partial' }, phone: 'deny' }, other_columns: 'allow' },
  },
}

const tables: Readonly<Record<string, readonly string[]>> = {
  customers: ['id', 'name', 'email', 'phone', 'country', 'joined'],
  orders: ['id', 'customer_id', 'placed_at', 'total', 'status', 'note'],
  order_lines: ['order_id', 'line', 'product', 'quantity', 'price'],
  secrets: ['id', 'token', 'name'],
  hits: ['n'],
  customer_cards: ['id', 'token'],
  big_orders: ['id', 'total'],
}

/** As the servers keep them. */
const definitions: Readonly<Record<string, string>> = {
  big_orders:
    'select `shop`.`orders`.`id` AS `id`,`shop`.`orders`.`total` AS `total` from `shop`.`orders` where `shop`.`orders`.`total` > 200',
}

/** The types of columns that are not integers. */
const types: Readonly<Record<string, string>> = {
  placed_at: 'datetime',
  joined: 'date',
  name: 'varchar(60)',
  email: 'varchar(60)',
  phone: 'varchar(30)',
  country: 'char(2)',
  product: 'varchar(60)',
  token: 'varchar(60)',
  total: 'decimal(12,2)',
  price: 'decimal(10,2)',
  note: 'text',
  status: 'varchar(20)',
}

/** A catalog with the given tables in one schema. */
export function mysqlCatalog(schema: string, relations: Readonly<Record<string, readonly string[]>>): Catalog {
  return {
    dialect: { name: 'mysql', major: 10 },
    fingerprint: schema,
    schemaStatements: [],
    relations: Object.entries(relations).map(([name, columns]) => ({
      schema,
      name,
      kind: name === 'big_orders' || name === 'customer_cards' ? ('view' as const) : ('table' as const),
      columns: columns.map((column) => ({ name: column, type: types[column] ?? 'int', nullable: true, comment: null })),
      comment: null,
      estimatedRows: null,
      definition: definitions[name] ?? null,
    })),
  }
}

export const shopCatalog = mysqlCatalog('shop', tables)

/** The steps that need no database, under the corpus's policy or another one. */
export function examineShop(
  sql: string,
  policy: object = shopPolicy,
  catalog: Catalog = shopCatalog,
): MysqlExamination {
  const bound = bindPolicy(sqlPolicyOptions.parse(policy), catalog)
  return examineMysql(sql, { dialect: 'mysql', policy: bound, options: sqlGateOptions.parse({}) })
}
