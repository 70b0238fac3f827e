import type { Suspension, Suspensions } from '../../src/core/suspensions.ts'

/** Suspensions of one process, of which none outlasts another. */
export function suspensionsInMemory(now: () => number = Date.now) {
  const all: Suspension[] = []
  const isInForce = ({ until, lifted }: Suspension) => lifted === null && (until === null || Date.parse(until) > now())
  const suspensions: Suspensions = {
    of: async (subject) => ({
      inForce: all.find((each) => each.subject === subject && isInForce(each)) ?? null,
      newest: all.findLast((each) => each.subject === subject && each.kind === 'suspended')?.id ?? null,
    }),
    list: async ({ isInForce: only, most }) => all.filter((each) => !only || isInForce(each)).slice(0, most),
    find: async (id) => all.find((each) => each.id === id) ?? null,
    async add(given) {
      const made = { ...given, id: `susp_${all.length + 1}`, made: new Date(now()).toISOString() }
      all.push({ ...made, lifted: null, liftedBy: null })
      return all.at(-1) ?? null
    },
    async lift(id, liftedBy) {
      const at = all.findIndex((each) => each.id === id && isInForce(each))
      const found = all[at]
      if (found === undefined) return null
      const lifted = { ...found, lifted: new Date(now()).toISOString(), liftedBy }
      all[at] = lifted
      return lifted
    },
  }
  return { suspensions, all }
}
