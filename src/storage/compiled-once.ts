import type { Compilable, Kysely, QueryResult } from 'kysely'

class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** The place of a value that is given when a statement is run. */
export function slot(name: string): string {
  return new Slot(name) as unknown as string
}

/** Builds and compiles a statement once: for those that are run with a request, that takes longer than all else. */
export function compileOnce<Row>(
  db: Pick<Kysely<never>, 'executeQuery'>,
  query: Compilable<Row>,
): (values: Readonly<Record<string, string | number>>) => Promise<QueryResult<Row>> {
  const compiled = query.compile()
  return (values) => {
    const parameters = compiled.parameters.map((each) => (each instanceof Slot ? values[each.name] : each))
    return db.executeQuery({ ...compiled, parameters })
  }
}
