/**
 * The sample shop: a made-up mail-order business of garden, kitchen and outdoor goods. Everything in it is invented;
 * the generator in this folder fills it, the same rows every time.
 *
 * | table | rows (about) | holds |
 * |---|---|---|
 * | customers | 4,000 | people: names, e-mails, phones, card numbers (invented, pass Luhn) |
 * | products | 160 | articles in 8 categories |
 * | orders | 48,000 | 2023-01-01 to 2025-12-31 (UTC), growing, with a peak before Christmas |
 * | order_lines | 126,000 | what was bought, at the price of the day |
 * | refunds | 2,300 | money given back, with a reason |
 * | reviews | 7,500 | stars and free text, some with personal data in it |
 * | staff_salaries | 24 | not allowed by the sample policy, so that refusals can be seen |
 * | monthly_revenue (view) | 36 | revenue per month |
 */
export const sampleTables = [
  'customers',
  'products',
  'orders',
  'order_lines',
  'refunds',
  'reviews',
  'staff_salaries',
] as const

export type SampleTable = (typeof sampleTables)[number]

/** Relations the sample policy allows, all columns of each. `public.staff_salaries` is left out on purpose. */
export const sampleAllowedRelations: readonly string[] = [
  'public.customers',
  'public.monthly_revenue',
  'public.order_lines',
  'public.orders',
  'public.products',
  'public.refunds',
  'public.reviews',
]

/** First and last day (inclusive, UTC) on which an order can have been placed. */
export const sampleFirstDay = '2023-01-01'
export const sampleLastDay = '2025-12-31'

/** Tables, run before the rows are loaded. */
export const sampleTableStatements: readonly string[] = [
  `CREATE TABLE customers (
    id integer PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    card_number text NOT NULL,
    address text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    segment text NOT NULL,
    signed_up_on date NOT NULL
  )`,
  `CREATE TABLE products (
    id integer PRIMARY KEY,
    name text NOT NULL,
    category text NOT NULL,
    unit_price numeric(10,2) NOT NULL,
    unit_cost numeric(10,2) NOT NULL,
    weight_kg numeric(6,2) NOT NULL,
    launched_on date NOT NULL,
    discontinued boolean NOT NULL
  )`,
  `CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id),
    ordered_at timestamp with time zone NOT NULL,
    channel text NOT NULL,
    status text NOT NULL,
    shipping_fee numeric(8,2) NOT NULL,
    total numeric(12,2) NOT NULL
  )`,
  `CREATE TABLE order_lines (
    order_id integer NOT NULL REFERENCES orders (id),
    line_number smallint NOT NULL,
    product_id integer NOT NULL REFERENCES products (id),
    quantity smallint NOT NULL,
    unit_price numeric(10,2) NOT NULL,
    discount_percent smallint NOT NULL,
    line_total numeric(12,2) NOT NULL,
    PRIMARY KEY (order_id, line_number)
  )`,
  `CREATE TABLE refunds (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders (id),
    refunded_at timestamp with time zone NOT NULL,
    amount numeric(12,2) NOT NULL,
    reason text NOT NULL
  )`,
  `CREATE TABLE reviews (
    id integer PRIMARY KEY,
    product_id integer NOT NULL REFERENCES products (id),
    customer_id integer NOT NULL REFERENCES customers (id),
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title text NOT NULL,
    body text NOT NULL,
    written_at timestamp with time zone NOT NULL
  )`,
  `CREATE TABLE staff_salaries (
    id integer PRIMARY KEY,
    name text NOT NULL,
    position text NOT NULL,
    annual_salary_eur numeric(10,2) NOT NULL
  )`,
  `CREATE VIEW monthly_revenue AS
    SELECT date_trunc('month', o.ordered_at AT TIME ZONE 'UTC')::date AS month,
           count(*) AS orders,
           sum(o.total) AS revenue
    FROM orders o
    WHERE o.status <> 'cancelled'
    GROUP BY 1`,
]

/** Indexes, statistics and comments, run after the rows are loaded. */
export const sampleIndexStatements: readonly string[] = [
  'CREATE INDEX orders_customer_id ON orders (customer_id)',
  'CREATE INDEX orders_ordered_at ON orders (ordered_at)',
  'CREATE INDEX order_lines_product_id ON order_lines (product_id)',
  'CREATE INDEX refunds_order_id ON refunds (order_id)',
  'CREATE INDEX reviews_product_id ON reviews (product_id)',
]

/** What the tables and columns mean, as `describe_data` shows it. Key: `table` or `table.column`. */
export const sampleComments: Readonly<Record<string, string>> = {
  customers: 'People who have an account. All of them are invented.',
  'customers.email': 'Personal data',
  'customers.phone': 'Personal data, international format',
  'customers.card_number': 'Personal data: the card last used (invented, passes the Luhn check)',
  'customers.address': 'Personal data: street and number',
  'customers.country': 'ISO 3166-1 alpha-2 code: DE, FR, NL, AT, GB, ES, IT or SE',
  'customers.segment': "'consumer', 'business' or 'school'",
  'customers.signed_up_on': 'Never later than the first order',
  products: 'Articles that are or were on sale',
  'products.category': "One of 8, e.g. 'Garden', 'Kitchen', 'Camping'",
  'products.unit_price': 'List price of today in EUR; order_lines holds the price that was paid',
  'products.unit_cost': 'Purchase price in EUR',
  'products.weight_kg': 'Kilograms with packaging',
  orders: 'Orders from 2023-01-01 to 2025-12-31',
  'orders.ordered_at': 'When the order was placed',
  'orders.channel': "'web', 'app', 'phone' or 'store'",
  'orders.status': "'completed', 'shipped', 'cancelled' or 'refunded' (at least one refund)",
  'orders.shipping_fee': 'EUR, part of total',
  'orders.total': 'EUR: the sum of line_total over the lines plus shipping_fee',
  order_lines: 'What was bought: one row per article of an order',
  'order_lines.line_number': 'Counts from 1 within an order',
  'order_lines.unit_price': 'EUR, list price on the day of the order',
  'order_lines.discount_percent': 'Whole percent taken off the line, 0 to 30',
  'order_lines.line_total': 'EUR: quantity * unit_price, less the discount',
  refunds: 'Money given back; an order can have several',
  'refunds.amount': 'EUR',
  'refunds.reason': "'damaged', 'late', 'wrong article', 'changed mind' or 'defective'",
  reviews: 'What customers wrote about articles they bought',
  'reviews.rating': '1 (bad) to 5 (good)',
  'reviews.body': 'Free text as it was typed: can hold personal data',
  staff_salaries: 'Pay of the staff: not for analysis',
  monthly_revenue: 'Revenue and number of orders per calendar month (UTC), cancelled orders left out',
}

/** `COMMENT ON` statements for all of `sampleComments`. */
export function sampleCommentStatements(): string[] {
  return Object.entries(sampleComments).map(([key, text]) => {
    const kind = key.includes('.') ? 'COLUMN' : key === 'monthly_revenue' ? 'VIEW' : 'TABLE'
    return `COMMENT ON ${kind} ${key} IS '${text.replaceAll("'", "''")}'`
  })
}
