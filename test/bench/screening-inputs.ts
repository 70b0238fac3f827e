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
  const some = (count: number) => Array.from({ length: count }, () => words[upTo(words.length)]).join(' ')
  const digits = (count: number) => Array.from({ length: count }, () => upTo(10)).join('')
  const identifier = () => Array.from({ length: 32 }, () => upTo(16).toString(16)).join('')
  const day = () => `2024-0${1 + upTo(9)}-${10 + upTo(19)}`
  const lines = (line: () => string) => {
    let text = ''
    while (text.length < 500_000) text += `${line()}\n`
    return text
  }
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
    logs: lines(() => `${day()} 12:${10 + upTo(50)}:17,${digits(3)} INFO ${some(6)} ${upTo(999)} in ${upTo(900)} ms`),
    html: lines(
      () => `<div class="row"><h2>${some(4)}</h2><p>${some(20)}, <b>${some(2)}</b></p><p>${upTo(99)}</p></div>`,
    ),
    htmlWithLinks: lines(() => `<li id="c${upTo(99)}"><a href="/p/${digits(4)}">${some(3)}</a> &amp; ${some(12)}</li>`),
    markdown: lines(() => `- **${some(1)}**: ${some(8)}, see [${some(2)}](https://example.com/${some(1)}/${upTo(99)})`),
    markdownTables: lines(
      () => `| ${digits(4)} | ${some(1)} | ${digits(3)}.${digits(2)} | ${day()} | \`${some(1)}\` |`,
    ),
    identifiers: lines(() => `${some(2)} ${identifier()} ${upTo(100_000)}`),
    json: lines(() => JSON.stringify({ id: upTo(10_000), name: some(2), price: upTo(99_999) / 100, day: day() })),
    csv: lines(() => `${upTo(1_000_000)},${some(1)},${upTo(9_999)}.${digits(2)},${day()},${some(1)}`),
    numbers: lines(() => Array.from({ length: 8 }, () => upTo(100_000)).join(' ')),
  }
}
