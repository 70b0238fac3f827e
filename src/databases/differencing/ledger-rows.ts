import type { LedgerStatement, LedgerTables } from '../../core/answer-ledger.ts'
import type { Member } from './answer-space.ts'
import { pack, unpack } from './packed-members.ts'

/** What identifies a ledger. */
export interface LedgerName {
  readonly source: string
  readonly group: string
  readonly relation: string
  /** Relations that inherit from one another and share the ledger; the one alone where they are absent. */
  readonly relations?: readonly string[]
  /** What numbers the rows beside their keys: rows numbered otherwise are of another ledger. */
  readonly columns?: readonly string[]
  /** `rows`: sets of rows whether or not they have a value; absent for sets of those that have one. */
  readonly of?: 'rows'
}

/** A ledger as it stands in its tables. Sets are numbered from 1 in the order they were answered. */
export interface StoredLedger {
  readonly id: number
  readonly prime: number
  /** Changes when sets were forgotten: what was read before is not a beginning of what there is now. */
  readonly generation: number
}

/** Which ledgers these are, and how far they have come; null where nothing says so. */
export interface LedgerLife {
  readonly id: string
  /** Sets that were ever written. */
  readonly answers: number
}

/** A ledger with all its sets, packed as they are stored. */
export interface KeptLedger {
  /** Of the relations that it covers. */
  readonly names: readonly string[]
  readonly prime: number
  readonly sets: readonly { readonly at: number; readonly members: Uint8Array }[]
}

/** What is stored of a set is not what was stored. */
export class DamagedSet extends Error {}

/**
 * The rows of all ledgers, within one transaction: row and entity numbers of the groups that were answered, no value and no
 * key in the clear.
 */
export class LedgerRows {
  readonly #run: LedgerStatement
  readonly #tables: LedgerTables

  constructor(run: LedgerStatement, tables: LedgerTables) {
    this.#run = run
    this.#tables = tables
  }

  async life(): Promise<LedgerLife | null> {
    const [row] = await this.#run(`SELECT id, answers FROM ${this.#tables.life}`)
    return row === undefined ? null : { id: String(row['id']), answers: Number(row['answers']) }
  }

  /** Since when nothing is answered; null where that is not so. */
  async heldSince(): Promise<string | null> {
    const [row] = await this.#run(`SELECT since FROM ${this.#tables.held} ORDER BY since LIMIT 1`)
    return row === undefined ? null : String(row['since'])
  }

  async hold(time: string): Promise<void> {
    await this.#run(`INSERT INTO ${this.#tables.held} (since) VALUES (?)`, time)
  }

  async release(): Promise<void> {
    await this.#run(`DELETE FROM ${this.#tables.held}`)
  }

  /**
   * The ledger of relations that share rows. It covers each of them from then on: a table that is attached brings what was
   * answered about it, and one that is detached is still followed together with the others.
   */
  async ledger(name: LedgerName, prime: number): Promise<StoredLedger> {
    const { source, group, relation, relations = [relation], columns, of } = name
    const more = [columns, of].filter((part) => part !== undefined)
    return this.covering(
      relations.map((one) => JSON.stringify([source, group, one, ...more])),
      prime,
    )
  }

  /** The ledger of names, as they stand in the table of what is covered. */
  async covering(names: readonly string[], prime: number): Promise<StoredLedger> {
    const { ledgers, covered } = this.#tables
    const known = new Map<string, number | null>()
    for (const name of names) {
      const [row] = await this.#run(`SELECT ledger FROM ${covered} WHERE name = ?`, name)
      known.set(name, row === undefined ? null : Number(row['ledger']))
    }
    const ids = [...new Set([...known.values()].filter((id) => id !== null))]
    const [id = await this.#insert(names[0] ?? '', prime), ...others] = ids.toSorted((left, right) => left - right)
    for (const other of others) await this.#merge(other, id)
    for (const [name, ledger] of known) {
      if (ledger === null) await this.#run(`INSERT INTO ${covered} (name, ledger) VALUES (?, ?)`, name, id)
    }
    const [row] = await this.#run(`SELECT prime, generation FROM ${ledgers} WHERE id = ?`, id)
    return { id, prime: Number(row?.['prime']), generation: Number(row?.['generation']) }
  }

  async #insert(name: string, prime: number): Promise<number> {
    const { ledgers } = this.#tables
    const next = `(SELECT coalesce(max(id), 0) + 1 FROM ${ledgers})`
    const columns = '(id, name, prime, generation)'
    const text = `INSERT INTO ${ledgers} ${columns} VALUES (${next}, ?, ?, 0) ON CONFLICT (name) DO NOTHING`
    await this.#run(text, name, prime)
    const [row] = await this.#run(`SELECT id FROM ${ledgers} WHERE name = ?`, name)
    return Number(row?.['id'])
  }

  /** Puts what was answered in one ledger behind what was answered in another, whose rows turned out to be the same. */
  async #merge(from: number, into: number): Promise<void> {
    const { ledgers, answered, covered } = this.#tables
    const last = await this.#last(into)
    await this.#run(`UPDATE ${answered} SET ledger = ?, sequence = sequence + ? WHERE ledger = ?`, into, last, from)
    await this.#run(`UPDATE ${covered} SET ledger = ? WHERE ledger = ?`, into, from)
    await this.#run(`DELETE FROM ${ledgers} WHERE id = ?`, from)
    await this.#advance(into)
  }

  /** Forgets what was answered before a time, in milliseconds since 1970; true where there was something. */
  async forget(id: number, before: number): Promise<boolean> {
    const { answered } = this.#tables
    const gone = await this.#run(`DELETE FROM ${answered} WHERE ledger = ? AND at < ? RETURNING sequence`, id, before)
    if (gone.length > 0) await this.#advance(id)
    return gone.length > 0
  }

  /** Sets after a number, in order. Throws `DamagedSet`. */
  async after(id: number, sequence: number): Promise<{ readonly sequence: number; readonly members: Member[] }[]> {
    const { answered } = this.#tables
    const text = `SELECT sequence, members FROM ${answered} WHERE ledger = ? AND sequence > ? ORDER BY sequence`
    const rows = await this.#run(text, id, sequence)
    return rows.map((row) => ({ sequence: Number(row['sequence']), members: unpacked(row['members']) }))
  }

  async append(id: number, set: { readonly at: number; readonly members: readonly Member[] }): Promise<number> {
    return this.appendPacked(id, set.at, pack(set.members))
  }

  /** As `append` does, of a set that is packed already. */
  async appendPacked(id: number, at: number, members: Uint8Array): Promise<number> {
    const { answered, life } = this.#tables
    const sequence = (await this.#last(id)) + 1
    const columns = '(ledger, sequence, at, members)'
    await this.#run(`INSERT INTO ${answered} ${columns} VALUES (?, ?, ?, ?)`, id, sequence, at, members)
    await this.#run(`UPDATE ${life} SET answers = answers + 1`)
    return sequence
  }

  /** All there is, to be taken elsewhere. */
  async all(): Promise<readonly KeptLedger[]> {
    const { ledgers, covered, answered } = this.#tables
    const kept: KeptLedger[] = []
    for (const { id, name, prime } of await this.#run(`SELECT id, name, prime FROM ${ledgers} ORDER BY id`)) {
      const names = await this.#run(`SELECT name FROM ${covered} WHERE ledger = ? ORDER BY name`, Number(id))
      const text = `SELECT at, members FROM ${answered} WHERE ledger = ? ORDER BY sequence`
      const sets = await this.#run(text, Number(id))
      kept.push({
        names: [...new Set([String(name), ...names.map((row) => String(row['name']))])],
        prime: Number(prime),
        sets: sets.map((row) => ({ at: Number(row['at']), members: row['members'] as Uint8Array })),
      })
    }
    return kept
  }

  async #last(id: number): Promise<number> {
    const [row] = await this.#run(`SELECT max(sequence) AS last FROM ${this.#tables.answered} WHERE ledger = ?`, id)
    return Number(row?.['last'] ?? 0)
  }

  async #advance(id: number): Promise<void> {
    await this.#run(`UPDATE ${this.#tables.ledgers} SET generation = generation + 1 WHERE id = ?`, id)
  }
}

function unpacked(members: unknown): Member[] {
  try {
    return unpack(members as Uint8Array)
  } catch (thrown) {
    throw new DamagedSet('A set of a ledger cannot be read.', { cause: thrown })
  }
}
