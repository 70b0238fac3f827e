import { join } from 'node:path'

/** Where the ledgers of a configuration are. */
export function ledgerPath({ state_directory: folder }: { readonly state_directory: string }): string {
  return join(folder, 'ledger.sqlite')
}
