import type { Suspension, SuspensionKeeper } from '../../service/suspensions.ts'
import {
  addSuspension,
  liftSuspension,
  listSuspensions,
  showSuspension,
  type SuspensionJson,
} from '../../surfaces/wire/admin/suspensions.ts'
import type { AskAdmin } from './admin-client.ts'

/** The suspensions of a service that runs elsewhere, which knows by the key who asks. */
export function createRemoteSuspensions(ask: AskAdmin): SuspensionKeeper {
  const show = async (id: string): Promise<Suspension> => toSuspension(await ask(showSuspension, { params: { id } }))
  return {
    show,
    async list({ isInForce, after, most }) {
      const query = { limit: most, state: isInForce ? 'in-force' : 'all', ...(after !== null && { after }) } as const
      return (await ask(listSuspensions, { query })).data.map(toSuspension)
    },
    async add({ principal, person, note, lasts }) {
      const body = { principal, ...(person && { person }), ...(note && { note }), ...(lasts && { lasts }) }
      return toSuspension(await ask(addSuspension, { body }))
    },
    async lift(id) {
      await ask(liftSuspension, { params: { id } })
      return show(id)
    },
  }
}

function toSuspension({ made_by: madeBy, lifted_by: liftedBy, ...rest }: SuspensionJson): Suspension {
  return { ...rest, madeBy, liftedBy }
}
