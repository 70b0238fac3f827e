import { identifierPrints } from './identifier-prints.ts'
import { createRandom, type Random } from '../random.ts'
import { integer, list, oneOf } from './random-values.ts'
import { systemPrints } from './system-prints.ts'

// Numbers as NumPy, pandas and plain Python print them.

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const padded = (cells: readonly string[]) => {
  const width = Math.max(...cells.map((cell) => cell.length))
  return cells.map((cell) => cell.padStart(width))
}

/** `[ 1  2 30]`, wrapped before column 75 with one space of indent, as `numpy.array2string` does. */
function vector(cells: readonly string[], prefix = '['): string {
  const lines: string[] = []
  let line = prefix
  const blank = ' '.repeat(prefix.length)
  for (const cell of padded(cells)) {
    if (line.length + cell.length + 1 > 75) {
      lines.push(line.trimEnd())
      line = blank
    }
    line += line === blank || line === prefix ? cell : ` ${cell}`
  }
  return `${[...lines, line].join('\n')}]`
}

function matrix(rows: readonly (readonly string[])[]): string {
  const cells = padded(rows.flat())
  const width = rows[0]?.length ?? 0
  const lines = rows.map((_, row) => vector(cells.slice(row * width, (row + 1) * width), row === 0 ? '[[' : ' ['))
  return `${lines.join('\n')}]`
}

/** `DataFrame.to_string`: right-aligned columns two spaces apart, a negative number one. */
function frame(names: readonly string[], rows: readonly (readonly string[])[], index = rows.map((_, at) => `${at}`)) {
  const widths = names.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length + ((row[at] ?? '').startsWith('-') ? 0 : 1) - 1)),
  )
  const left = Math.max(0, ...index.map((label) => label.length))
  const gap = rows.flat().some((cell) => cell.startsWith('-')) ? 1 : 2
  const line = (label: string, cells: readonly string[]) =>
    label.padEnd(left) + cells.map((cell, at) => ' '.repeat(gap) + cell.padStart(widths[at] ?? 0)).join('')
  return [line('', names), ...rows.map((row, at) => line(index[at] ?? '', row))].join('\n')
}

const integers = (random: Random, count: number, [low, high]: readonly [number, number]) =>
  list(count, () => `${integer(random, low, high)}`)
const grid = (random: Random, shape: readonly [number, number], range: readonly [number, number]) =>
  list(shape[0], () => integers(random, shape[1], range))
const ranges: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 9],
  [0, 99],
  [0, 999],
  [0, 9_999],
  [1_000, 9_999],
  [-99, 99],
  [-9_999, 9_999],
  [0, 99_999_999],
]
const float = (random: Random, digits: number) => normal(random).toFixed(digits)
const hexadecimal = (random: Random, length: number) => list(length, () => integer(random, 0, 15).toString(16)).join('')
const stamp = (random: Random) => new Date(1_500_000_000_000 + Math.floor(random() * 3e11)).toISOString().slice(0, 19)

/** Arrays, frames and lists by name. */
const arrayPrints: Readonly<Record<string, (random: Random) => string>> = {
  'identity matrix': (random) => {
    const size = integer(random, 2, 20)
    return matrix(list(size, (row) => list(size, (column) => (row === column ? '1' : '0'))))
  },
  'zeros and ones as a frame': (random) => {
    const size = integer(random, 3, 20)
    return frame(
      list(size, (at) => `${at}`),
      grid(random, [size, size], [0, 1]),
    )
  },
  'confusion matrix of ten classes': (random) =>
    matrix(
      list(10, (row) =>
        list(
          10,
          (column) => `${row === column ? integer(random, 20, 60) : random() < 0.7 ? 0 : integer(random, 0, 9)}`,
        ),
      ),
    ),
  'cluster labels': (random) => vector(integers(random, integer(random, 20, 300), [0, integer(random, 1, 9)])),
  'digits on one line': (random) => integers(random, integer(random, 2, 30), [0, 9]).join(' '),
  'digits a line, prediction and truth': (random) =>
    list(integer(random, 5, 20), () => integers(random, 2, [0, 9]).join(' ')).join('\n'),
  'whole vector': (random) => vector(integers(random, integer(random, 3, 80), oneOf(random, ranges))),
  'whole matrix': (random) =>
    matrix(grid(random, [integer(random, 2, 12), integer(random, 2, 14)], oneOf(random, ranges))),
  'matrix below a hundred': (random) => matrix(grid(random, [integer(random, 2, 10), integer(random, 3, 12)], [0, 99])),
  'unbracketed rows, as savetxt writes them': (random) => {
    const range = oneOf(random, ranges)
    const width = integer(random, 4, 12)
    return list(integer(random, 2, 10), () => integers(random, width, range).join(' ')).join('\n')
  },
  'frame of integers': (random) => {
    const width = integer(random, 2, 12)
    const rows = integer(random, 2, 15)
    return frame(
      list(width, (at) => oneOf(random, ['a', 'b', `x${at}`, `feature_${at}`, `${at}`])),
      grid(random, [rows, width], oneOf(random, ranges)),
    )
  },
  'frame of floats': (random) => {
    const width = integer(random, 2, 8)
    const digits = integer(random, 2, 6)
    return frame(
      list(width, (at) => `x${at}`),
      list(integer(random, 2, 12), () => list(width, () => float(random, digits))),
    )
  },
  'vector of floats': (random) => vector(list(integer(random, 3, 40), () => float(random, 8))),
  'list of floats': (random) => `[${list(integer(random, 2, 20), () => `${normal(random)}`).join(', ')}]`,
  'list of integers': (random) => `[${integers(random, integer(random, 2, 40), oneOf(random, ranges)).join(', ')}]`,
  'nested JSON': (random) =>
    JSON.stringify({ values: list(integer(random, 2, 30), () => integer(random, 0, 10_000_000_000)), n: 12 }),
  'series with its index': (random) =>
    [
      ...list(integer(random, 3, 20), (at) => `${`${at}`.padEnd(5)}${`${integer(random, 0, 99_999)}`.padStart(8)}`),
      'Name: total, dtype: int64',
    ].join('\n'),
  'series of floats': (random) =>
    [
      ...list(integer(random, 3, 20), (at) => `${`${at}`.padEnd(5)}${float(random, 6).padStart(10)}`),
      'dtype: float64',
    ].join('\n'),
  'value counts': (random) =>
    list(integer(random, 2, 12), (at) => `${`${1990 + at}`.padEnd(7)}${integer(random, 1, 99_999)}`).join('\n'),
  'Markdown table': (random) => {
    const range = oneOf(random, ranges)
    const width = integer(random, 3, 9)
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
    return [
      line(list(width, (at) => `c${at}`)),
      line(list(width, () => '---:')),
      ...list(integer(random, 2, 10), () => line(integers(random, width, range))),
    ].join('\n')
  },
  'comma-separated rows': (random) => {
    const range = oneOf(random, ranges)
    const separator = oneOf(random, [',', ';', '\t', '|', ', '])
    const width = integer(random, 3, 14)
    return list(integer(random, 2, 12), () => integers(random, width, range).join(separator)).join('\n')
  },
  'LaTeX rows': (random) =>
    list(integer(random, 2, 10), () => `${integers(random, integer(random, 3, 9), [0, 999]).join(' & ')} \\\\`).join(
      '\n',
    ),
  timestamps: (random) =>
    list(integer(random, 2, 12), (at) => `${at}   ${stamp(random).replace('T', ' ')}  ${integer(random, 0, 99)}`).join(
      '\n',
    ),
  'compact timestamps': (random) =>
    list(integer(random, 2, 12), () => stamp(random).replace(/[-:T]/g, '')).join(oneOf(random, ['\n', ' ', ', '])),
  'epoch seconds and milliseconds': (random) =>
    list(
      integer(random, 2, 20),
      () => `${1_500_000_000 + Math.floor(random() * 3e8)}${oneOf(random, ['', '000'])}`,
    ).join(oneOf(random, ['\n', ' ', ', '])),
  'year ranges': (random) =>
    list(integer(random, 1, 8), () => {
      const year = integer(random, 1950, 2020)
      return `${year}${oneOf(random, ['-', '/', ' - '])}${year + integer(random, 1, 9)}`
    }).join(oneOf(random, [', ', '; ', '\n', ' '])),
  'dates with dots or slashes': (random) => {
    const mark = oneOf(random, ['.', '/', '-'])
    const two = (value: number) => `${value}`.padStart(2, '0')
    return list(integer(random, 1, 9), () =>
      [two(integer(random, 1, 28)), two(integer(random, 1, 12)), integer(random, 1950, 2029)].join(mark),
    ).join(oneOf(random, [' ', ', ', '\n', ' - ']))
  },
  digests: (random) =>
    list(integer(random, 1, 8), () => hexadecimal(random, oneOf(random, [7, 16, 32, 40, 64]))).join(
      oneOf(random, ['\n', ' ', ', ']),
    ),
  UUIDs: (random) =>
    list(integer(random, 1, 8), () => [8, 4, 4, 4, 12].map((length) => hexadecimal(random, length)).join('-')).join(
      '\n',
    ),
  'hexadecimal dump': (random) =>
    list(integer(random, 1, 8), (row) => {
      const bytes = list(16, () => hexadecimal(random, 2))
      return `${(row * 16).toString(16).padStart(8, '0')}  ${bytes.join(' ')}`
    }).join('\n'),
  'long identifiers': (random) => {
    const digits = integer(random, 9, 19)
    return list(integer(random, 2, 15), (at) => {
      const id = list(digits, (place) => `${integer(random, place === 0 ? 1 : 0, 9)}`).join('')
      return `${at}  ${id}`
    }).join('\n')
  },
  'vector of long identifiers': (random) => {
    const digits = integer(random, 13, 19)
    const one = () => list(digits, (place) => `${integer(random, place === 0 ? 1 : 0, 9)}`).join('')
    return vector(list(integer(random, 3, 15), one))
  },
  'rows labelled with words of telephony': (random) =>
    list(
      5,
      (at) =>
        `${['calls', 'messages', 'mobile', 'credit', 'phone'][at]}`.padEnd(10) +
        list(5, () => float(random, 6).padStart(10)).join(''),
    ).join('\n'),
  'identifiers in groups': (random) => {
    const mark = oneOf(random, ['-', '/', '.'])
    const groups = oneOf(random, [
      [3, 7],
      [4, 9],
      [2, 4, 4, 2],
      [5, 4, 6],
      [4, 5, 3],
      [6, 2, 6],
    ])
    return list(integer(random, 2, 10), (at) => {
      const id = groups.map((size) => list(size, () => `${integer(random, 0, 9)}`).join('')).join(mark)
      return `${at},${id},${integer(random, 1, 99)}`
    }).join('\n')
  },
  'versions and addresses': (random) =>
    list(integer(random, 2, 9), () => integers(random, 4, [0, 255]).join('.')).join(oneOf(random, ['\n', ' ', ', '])),
  'amounts with thousands': (random) =>
    list(integer(random, 2, 12), () =>
      `${integer(random, 1, 999)}${oneOf(random, [' ', ',', '.', '\u00a0'])}`.concat(
        list(integer(random, 1, 3), () => `${integer(random, 0, 999)}`.padStart(3, '0')).join(
          oneOf(random, [' ', ',']),
        ),
      ),
    ).join('\n'),
  coordinates: (random) =>
    list(
      integer(random, 2, 12),
      () => `(${(random() * 180 - 90).toFixed(6)}, ${(random() * 360 - 180).toFixed(6)})`,
    ).join(oneOf(random, ['\n', ', '])),
  'sizes and shapes': (random) => `shape (${integer(random, 1, 99_999)}, ${integer(random, 1, 999)}), dtype int64`,
  'classification report': (random) =>
    [
      '              precision    recall  f1-score   support',
      '',
      ...list(10, (at) => {
        const share = () => random().toFixed(2).padStart(10)
        return `${`${at}`.padStart(12)} ${share()}${share()}${share()}${`${integer(random, 1, 999)}`.padStart(10)}`
      }),
    ].join('\n'),
  percentages: (random) => list(integer(random, 3, 20), () => `${(random() * 100).toFixed(2)} %`).join(' '),
  'product of numbers': (random) =>
    integers(random, integer(random, 3, 9), [1, 99]).join(oneOf(random, [' * ', '*', ' + ', '+'])),
}

/** Every shape by name; each is asked for many times with another seed. */
export const numberPrints = { ...arrayPrints, ...identifierPrints, ...systemPrints }

/** Shapes that a country also writes its telephone numbers in: by themselves nobody can tell them apart. */
export const telephoneLike: readonly string[] = [
  'grouped identifiers that begin with a zero',
  'five decimal pairs',
  'postal codes',
]

/** `count` prints of every shape in turn, the same for the same seed. */
export function samplePrints(count: number, seed: number): { readonly shape: string; readonly text: string }[] {
  const random = createRandom(seed)
  const shapes = Object.entries(numberPrints)
  return list(count, (at) => {
    const [shape, print] = shapes[at % shapes.length] as (typeof shapes)[number]
    return { shape, text: print(random) }
  })
}
