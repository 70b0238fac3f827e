import type { Filter, FilterContext, FilterPart } from '../../src/filters/filter.ts'
import { readingsOf, wordReadingsOf } from '../../src/filters/views/views.ts'
import { allDetectors } from '../support/filters/hostile/ask-detectors.ts'
import { systemPrompt } from '../support/filters/hostile/targets.ts'

/** What texts are put together from: what detectors and readers begin or end something at. */
const units = [
  'a', 'A', '0', '4111', '1 ', '@', '.', '-', '_', '*', '**', '`', '```', '~~~', '[', ']', '](', '![', '(', ')', '<', '>', '<a ', '</b>', '<!--', '-->', '<b>', '&', '&#', '&#97;',
  '&amp;', '%', '%4', '%41', '\\', '\\u', '\\u0061', '\\x41', '=', '=40', '=\n', '\n', '\r\n', '\n> ', ' ', '  \n', '\t', '|', '$', '!', '+', '/', ':', ';', ',', '"', "'", '#', '{', '}',
  'select ', ' from ', 'with x as (', '```sql\n', 'password=', 'token: ', 'Bearer ', 'eyJhbGci', 'AKIA', '-----BEGIN RSA PRIVATE KEY-----', '-----END ', 'PRIVATE KEY', 'DE89', 'GB82WEST', '+49 30 ', '(030) ',
  'www.', 'http://', 'a@a.', '@a.aa', ' at ', ' dot ', '(at)', '[dot]', 'x7', '1-', '1.', '12:', '0x41 ', '41 ', '41:', 'QUFB', 'QUFBQUFBQUFBQUFB\n', 'k i l l ', 'k.', '1d107 ', 'kiii', 'ki-ll ', 'not ', 'kill ', 'you ', 'hate ',
  'а', 'Ꮮ', '🅺', '𝓀', 'é', '\u0301', '\u200b', '\u202e', '\u{e0061}', '\ufe01', '中', 'ไ', 'ß', 'İ', '\ud800', 'kestrel', 'When a passenger asks ', 'cust_', 'background:url(', 'onclick=', 'src=', 'data:', 'SSN ', 'IBAN ', 'card ',
] // prettier-ignore

interface Subject {
  readonly name: string
  readonly run: (text: string) => Promise<unknown>
}

const statement =
  'SELECT c.country, SUM(ol.quantity) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.country'
const context: FilterContext = {
  direction: 'outbound',
  group: 'default',
  executedSql: [statement],
  anySql: true,
  systemPrompts: [systemPrompt],
}

function subjects(): Subject[] {
  const { signal } = new AbortController()
  const ofDetector = (filter: Filter): Subject => ({
    name: filter.name,
    run: (text) =>
      filter.inspect([{ text, provenance: 'model', form: 'markdown' } satisfies FilterPart], context, signal),
  })
  return [
    { name: 'readings', run: async (text) => readingsOf(text) },
    { name: 'spellings', run: async (text) => wordReadingsOf(readingsOf(text)) },
    ...allDetectors().map(ofDetector),
  ]
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Shape {
  readonly prefix: string
  readonly repeated: string
  readonly suffix: string
}

function shapeOf(random: () => number): Shape {
  const unit = () => units[Math.floor(random() * units.length)] as string
  const some = (most: number) => Array.from({ length: 1 + Math.floor(random() * most) }, unit).join('')
  return { prefix: random() < 0.3 ? some(2) : '', repeated: some(4), suffix: random() < 0.3 ? some(2) : '' }
}

const textOf = ({ prefix, repeated, suffix }: Shape, length: number) =>
  prefix + repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length) + suffix

/** The least of two: milliseconds of work of this thread, which others on the machine do not lengthen. */
async function timeOf({ run }: Subject, text: string): Promise<number> {
  let least = Infinity
  for (let count = 0; count < 2; count += 1) {
    const began = process.threadCpuUsage()
    await run(text)
    const { user, system } = process.threadCpuUsage(began)
    least = Math.min(least, (user + system) / 1_000)
  }
  return least
}

const [small, large, larger, whole] = [4_096, 16_384, 65_536, 1_048_576]
/** Shorter times are noise. */
const measurable = 4
/** 1 is in proportion to the text, 2 to its square. */
const suspicious = 1.4

const slopeOf = (from: number, to: number, growth: number) => Math.log(to / from) / Math.log(growth)

/** Slopes at rising sizes for as long as they are suspicious; the last one says what it is. */
async function slopesOf(subject: Subject, shape: Shape): Promise<number[]> {
  const slopes: number[] = []
  let before = await timeOf(subject, textOf(shape, small))
  for (const length of [large, larger, larger * 4]) {
    const time = await timeOf(subject, textOf(shape, length))
    if (time < measurable) return []
    slopes.push(slopeOf(before, time, 4))
    if ((slopes.at(-1) as number) < suspicious) return slopes
    if (time > 4_000) return slopes
    before = time
  }
  return slopes
}

async function isSuspicious(subject: Subject, shape: Shape): Promise<boolean> {
  const slopes = await slopesOf(subject, shape)
  return slopes.length > 1 && (slopes.at(-1) as number) >= suspicious
}

function roundsWanted(): number {
  const at = process.argv.indexOf('--rounds')
  return at < 0 ? 200 : Number(process.argv[at + 1])
}

interface Slowest {
  readonly shape: Shape
  readonly rate: number
}

/**
 * Searches for texts that take a detector, or a reader of texts, more time than in proportion to their length, and measures the
 * slowest text that it met of each up to 1 MB. Exits with 1 where one is found.
 */
export async function benchLinearity(): Promise<void> {
  const rounds = roundsWanted()
  const random = seeded(Number(process.env['SALLYPORT_LINEARITY_SEED'] ?? 1))
  const all = subjects()
  for (const subject of all)
    await timeOf(subject, textOf({ prefix: '', repeated: 'warm up 1@a.b ', suffix: '' }, small))
  const slowest = new Map<Subject, Slowest>()
  let superlinear = 0
  for (let round = 0; round < rounds; round += 1) {
    const shape = shapeOf(random)
    for (const subject of all) {
      const time = await timeOf(subject, textOf(shape, large))
      if (time > (slowest.get(subject)?.rate ?? 0)) slowest.set(subject, { shape, rate: time })
      if (time < measurable) continue
      // What is so twice is no accident of one measurement.
      const slopes = (await isSuspicious(subject, shape)) ? await slopesOf(subject, shape) : []
      if (slopes.length < 2 || (slopes.at(-1) as number) < suspicious) continue
      superlinear += 1
      console.log(
        `SUPERLINEAR ${subject.name}: ${JSON.stringify(shape)}, slopes ${slopes.map((slope) => slope.toFixed(2)).join(', ')}`,
      )
    }
  }
  console.log(`\n${rounds} shapes of text, ${superlinear} superlinear.\n`)
  console.log('| what reads | slowest text met, repeated | 64 KB | 1 MB | slope | MB/s |\n|---|---|---|---|---|---|')
  for (const [subject, { shape }] of slowest) {
    const [less, more] = [await timeOf(subject, textOf(shape, larger)), await timeOf(subject, textOf(shape, whole))]
    const cells = [
      subject.name,
      `\`${JSON.stringify(shape.repeated)}\``,
      `${less.toFixed(0)} ms`,
      `${more.toFixed(0)} ms`,
    ]
    console.log(`| ${[...cells, slopeOf(less, more, 16).toFixed(2), (1_000 / more).toFixed(1)].join(' | ')} |`)
  }
  if (superlinear > 0) process.exitCode = 1
}
