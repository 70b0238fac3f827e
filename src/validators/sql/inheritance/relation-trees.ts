import type { Catalog, Inheritance } from '../../../core/catalog.ts'

/** How the relations of a catalog inherit from one another: partitions and children of INHERITS alike. */
export interface RelationTrees {
  /**
   * Other relations of which some rows are rows of this one: those it inherits from, those that inherit from it, and those
   * that share a child with it. Siblings share no rows.
   */
  sharing(relation: string): readonly string[]
  /** Relations that a chain of parents and children connects with this one and that all have the column; itself too. */
  connected(relation: string, column: string): readonly string[]
  /** These relations and all that chains of parents and children connect with them. */
  around(relations: readonly string[]): Inheritance
  has(relation: string, column: string): boolean
}

/** Relations by `schema.relation`. A parent that the catalog does not hold is left out. */
export function readRelationTrees({ relations }: Pick<Catalog, 'relations'>): RelationTrees {
  const named = new Map(relations.map((relation) => [`${relation.schema}.${relation.name}`, relation]))
  const parents = new Map<string, readonly string[]>()
  const children = new Map<string, string[]>()
  for (const [name, { parents: written = [] }] of named) {
    const known = written.filter((parent) => named.has(parent))
    parents.set(name, known)
    for (const parent of known) children.set(parent, [...(children.get(parent) ?? []), name])
  }
  const childrenOf = (name: string): readonly string[] => children.get(name) ?? []
  const parentsOf = (name: string): readonly string[] => parents.get(name) ?? []
  const has = (relation: string, column: string): boolean =>
    named.get(relation)?.columns.some(({ name }) => name === column) === true
  const neighbours = (name: string): string[] => [...parentsOf(name), ...childrenOf(name)]
  return {
    has,
    around: (from) => {
      const reached = [...reach(from, neighbours)].sort()
      return {
        relations: reached,
        links: reached.flatMap((child) => parentsOf(child).map((parent) => [child, parent] as const)),
      }
    },
    sharing: (relation) => {
      const below = reach([relation], childrenOf)
      return [...reach(below, parentsOf)].filter((name) => name !== relation)
    },
    connected: (relation, column) => {
      return [...reach([relation], (name) => neighbours(name).filter((other) => has(other, column)))].sort()
    },
  }
}

/** What can be reached step by step, the start included. */
function reach(from: Iterable<string>, step: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set(from)
  for (const name of reached) for (const next of step(name)) reached.add(next)
  return reached
}
