import type { Random } from '../random.ts'
import { digits, integer, list, oneOf } from './random-values.ts'

// What programs, shells and servers print: reports, logs, listings.
// Each shape is a function of a random source.

const lines = (random: Random, make: (at: number) => string) => list(integer(random, 2, 14), make).join('\n')
const padded = (value: number | string, width: number) => `${value}`.padStart(width)
const moment = (random: Random) => new Date(1.5e12 + random() * 3e11).toISOString()
const ip = (random: Random) => list(4, () => `${integer(random, 0, 255)}`).join('.')
const hex = (random: Random, count: number) => list(count, () => integer(random, 0, 15).toString(16)).join('')

/** Every shape by name; each is asked for many times with another seed. */
export const systemPrints: Readonly<Record<string, (random: Random) => string>> = {
  'df.info()': (random) =>
    [
      "<class 'pandas.DataFrame'>",
      `RangeIndex: ${integer(random, 1, 9_999_999)} entries, 0 to ${integer(random, 1, 9_999_999)}`,
      ' #   Column   Non-Null Count    Dtype  ',
      ...list(6, (at) => ` ${at}   col_${at}    ${integer(random, 1, 9_999_999)} non-null   int64  `),
      `memory usage: ${integer(random, 1, 999)}.${integer(random, 0, 9)}+ MB`,
    ].join('\n'),
  'df.describe()': (random) =>
    [
      `       ${list(4, (at) => padded(`x${at}`, 16)).join('')}`,
      ...['count', 'mean', 'std', 'min', '25%', '50%', '75%', 'max'].map(
        (name) => name.padEnd(7) + list(4, () => padded((random() * 10 ** integer(random, 1, 9)).toFixed(6), 18)).join(''),
      ),
    ].join('\n'),
  'floats with exponents': (random) =>
    `[${list(integer(random, 3, 20), () => `${(random() * 10 - 5).toFixed(8)}e${oneOf(random, ['+', '-'])}0${integer(random, 0, 9)}`).join(' ')}]`,
  crosstab: (random) =>
    [
      `col     ${list(6, (at) => padded(2015 + at, 7)).join('')}`,
      ...list(5, (at) => `row ${at}   ${list(6, () => padded(integer(random, 0, 99_999), 7)).join('')}`),
    ].join('\n'),
  'a correlation table': (random) =>
    [
      `     ${list(5, (at) => padded(`v${at}`, 10)).join('')}`,
      ...list(5, (at) => `v${at}   ${list(5, () => padded((random() * 2 - 1).toFixed(6), 10)).join('')}`),
    ].join('\n'),
  'an array of pixels': (random) => {
    const row = () => list(28, () => padded(random() < 0.6 ? 0 : integer(random, 0, 255), 3)).join(' ')
    return `[[${list(10, row).join(']\n [')}]]`
  },
  sudoku: (random) => list(9, () => list(9, () => integer(random, 0, 9)).join(oneOf(random, [' ', ' ', '']))).join('\n'),
  'game of life': (random) => list(12, () => list(integer(random, 8, 24), () => integer(random, 0, 1)).join(' ')).join('\n'),
  'binary digits': (random) => list(6, () => list(32, () => integer(random, 0, 1)).join('')).join('\n'),
  'numbers in octets': (random) =>
    list(6, () => list(4, () => list(8, () => integer(random, 0, 1)).join('')).join(' ')).join('\n'),
  'a ROC curve': (random) => {
    const rates = () => list(12, () => random()).toSorted((one, other) => one - other).map((one) => one.toFixed(8))
    return `fpr [${rates().join(' ')}]\ntpr [${rates().join(' ')}]`
  },
  'hyper-parameters': (random) =>
    JSON.stringify({ n_estimators: integer(random, 10, 5_000), max_depth: integer(random, 1, 30), learning_rate: random(), random_state: integer(random, 0, 4_294_967_295), seed: integer(random, 0, 2 ** 31) }),
  'training epochs': (random) =>
    lines(random, (at) => `Epoch ${at + 1}/100 - ${integer(random, 1, 999)}s ${integer(random, 1, 99)}ms/step - loss: ${random().toFixed(4)} - val_loss: ${random().toFixed(4)}`),
  'model summary': (random) =>
    `${lines(random, (at) => `dense_${at} (Dense)   (None, ${integer(random, 1, 4_096)})   ${integer(random, 1, 99_999_999).toLocaleString('en')}`)}\nTotal params: ${integer(random, 1, 999_999_999).toLocaleString('en')}`,
  'progress bars': (random) =>
    lines(random, () => `${padded(integer(random, 0, 100), 3)}%|█████     | ${integer(random, 0, 99_999_999)}/${integer(random, 100_000, 99_999_999)} [${digits(random, 2)}:${digits(random, 2)}<${digits(random, 2)}:${digits(random, 2)}, ${integer(random, 1, 99_999)}.${digits(random, 2)}it/s]`),
  'a traceback': (random) =>
    lines(random, (at) => `  File "/usr/lib/python3.13/site-packages/module_${at}.py", line ${integer(random, 1, 99_999)}, in call_${at}`),
  'log lines': (random) =>
    lines(random, () => `${moment(random).replace('T', ' ').slice(0, 23).replace('.', ',')} INFO [${integer(random, 1, 99_999)}] worker-${integer(random, 0, 99)}: handled ${integer(random, 0, 99_999_999)} rows in ${integer(random, 0, 99_999)} ms`),
  'JSON log lines': (random) =>
    lines(random, () => JSON.stringify({ time: integer(random, 1.5e12, 1.8e12), pid: integer(random, 1, 4_194_304), seq: integer(random, 0, 9_999_999_999), took: random() })),
  syslog: (random) =>
    lines(random, () => `Mar ${integer(random, 10, 31)} ${moment(random).slice(11, 19)} host kernel: [${integer(random, 1, 9_999_999)}.${digits(random, 6)}] eth0: ${digits(random, 8)}`),
  'access log': (random) =>
    lines(random, () => `${ip(random)} - - [${digits(random, 2)}/Mar/2024:10:${digits(random, 2)}:${digits(random, 2)} +0000] "GET /item/${digits(random, 9)} HTTP/1.1" 200 ${integer(random, 0, 9_999_999)}`),
  'ls -l': (random) =>
    lines(random, (at) => `-rw-r--r-- 1 1000 1000 ${padded(integer(random, 0, 9_999_999_999), 10)} Mar ${integer(random, 10, 31)} 10:${digits(random, 2)} file-${digits(random, 6)}-${at}.csv`),
  'ps aux': (random) =>
    lines(random, () => `user ${padded(integer(random, 1, 4_194_304), 8)} ${padded((random() * 100).toFixed(1), 5)} ${padded((random() * 100).toFixed(1), 4)} ${padded(integer(random, 0, 99_999_999), 8)} ${padded(integer(random, 0, 9_999_999), 7)} ?  S  10:${digits(random, 2)}   0:${digits(random, 2)} python`),
  top: (random) =>
    lines(random, () => `${padded(integer(random, 1, 4_194_304), 7)} root  20  0 ${padded(integer(random, 0, 99_999_999), 8)} ${padded(integer(random, 0, 9_999_999), 7)} ${padded(integer(random, 0, 999_999), 6)} S ${padded((random() * 100).toFixed(1), 5)}`),
  'df -k': (random) =>
    lines(random, (at) => `/dev/sd${'abcdefghijklmno'[at] ?? 'z'}1 ${padded(integer(random, 0, 9_999_999_999), 12)} ${padded(integer(random, 0, 9_999_999_999), 12)} ${padded(integer(random, 0, 9_999_999_999), 12)} ${integer(random, 0, 100)}% /mnt/${at}`),
  free: (random) =>
    ['Mem:', 'Swap:'].map((name) => name.padEnd(8) + list(6, () => padded(integer(random, 0, 999_999_999), 12)).join('')).join('\n'),
  vmstat: (random) => lines(random, () => list(16, () => padded(integer(random, 0, 10 ** integer(random, 1, 7)), 6)).join(' ')),
  'nvidia-smi': (random) =>
    lines(random, (at) => `|   ${at}  GPU   Off | 00000000:${digits(random, 2)}:00.0 Off | ${integer(random, 0, 80_000)}MiB / ${integer(random, 1_000, 80_000)}MiB | ${integer(random, 0, 100)}% |`),
  'git log': (random) =>
    lines(random, () => `commit ${hex(random, 40)}\nDate:   Mon Mar ${integer(random, 10, 31)} 10:11:${digits(random, 2)} 2024 +0${integer(random, 0, 9)}00\n\n    Change ${integer(random, 1, 99_999)}\n`),
  'git diff --stat': (random) => lines(random, (at) => ` src/file_${at}.ts | ${padded(integer(random, 1, 9_999), 4)} +++--\nindex ${hex(random, 7)}..${hex(random, 7)} 100644`),
  'EXPLAIN ANALYZE': (random) =>
    lines(random, (at) => `${'  '.repeat(at)}->  Seq Scan on t${at}  (cost=0.00..${integer(random, 1, 9_999_999)}.${digits(random, 2)} rows=${integer(random, 1, 99_999_999)} width=${integer(random, 1, 999)}) (actual time=${random().toFixed(3)}..${(random() * 1e5).toFixed(3)} rows=${integer(random, 1, 99_999_999)} loops=1)`),
  'psql rows': (random) =>
    [' id | a_total | b_total ', '----+---------+---------', ...list(integer(random, 2, 12), (at) => ` ${padded(at, 2)} | ${padded(integer(random, 0, 9_999_999), 10)} | ${padded(integer(random, 0, 9_999_999_999), 12)} `), '(12 rows)'].join('\n'),
  'LaTeX table': (random) => lines(random, (at) => `Model ${at} & ${list(5, () => integer(random, 0, 99_999)).join(' & ')} \\\\`),
  'regression summary': (random) =>
    lines(random, (at) => `x${at} ${list(6, () => padded((random() * 10 ** integer(random, 0, 4) * (random() < 0.3 ? -1 : 1)).toFixed(3), 11)).join('')}`),
  'a query string': (random) => `https://example.com/v/${digits(random, 12)}?t=${integer(random, 1.5e12, 1.8e12)}&id=${digits(random, 10)}`,
  'benchmark rows': (random) => lines(random, (at) => `case_${at}  ${integer(random, 1, 9_999_999_999)} ns/op  ${integer(random, 0, 9_999_999)} B/op ${padded(integer(random, 0, 99_999), 8)} allocs/op`),
  'a sparse matrix': (random) => lines(random, () => `  (${integer(random, 0, 99_999)}, ${integer(random, 0, 99_999)})\t${random().toFixed(6)}`),
  'years in columns': (random) => `country ${list(8, (at) => 2015 + at).join(' ')}\n${lines(random, (at) => `C${at} ${list(8, () => integer(random, 100, 9_999)).join(' ')}`)}`,
  'sports results': (random) => lines(random, () => `${integer(random, 0, 6)}-${integer(random, 0, 6)} ${integer(random, 0, 6)}-${integer(random, 0, 6)} ${integer(random, 0, 7)}-${integer(random, 0, 7)}`),
  'digits of pi': (random) => `3.${digits(random, integer(random, 20, 200))}`,
  'large integers': (random) => lines(random, (at) => `${at}! = ${integer(random, 1, 9)}${digits(random, integer(random, 5, 60))}`),
  fractions: (random) => lines(random, () => `${integer(random, 1, 99_999_999)}/${integer(random, 1, 99_999_999)}`),
  subtitles: (random) => lines(random, (at) => `${at}\n00:${digits(random, 2)}:${digits(random, 2)},${digits(random, 3)} --> 00:${digits(random, 2)}:${digits(random, 2)},${digits(random, 3)}`),
} // prettier-ignore
