import { ServiceError } from '../../core/errors.ts'
import { Leverage, type AtomSizes } from './leverage.ts'
import { inverse, subtractMultiple } from './residues.ts'

/** One row of a table and the entity (a person, a thing) it tells about, by number. */
export interface Member {
  readonly row: number
  readonly entity: number
}

export interface AnswerSpaceOptions {
  /** Fewest entities that any combination of answers may tell about. */
  readonly minimum: number
  /** Between 2^25 and 2^26: products of two residues are exact. */
  readonly prime: number
  /** Numbers held at most. */
  readonly maximumCells: number
}

export type Addition = 'independent' | 'known' | 'isolating'

interface Mark {
  readonly rank: number
  readonly standing: number
}

/** Rows that become an atom of their own, out of another one or, with null, never seen before. */
interface Part {
  readonly rows: number[]
  readonly from: number | null
}

/** One of the proofs: the answers in echelon form, each led by an atom of its own. */
interface Proof {
  readonly rows: Int32Array[]
  readonly leads: number[]
  /** The row of the table that stands for the lead: when atoms split, the lead goes where this row goes. */
  readonly leadRows: number[]
}

/**
 * What a set of answers about groups gives away, whatever is computed from them. An answer about a group is the sum of
 * something over its rows, so answers are vectors over rows; what can be computed from several are their linear
 * combinations. Rows that were always in the same groups are one atom.
 *
 * The invariant: there are `minimum` proofs, each a set of rows on which alone the answers are linearly independent, and
 * no entity has rows in two of them. A combination that is not nothing is then not nothing in each proof, so it tells
 * about at least `minimum` entities; by counting, d independent combinations tell about at least d times as many. It
 * holds for any number of answers, trackers and averages of averages included. A vector for which no further lead can be
 * found in some proof is `isolating`: refused where it cannot be proven harmless, so now and then a harmless one is.
 *
 * With a minimum of 5, over the salaries of a firm: the totals of sales (12 people) and of support (9) are
 * `independent`. The total of both together is `known`, being their sum. The total of sales without Ann is `isolating`:
 * the first total less this one is Ann's salary.
 *
 * Combinations that tell about enough entities but weigh one far more than the others are bounded by `Leverage`.
 *
 * Arithmetic is modulo a prime: what is independent there is independent. The other way a vector could be taken for known
 * that is not, with a chance of about one in the prime, which nobody outside knows.
 */
export class AnswerSpace {
  readonly #options: AnswerSpaceOptions
  readonly #rows = new Map<number, number>()
  readonly #rowIds: number[] = []
  readonly #rowEntity: number[] = []
  readonly #rowAtom: number[] = []
  readonly #entities = new Map<number, number>()
  readonly #entityRows: number[][] = []
  /** Proof an entity stands in; -1 none yet. */
  readonly #entityProof: number[] = []
  readonly #atoms: number[][] = []
  readonly #proofs: Proof[]
  readonly #leverage = new Leverage()
  /** Entities in the order in which they came to stand in a proof. */
  readonly #standing: number[] = []

  constructor(options: AnswerSpaceOptions) {
    this.#options = options
    this.#proofs = Array.from({ length: options.minimum }, () => ({ rows: [], leads: [], leadRows: [] }))
  }

  /** Independent answers given. */
  get rank(): number {
    return this.#proofs[0]?.rows.length ?? 0
  }

  get rowCount(): number {
    return this.#rowIds.length
  }

  /** A place to go back to. */
  mark(): Mark {
    return { rank: this.rank, standing: this.#standing.length }
  }

  /** Takes back every addition since. Atoms stay split, which says the same in more numbers. */
  goBack({ rank, standing }: Mark): void {
    for (const { rows, leads, leadRows } of this.#proofs) rows.length = leads.length = leadRows.length = rank
    this.#leverage.goBack(rank)
    for (const entity of this.#standing.splice(standing)) this.#entityProof[entity] = -1
  }

  /**
   * Adds the answer about a group. After `isolating`, and after the fault `refused` where it would grow beyond its
   * bounds, the caller goes back to its mark: the addition is half made.
   */
  add(members: readonly Member[]): Addition {
    const vector = this.#vectorOf(members)
    const residues = this.#proofs.map((proof) => this.#reduce(vector, proof))
    if (residues[0]?.every((value) => value === 0) === true) return 'known'
    this.#checkSize()
    for (const index of this.#inOrderOfNeed(residues)) {
      const residue = residues[index]
      const proof = this.#proofs[index]
      const lead = residue === undefined ? null : this.#findLead(residue, index)
      if (lead === null || residue === undefined || proof === undefined) return 'isolating'
      const factor = inverse(at(residue, lead.atom), this.#options.prime)
      proof.rows.push(residue.map((value) => (value * factor) % this.#options.prime))
      proof.leads.push(lead.atom)
      proof.leadRows.push(lead.row)
    }
    return this.#leverage.add(vector, this.#atomSizes()) ? 'independent' : 'isolating'
  }

  #checkSize(): void {
    const { minimum, maximumCells } = this.#options
    if (minimum * (this.rank + 1) * this.#atoms.length <= maximumCells) return
    throw new ServiceError('refused', 'The ledger of answers about this table is full.', {
      advice: 'Ask what was asked before, or have the operator start a new ledger.',
    })
  }

  /** The group as a vector over atoms, which are split until each lies inside the group or outside. */
  #vectorOf(members: readonly Member[]): Int32Array {
    const inside = new Map<number, number[]>()
    const fresh: number[] = []
    for (const member of members) {
      const known = this.#rows.get(member.row)
      const atom = known === undefined ? -1 : at(this.#rowAtom, known)
      if (known === undefined) fresh.push(this.#addRow(member))
      else if (!inside.get(atom)?.push(known)) inside.set(atom, [known])
    }
    const parts: Part[] = fresh.length === 0 ? [] : [{ rows: fresh, from: null }]
    const chosen: number[] = []
    for (const [atom, rows] of inside) {
      if (rows.length === this.#atoms[atom]?.length) chosen.push(atom)
      else parts.push({ rows, from: atom })
    }
    const first = this.#atoms.length
    this.#addAtoms(parts)
    const vector = new Int32Array(this.#atoms.length)
    for (const atom of chosen) vector[atom] = 1
    vector.fill(1, first)
    return vector
  }

  #addRow({ row, entity }: Member): number {
    const position = this.#rowIds.length
    const known = this.#entities.get(entity)
    const number = known ?? this.#entityRows.length
    if (known === undefined) {
      this.#entities.set(entity, number)
      this.#entityRows.push([])
      this.#entityProof.push(-1)
    }
    this.#entityRows[number]?.push(position)
    this.#rows.set(row, position)
    this.#rowIds.push(row)
    this.#rowEntity.push(number)
    this.#rowAtom.push(-1)
    return position
  }

  /** New atoms; their coefficients are those of the atom they came from, or none. */
  #addAtoms(parts: readonly Part[]): void {
    if (parts.length === 0) return
    const first = this.#atoms.length
    for (const { rows, from } of parts) {
      const moved = new Set(rows)
      if (from !== null) this.#atoms[from] = (this.#atoms[from] ?? []).filter((row) => !moved.has(row))
      for (const row of rows) this.#rowAtom[row] = this.#atoms.length
      this.#atoms.push(rows)
    }
    this.#leverage.extend(parts.map(({ from }) => from ?? -1))
    for (const proof of this.#proofs) {
      proof.rows.forEach((coefficients, index) => {
        const longer = new Int32Array(this.#atoms.length)
        longer.set(coefficients)
        parts.forEach(({ from }, part) => (longer[first + part] = from === null ? 0 : at(coefficients, from)))
        proof.rows[index] = longer
      })
      proof.leadRows.forEach((row, index) => (proof.leads[index] = at(this.#rowAtom, row)))
    }
  }

  #atomSizes(): AtomSizes {
    const several = this.#entityRows.filter((rows) => rows.length > 1)
    return {
      sizes: Float64Array.from(this.#atoms, (rows) => rows.length),
      several: several.map((rows) => rows.map((row) => at(this.#rowAtom, row))),
    }
  }

  /** What is left of a vector when the answers known are taken out of it. */
  #reduce(vector: Int32Array, { rows, leads }: Proof): Int32Array {
    const residue = vector.slice()
    rows.forEach((row, index) => {
      const factor = at(residue, at(leads, index))
      if (factor !== 0) subtractMultiple(residue, row, { factor, prime: this.#options.prime })
    })
    return residue
  }

  /** The proofs with the fewest entities to choose from choose first. */
  #inOrderOfNeed(residues: readonly Int32Array[]): number[] {
    const choice = residues.map((residue, index) => {
      let free = 0
      for (const [atom, rows] of this.#atoms.entries()) {
        if (residue[atom] === 0) continue
        for (const row of rows) {
          const proof = this.#proofOf(row)
          if (proof === index) return { index, free: Infinity }
          if (proof === -1) free += 1
        }
        if (free > residues.length) break
      }
      return { index, free }
    })
    return choice
      .toSorted((left, right) => left.free - right.free || left.index - right.index)
      .map(({ index }) => index)
  }

  #proofOf(row: number): number {
    return at(this.#entityProof, at(this.#rowEntity, row))
  }

  /** A row whose entity stands in this proof already, else one of the atom with the most that stand in none. */
  #findLead(residue: Int32Array, proof: number): { atom: number; row: number } | null {
    let best: { atom: number; row: number; free: number } | null = null
    for (const [atom, rows] of this.#atoms.entries()) {
      if (residue[atom] === 0) continue
      let free = 0
      let candidate = -1
      for (const row of rows) {
        const standing = this.#proofOf(row)
        if (standing === proof) return { atom, row }
        if (standing !== -1) continue
        free += 1
        candidate = row
      }
      if (candidate !== -1 && (best === null || free > best.free)) best = { atom, row: candidate, free }
    }
    if (best === null) return null
    const entity = at(this.#rowEntity, best.row)
    this.#entityProof[entity] = proof
    this.#standing.push(entity)
    return best
  }
}

/** What stands at a place that is there. */
function at(numbers: Int32Array | readonly number[], place: number): number {
  return numbers[place] ?? 0
}
