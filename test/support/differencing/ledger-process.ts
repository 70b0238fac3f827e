import { DifferencingLedger } from '../../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../../src/databases/differencing/options.ts'

// A process that shares a ledger's file with another one: for each path it opens the file again and asks some sums.

export interface Turn {
  readonly path: string
  /** The number of the first person; each turn is about people of its own. */
  readonly first: number
}

const peopleOfASum = 20
const sums = 2

async function take({ path, first }: Turn): Promise<void> {
  try {
    await using ledger = new DifferencingLedger({ place: ledgerFile(path), options: ledgerOptions.parse({}) })
    for (let sum = 0; sum < sums; sum += 1) {
      const members = Array.from({ length: peopleOfASum }, (_, index) => first + sum * peopleOfASum + index)
      const sets = [members.map((person) => ({ row: person, entity: person }))]
      await ledger.admit({ source: 'shop', group: 'default', relation: 'public.staff', minimum: 5, sets })
    }
    process.send?.('answered')
  } catch (thrown) {
    process.send?.(String(thrown))
  }
}

process.on('message', (turn: Turn) => void take(turn))
process.once('disconnect', () => process.exit(0))
process.send?.('ready')
