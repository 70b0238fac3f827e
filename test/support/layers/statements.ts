import { PGlite } from '@electric-sql/pglite'
import type { JsonValue } from '../../../src/core/json.ts'
import type { Vetted } from '../../../src/core/vetted.ts'
import { openPglite } from '../../../src/databases/pglite/open-pglite.ts'
import { PgliteDatabase } from '../../../src/databases/pglite/pglite-database.ts'
import { sampleTableStatements } from '../../../src/databases/sample/schema.ts'
import { createStandardChain } from '../../../src/filters/standard-chain.ts'
import { screenRows } from '../../../src/gateway/screen/cell.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import type { Grant } from '../../../src/core/grant.ts'
import { testImages } from '../databases/database-images.ts'
import type { SqlAttack } from './attack.ts'
import type { Outcome } from './layered-service.ts'

const limits = { maximumRows: 10, maximumBytes: 1_000_000, timeoutMilliseconds: 3_000 }

const screenerFor = createScreenerFor({
  chain: createStandardChain({ deadlineMilliseconds: 20_000, onFailure: () => undefined }),
  profiles: {},
  limits: { maximumResultCharacters: 1_000_000, maximumTurnCharacters: 1_000_000 },
})

/** A database of the sample's tables in which whoever asks owns everything, with a row of what statements look for. */
async function withoutRoles(): Promise<Blob> {
  await using database = await openPglite(null)
  await database.exec(sampleTableStatements.join(';\n'))
  await database.exec(`
    INSERT INTO customers VALUES (1, 'Kim Wexler', 'kim@hamlin.example', '+49 30 901820', '4111 1111 1111 1111',
      'Main Street 1', 'Berlin', 'DE', 'private', '2024-01-01');
    INSERT INTO orders VALUES (1, 1, '2024-02-01T10:00:00Z', 'web', 'delivered', 0, 100);
  `)
  return await database.dumpDataDir('none')
}

/** Statements of attackers without the service: by each of what is between them and the data, and by nothing. */
export class BareStatements implements AsyncDisposable {
  readonly #content = withoutRoles()
  #open: Promise<PGlite> | null = null
  readonly #answers = new Map<string, readonly (readonly JsonValue[])[] | null>()
  readonly #sample = new PgliteDatabase({
    source: 'shop',
    images: testImages(),
    maximumMegabytes: 1_500,
    openMilliseconds: 240_000,
  })

  /** Does it do what it is for where nothing stands in its way? */
  async byNothing({ statement, through, endless }: SqlAttack): Promise<Outcome | null> {
    if (endless === true) return null
    const rows = await this.#rows(statement)
    return rows === null || !says(rows, through?.answered) ? 'refused' : 'through'
  }

  /** By the role of the sample database, in its read-only transaction. */
  async byRole({ statement, through }: SqlAttack): Promise<Outcome> {
    const vetted = { language: 'sql', source: 'shop', text: statement, relations: [], columns: [], functions: [] }
    try {
      const signal = AbortSignal.timeout(60_000)
      const { rows } = await this.#sample.query(vetted as unknown as Vetted<'sql'>, limits, signal)
      return says(rows, through?.answered) ? 'through' : 'refused'
    } catch {
      return 'refused'
    }
  }

  /** By the filters on what leaves, over what a database without roles answers. */
  async byFilters({ statement, through, endless }: SqlAttack): Promise<Outcome> {
    if (endless === true) return 'through'
    const rows = await this.#rows(statement)
    if (rows === null) return 'through'
    const grant = { filterProfile: 'default' } as Grant
    const principal = { id: 'k1', kind: 'api-key', group: 'open' } as const
    const screener = screenerFor({ principal, grant }, 'outbound', () => null)
    const width = Math.max(0, ...rows.map((row) => row.length))
    const columns = Array.from({ length: width }, (_, index) => ({ name: `c${index}`, type: 'text' }))
    const screened = await screenRows({ columns, rows }, screener, AbortSignal.timeout(20_000))
    return says(screened.rows, through?.answered) ? 'through' : 'refused'
  }

  /** Null where the database itself says no. What a statement changes is undone; one that fails may have damaged its database. */
  async #rows(statement: string): Promise<readonly (readonly JsonValue[])[] | null> {
    const known = this.#answers.get(statement)
    if (known !== undefined) return known
    const wasUsed = this.#open !== null
    const first = await this.#try(statement)
    // An earlier statement may have damaged the database without a word.
    const rows = first === null && wasUsed ? await this.#try(statement) : first
    this.#answers.set(statement, rows)
    return rows
  }

  async #try(statement: string): Promise<readonly (readonly JsonValue[])[] | null> {
    this.#open ??= PGlite.create({ loadDataDir: await this.#content })
    const database = await this.#open
    try {
      await database.exec('BEGIN')
      const results = await database.exec(statement, { rowMode: 'array' })
      const rows = (results.at(-1)?.rows ?? []) as unknown as JsonValue[][]
      await database.exec('ROLLBACK')
      return rows
    } catch {
      this.#open = null
      await database.close().catch(() => undefined)
      return null
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#content
    await (await this.#open)?.close()
    await this.#sample[Symbol.asyncDispose]()
  }
}

function says(rows: readonly (readonly unknown[])[], text: string | undefined): boolean {
  return text === undefined || JSON.stringify(rows).includes(text)
}
