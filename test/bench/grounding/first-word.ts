import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { figure, type Figures } from '../figures.ts'

const statement = 'SELECT name, price FROM products ORDER BY name'
/** What the model says, with a value that it names as its first word, and with the same value written. */
const answers = {
  named: '{{run1:/rows/0/price}} is what the first of them costs, and the last costs {{run1:/rows/1/price}}.',
  written: '12.50 is what the first of them costs, and the last costs 13.50.',
} as const
const tools = ['run_sql']

interface Timed {
  /** From the moment at which the model begins to answer to the first words that a caller has. */
  readonly first: number
  /** From there to the end of the stream. */
  readonly rest: number
}

/**
 * What binding adds to the time to the first word of a stream, through a whole service in this process: an answer of a group that has it off beside one
 * that is marked, and beside one that begins with a value to fill in. In turns; the same script each time.
 */
export async function firstWord(rounds: number): Promise<Figures> {
  const groups = {
    open: { models: ['*'], tools, grounding: 'annotate' },
    describing: { models: ['*'], tools, grounding: 'off' },
  }
  await using service = await SurfaceService.start({ gateway: { groups } })
  const keys = { marked: await service.key('open'), off: await service.key('describing') }
  const ways = {
    off: () => timedAnswer(service, keys.off, answers.written),
    marked: () => timedAnswer(service, keys.marked, answers.written),
    named: () => timedAnswer(service, keys.marked, answers.named),
  }
  const samples: Record<keyof typeof ways, Timed[]> = { off: [], marked: [], named: [] }
  for (let round = -10; round < rounds; round += 1) {
    for (const name of turned(['off', 'marked', 'named'] as const, round)) {
      const timed = await ways[name]()
      if (round >= 0) samples[name].push(timed)
    }
  }
  const of = (name: keyof typeof ways, part: keyof Timed) => samples[name].map((sample) => sample[part])
  const added = (name: 'marked' | 'named', part: keyof Timed) =>
    figure(of(name, part).map((value, at) => value - (of('off', part)[at] ?? Number.NaN)))
  return {
    'grounding.first_word_off': figure(of('off', 'first')),
    'grounding.first_word_marked_added': added('marked', 'first'),
    'grounding.first_word_named_added': added('named', 'first'),
    'grounding.end_marked_added': added('marked', 'rest'),
  }
}

/** Who goes first changes with each round. */
function turned<Name>(names: readonly Name[], round: number): readonly Name[] {
  const by = ((round % names.length) + names.length) % names.length
  return [...names.slice(by), ...names.slice(0, by)]
}

async function timedAnswer(service: SurfaceService, key: string, text: string): Promise<Timed> {
  let begun = Number.NaN
  service.script([
    { kind: 'turn', calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }] },
    () => {
      begun = performance.now()
      return { kind: 'turn', text, chunk: 6 }
    },
  ])
  const messages = [{ role: 'user', content: 'What do the products cost?' }]
  const response = await service.post('/v1/chat/completions', key, { model: 'analyst', messages, stream: true })
  if (response.status !== 200 || response.body === null)
    throw new Error(`The service answered ${response.status}: ${await response.text()}`)
  let first: number | null = null
  let got = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    got += piece
    if (first === null && /"content":"[^"]/.test(got)) first = performance.now()
  }
  if (first === null || Number.isNaN(begun)) throw new Error(`No words came: ${got.slice(0, 500)}`)
  return { first: first - begun, rest: performance.now() - first }
}
