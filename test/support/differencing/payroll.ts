import { createRandom } from '../random.ts'

/** One person of the table: everything but the pay is known to everybody. */
export interface Employee {
  readonly id: number
  readonly team: string
  readonly site: string
  readonly level: number
  readonly born: number
  readonly pay: number
}

const sites = ['Bergen', 'Cadiz', 'Delft', 'Espoo']

/** People with secrets. The last three are a team of their own. Pay says nothing but through level and chance. */
export function makeEmployees(count: number, seed: number): Employee[] {
  const random = createRandom(seed)
  const integer = (below: number): number => Math.floor(random() * below)
  return Array.from({ length: count }, (_, index) => {
    const level = 1 + integer(6)
    return {
      id: index + 1,
      team: index >= count - 3 ? 'board' : `team ${1 + integer(12)}`,
      site: sites[integer(sites.length)] ?? 'Delft',
      level,
      born: 1960 + integer(45),
      pay: 20_000 + level * 9_000 + integer(30_000),
    }
  })
}

/** The table `staff`, and `calendar` with a month a row to multiply by. */
export function payrollScript(employees: readonly Employee[]): string {
  const rows = employees.map(
    ({ id, team, site, level, born, pay }) =>
      `(${id}, 'Name ${id}', '${team}', '${site}', ${level}, ${born}, 'p${id}@example.org', ${pay})`,
  )
  return `
    CREATE TABLE staff (
      id int PRIMARY KEY, name text, team text, site text, level int, born int, email text, pay numeric);
    INSERT INTO staff VALUES ${rows.join(', ')};
    CREATE TABLE calendar (month int PRIMARY KEY, name text);
    INSERT INTO calendar SELECT n, 'month ' || n FROM generate_series(1, 12) n;
    CREATE VIEW pay_by_team AS SELECT team, count(*) AS people FROM staff GROUP BY team;`
}

/** Minimum 5; the e-mail is masked, the pay only aggregated. */
export const payrollPolicy = {
  minimum_group_size: 5,
  relations: {
    staff: {
      columns: { pay: 'aggregate-only', email: { mask: 'partial' } },
      other_columns: 'allow',
      entity_key: 'id',
    },
    calendar: '*',
  },
}
