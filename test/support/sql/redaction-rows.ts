const countries = ['DE', 'FR', 'NL', 'IT']
const teams = ['ops', 'dev', 'hr', 'law']

const numbers = Array.from({ length: 40 }, (_, index) => index + 1)

function salaryOf(n: number): string {
  return `${7_300_000 + ((n * n * 12_347) % 99_991)}.91`
}

/** Stands in every value that must not be seen: a mark of its own, or all digits of a salary. */
export const canary = new RegExp(['qz7', ...numbers.map(salaryOf).map((text) => `\\b${text}(?!\\d)`)].join('|'))

/** Rows for `test/attack/sql-schema.sql`. */
export function redactionRows(): string {
  const customers = numbers.map((n) => {
    const joined = `202${n % 5}-0${1 + (n % 9)}-1${n % 10}`
    return `(${n}, 'Ada ${n}', 'qz7mail${n}@example.org', 'qz7phone${n}', '${countries[n % 4]}', '${joined}')`
  })
  const staff = numbers.map((n) => `(${n}, 'Ada ${n}', '${teams[n % 4]}', ${salaryOf(n)})`)
  const orders = numbers.flatMap((n) => [
    `(${n * 2}, ${n}, '2024-0${1 + (n % 9)}-02', ${n * 10}.50, 'paid')`,
    `(${n * 2 + 1}, ${n}, '2024-0${1 + (n % 9)}-03', ${n * 7}.25, 'open')`,
  ])
  const secrets = numbers.map((n) => `(${n}, 'qz7token${n}')`)
  const mailing = numbers.map((n) => `(${n}, 'qz7mail${n}@example.org')`)
  return `
    INSERT INTO customers VALUES ${customers.join(', ')};
    INSERT INTO staff VALUES ${staff.join(', ')};
    INSERT INTO orders VALUES ${orders.join(', ')};
    INSERT INTO secrets VALUES ${secrets.join(', ')};
    INSERT INTO mailing (id, email) VALUES ${mailing.join(', ')};`
}
