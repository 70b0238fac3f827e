import { createRandom } from '../support/random.ts'

type Table = { readonly columns: { readonly name: string; readonly type: string }[]; readonly rows: string[][] }

const words =
  'revenue grew by twelve percent in the second quarter while orders from Germany and France fell slightly which the table below shows in detail for every country and channel that we sell through'.split(
    ' ',
  )
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** What the filters are timed over; the same for the same seed, in every build. */
export function screeningInputs() {
  const random = createRandom(20_261)
  const upTo = (most: number) => Math.floor(random() * most)
  const prose = (length: number) => {
    let text = ''
    while (text.length < length) {
      text += words[upTo(words.length)]
      const chance = random()
      text += chance < 0.08 ? '. ' : chance < 0.09 ? ' **12.5 %** ' : chance < 0.1 ? ', 3012 in all.\n\n' : ' '
    }
    return text.slice(0, length)
  }
  const unbroken = (length: number) => Array.from({ length }, () => alphabet[upTo(alphabet.length)]).join('')
  const table = (rows: number, cell: () => string): Table => ({
    columns: [{ name: 'note', type: 'text' }],
    rows: Array.from({ length: rows }, () => [cell()]),
  })
  return {
    prose: prose(2_000_000),
    encoded: [
      Buffer.from(prose(150_000)).toString('base64'),
      Buffer.from(prose(75_000)).toString('hex'),
      Buffer.from(prose(75_000)).toString('base64').replace(/.{76}/g, '$&\n'),
    ].join('\n\n'),
    unbroken: unbroken(500_000),
    cells: table(20, () => unbroken(50_000)),
    rows: table(10_000, () => prose(900)),
    large: {
      columns: [{ name: 'note', type: 'text' }],
      rows: [...table(20, () => unbroken(50_000)).rows, ...table(9_000, () => prose(900)).rows],
    },
  }
}
