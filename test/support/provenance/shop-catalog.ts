import type { Catalog, CatalogRelation } from '../../../src/core/catalog.ts'

function table(name: string, columns: string, comment: string | null = null): CatalogRelation {
  const [schema = '', relation = ''] = name.split('.')
  return {
    schema,
    name: relation,
    kind: 'table',
    columns: columns.split(' ').map((column) => ({ name: column, type: 'text', nullable: true, comment: null })),
    comment,
    estimatedRows: null,
  }
}

/** A shop with its staff, as a database would describe it. */
export const shopWithStaff: Catalog = {
  dialect: { name: 'postgresql', major: 17 },
  fingerprint: 'shop',
  schemaStatements: [],
  relations: [
    table('public.customers', 'id name email segment city signed_up_on'),
    table('public.products', 'id name category unit_price'),
    table('public.orders', 'id customer_id ordered_at channel status total'),
    table('public.order_lines', 'order_id product_id quantity unit_price'),
    table('public.staff', 'id name salary hired_on', 'Employees'),
    table('public.staff_reviews', 'id staff_id stars'),
    table('public.fact_salesReturns', 'id order_id reason'),
    table('hr.access_log', 'id at badge'),
    table('hr.T2024', 'id value'),
  ],
  references: [
    ['public.orders', 'public.customers'],
    ['public.order_lines', 'public.orders'],
    ['hr.access_log', 'public.staff'],
  ],
}
