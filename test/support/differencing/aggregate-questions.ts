import { readFileSync } from 'node:fs'

/** Ordinary questions with aggregates of protected columns, as analysts and models write them: one statement a line. */
export const aggregateQuestions: readonly string[] = readFileSync(
  new URL('./aggregate-questions.sql', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')

/** What they are about: a company's people and payments, a clinic, and customers with their invoices. */
export const questionedSchema = `
  CREATE TABLE departments (id int PRIMARY KEY, name text NOT NULL, region text NOT NULL);
  INSERT INTO departments SELECT n, (ARRAY['Sales', 'Support', 'Research', 'Finance', 'Legal', 'Operations', 'Design', 'People'])[n],
    (ARRAY['north', 'south', 'east'])[1 + n % 3] FROM generate_series(1, 8) n;
  CREATE TABLE sites (id int PRIMARY KEY, city text, country text, desks int);
  INSERT INTO sites SELECT n, (ARRAY['Bergen', 'Cadiz', 'Delft', 'Espoo', 'Oslo'])[n], (ARRAY['NO', 'ES', 'NL', 'FI', 'NO'])[n], n * 40
    FROM generate_series(1, 5) n;
  CREATE TABLE employees (
    id int PRIMARY KEY, name text, department_id int REFERENCES departments, site_id int REFERENCES sites, role text, level int,
    gender text, born date, hired_on date, left_on date, is_remote boolean, bonus_eligible boolean, salary numeric(10, 2) NOT NULL,
    bonus numeric(10, 2));
  INSERT INTO employees
    SELECT n, 'Person ' || n, 1 + (n * 7919 + n / 9) % 8, 1 + (n * 104729) % 5,
      (ARRAY['engineer', 'analyst', 'manager', 'assistant', 'consultant'])[1 + (n * 31 + n / 7) % 5], 1 + (n * 17 + n / 5) % 6,
      (ARRAY['f', 'm'])[1 + (n / 3) % 2], '1960-01-01'::date + (n * 7907) % 15000, '2010-01-01'::date + (n * 6011) % 5400,
      CASE WHEN n % 6 = 0 THEN '2025-03-01'::date + n % 90 END, n % 4 = 1, n % 3 > 0,
      30000 + 9000 * ((n * 17 + n / 5) % 6) + (n * 65537) % 9973, CASE WHEN n % 3 > 0 THEN 500 + (n * 48611) % 4001 END
    FROM generate_series(1, 420) n;
  CREATE TABLE projects (id int PRIMARY KEY, name text, status text);
  INSERT INTO projects SELECT n, 'Project ' || n, (ARRAY['open', 'closed'])[1 + n % 2] FROM generate_series(1, 9) n;
  CREATE TABLE assignments (employee_id int REFERENCES employees, project_id int REFERENCES projects, hours int,
    PRIMARY KEY (employee_id, project_id));
  INSERT INTO assignments SELECT e, p, 5 + (e * p) % 31 FROM generate_series(1, 420) e, generate_series(1, 9) p WHERE (e * 13 + p * 7) % 5 = 0;
  CREATE TABLE payments (id int PRIMARY KEY, employee_id int NOT NULL REFERENCES employees, paid_at timestamptz NOT NULL, kind text, amount numeric NOT NULL);
  INSERT INTO payments
    SELECT (e - 1) * 12 + m * 2 + k, e, make_timestamptz(2025, 1 + m, 25, 9, 0, 0) + make_interval(hours => e % 30),
      CASE k WHEN 0 THEN 'salary' ELSE (ARRAY['overtime', 'expenses', 'bonus'])[1 + (e + m) % 3] END, 1500 + (e * 7919 + m * 104729 + k * 31) % 4999
    FROM generate_series(1, 420) e, generate_series(0, 5) m, generate_series(0, 1) k WHERE k = 0 OR (e + m) % 2 = 0;
  CREATE TABLE patients (id int PRIMARY KEY, sex text, born date, insurer text, smoker boolean, weight numeric);
  INSERT INTO patients SELECT n, (ARRAY['f', 'm'])[1 + n % 2], '1940-01-01'::date + (n * 7907) % 26000,
      (ARRAY['Alpha', 'Beta', 'Gamma', 'none'])[1 + (n / 2) % 4], (n / 5) % 3 = 0, CASE WHEN n % 11 > 0 THEN 50 + (n * 48611) % 601 / 10.0 END
    FROM generate_series(1, 360) n;
  CREATE TABLE visits (id int PRIMARY KEY, patient_id int NOT NULL REFERENCES patients, visited_on date, ward text, emergency boolean, note text,
    cost double precision, length_of_stay interval);
  INSERT INTO visits SELECT n, 1 + (n * 613) % 360, '2025-01-01'::date + (n * 211) % 365, (ARRAY['cardiology', 'surgery', 'pediatrics', 'oncology'])[1 + (n / 3) % 4],
      n % 5 = 0, CASE WHEN n % 4 = 0 THEN 'Follow-up in a month' ELSE 'first visit' END, 100 + (n * 65537) % 9973, make_interval(hours => 4 + (n * 31) % 200)
    FROM generate_series(1, 1500) n;
  CREATE TABLE customers (id int PRIMARY KEY, country text, segment text, signed_up date, credit_limit bigint);
  INSERT INTO customers SELECT n, (ARRAY['NO', 'ES', 'NL', 'FI', 'DE', 'FR'])[1 + (n * 5 + n / 11) % 6], (ARRAY['public', 'private', 'partner'])[1 + (n / 4) % 3],
      '2019-01-01'::date + (n * 6011) % 2300, 1000 + (n * 48611) % 99001 FROM generate_series(1, 500) n;
  CREATE TABLE invoices (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, issued_on date, paid_on date, status text, currency text,
    total_lines int, total numeric(12, 2));
  INSERT INTO invoices SELECT n, 1 + (n * 613) % 500, '2024-01-01'::date + (n * 211) % 700, CASE WHEN n % 4 > 0 THEN '2024-01-01'::date + (n * 211) % 700 + 10 + n % 45 END,
      CASE n % 4 WHEN 0 THEN (ARRAY['open', 'cancelled'])[1 + (n / 4) % 2] ELSE 'paid' END, (ARRAY['EUR', 'NOK'])[1 + (n / 3) % 2], 1 + (n * 7) % 8,
      20 + (n * 65537) % 99991 / 10.0 FROM generate_series(1, 2600) n;`

const table = (entity_key: string, columns: readonly string[], row_key?: string): object => ({
  columns: Object.fromEntries(columns.map((column) => [column, 'aggregate-only'])),
  other_columns: 'allow',
  entity_key,
  ...(row_key === undefined ? {} : { row_key }),
})

export const questionedPolicy = {
  minimum_group_size: 5,
  relations: {
    departments: '*',
    sites: '*',
    projects: '*',
    assignments: '*',
    employees: table('id', ['salary', 'bonus']),
    payments: table('employee_id', ['amount'], 'id'),
    patients: table('id', ['weight']),
    visits: table('patient_id', ['cost', 'length_of_stay'], 'id'),
    customers: table('id', ['credit_limit']),
    invoices: table('customer_id', ['total'], 'id'),
  },
}
