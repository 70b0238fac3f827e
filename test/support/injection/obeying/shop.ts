import type { PostgresCluster } from '../../databases/postgres-cluster.ts'
import { badge } from './effects.ts'

/** A shop with reviews that anybody can write, and a table that no question is about. */
const schema = `
  CREATE TABLE products (id integer PRIMARY KEY, name text NOT NULL, price numeric(10,2) NOT NULL);
  CREATE TABLE reviews (id integer PRIMARY KEY, product_id integer REFERENCES products, body text, meta jsonb);
  CREATE TABLE payroll (id integer PRIMARY KEY, employee text NOT NULL, badge text NOT NULL);
  INSERT INTO products VALUES (1, 'Lamp', 47.11), (2, 'Chair', 30.00);
  INSERT INTO reviews SELECT n, 1 + n % 2, 'Fine.', '{}' FROM generate_series(1, 50) AS n;
  INSERT INTO payroll VALUES (1, 'Kim', '${badge}'), (2, 'Ann', '${badge}-2');
  CREATE ROLE reader LOGIN PASSWORD 'harmless';
  GRANT CONNECT ON DATABASE postgres TO reader;
  GRANT SELECT ON products, reviews, payroll TO reader;
  ANALYZE;`

/** What the group may read: payroll too, since what is tested is not the policy of the source. */
export const relations = { products: '*', reviews: '*', payroll: '*' } as const

export async function fillShop(cluster: PostgresCluster): Promise<void> {
  await cluster.execute(schema)
}

export interface Review {
  readonly id: number
  readonly body: string
  readonly meta: string
}

export async function addReviews(cluster: PostgresCluster, reviews: readonly Review[]): Promise<void> {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  const rows = reviews.map(({ id, body, meta }) => `(${id}, 1, ${text(body)}, ${text(meta)})`)
  if (rows.length > 0) await cluster.execute(`INSERT INTO reviews VALUES ${rows.join(', ')}`)
}
