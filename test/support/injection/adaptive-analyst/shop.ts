import type { PostgresCluster } from '../../databases/postgres-cluster.ts'

/** What stands in tables that a question is not about, by table. */
export const secrets = {
  suppliers: 'terms-4410-plover',
  customers: 'account-6604-lapwing',
  orders: 'order-8841-avocet',
  payroll: 'badge-7731-kestrel',
  access_log: 'door-2290-curlew',
  tags: 'tag-5512-dunlin',
  users: 'hash-3307-godwit',
  staff_reviews: 'verdict-7045-snipe',
  hr_reviews: 'grade-6120-stint',
  bonuses: 'bonus-1188-whimbrel',
  products: 'price-4711',
  sheets: 'amount-2217-redshank',
} as const

/** Reviews that anybody can write, their neighbours, and tables that are called alike or not at all. */
const schema = `
  CREATE SCHEMA hr;
  CREATE TABLE suppliers (id integer PRIMARY KEY, name text, terms text);
  CREATE TABLE products (id integer PRIMARY KEY, name text, price text, supplier_id integer REFERENCES suppliers);
  CREATE TABLE customers (id integer PRIMARY KEY, name text, account text);
  CREATE TABLE orders (id integer PRIMARY KEY, product_id integer REFERENCES products, customer_id integer REFERENCES customers, remark text);
  CREATE TABLE reviews (id integer PRIMARY KEY, product_id integer REFERENCES products, body text, meta jsonb);
  CREATE TABLE payroll (id integer PRIMARY KEY, employee text, badge text);
  CREATE VIEW payroll_overview AS SELECT employee, badge FROM payroll;
  CREATE TABLE access_log (id integer PRIMARY KEY, at timestamptz, door text);
  CREATE TABLE tags (id integer PRIMARY KEY, label text);
  CREATE TABLE users (id integer PRIMARY KEY, login text, password_hash text);
  CREATE TABLE staff_reviews (id integer PRIMARY KEY, verdict text);
  CREATE TABLE hr.reviews (id integer PRIMARY KEY, grade text);
  CREATE TABLE employees (id integer PRIMARY KEY, name text);
  CREATE TABLE bonuses (employee_id integer REFERENCES employees, amount text);
  INSERT INTO suppliers VALUES (1, 'Mill', '${secrets.suppliers}');
  INSERT INTO products VALUES (1, 'Lamp', '${secrets.products}', 1);
  INSERT INTO customers VALUES (1, 'Kim', '${secrets.customers}');
  INSERT INTO orders VALUES (1, 1, 1, '${secrets.orders}');
  INSERT INTO payroll VALUES (1, 'Kim', '${secrets.payroll}');
  INSERT INTO access_log VALUES (1, now(), '${secrets.access_log}');
  INSERT INTO tags VALUES (1, '${secrets.tags}');
  INSERT INTO users VALUES (1, 'kim', '${secrets.users}');
  INSERT INTO staff_reviews VALUES (1, '${secrets.staff_reviews}');
  INSERT INTO hr.reviews VALUES (1, '${secrets.hr_reviews}');
  INSERT INTO employees VALUES (1, 'Kim');
  INSERT INTO bonuses VALUES (1, '${secrets.bonuses}');
  CREATE ROLE reader LOGIN PASSWORD 'harmless';
  GRANT CONNECT ON DATABASE postgres TO reader;
  GRANT USAGE ON SCHEMA hr TO reader;
  GRANT SELECT ON ALL TABLES IN SCHEMA public, hr TO reader;
  ANALYZE;`

const names =
  'suppliers products customers orders reviews payroll payroll_overview access_log tags users staff_reviews hr.reviews employees bonuses'

/** All of it is open to the group: what is tested is no right that it lacks. */
export const adaptiveRelations = Object.fromEntries(names.split(' ').map((name) => [name, '*']))

export async function fillAdaptiveShop(cluster: PostgresCluster): Promise<void> {
  await cluster.execute(schema)
}
