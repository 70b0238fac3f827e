import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { figure, report, type Figures } from './figures.ts'
import type { screeningInputs } from './screening-inputs.ts'
import { againstPath, inTurn, Subject, type Sample } from './subject.ts'

const script = join(import.meta.dirname, 'screening-subject.ts')
const samples = 5
const waits = 3

/** The longest that a small request waited while the subject did its job, in milliseconds. */
async function worstWait(subject: Subject, job: string): Promise<number> {
  const url = `http://127.0.0.1:${subject.hello['port']}/livez`
  // A connection of its own: one that idles while the loop is held is closed by the server.
  const ask = async () => (await fetch(url, { headers: { connection: 'close' } })).text()
  // The first request of a process loads its client, which is no wait of the subject's making.
  await ask()
  const work = { isDone: false }
  const doing = subject.do(job).finally(() => {
    work.isDone = true
  })
  let worst = 0
  do {
    const started = performance.now()
    await ask()
    worst = Math.max(worst, performance.now() - started)
    await setTimeout(2)
  } while (!work.isDone)
  await doing
  return worst
}

/** How fast the filters are, and how long everybody else waits for them; with `--against`, beside another build. */
export async function benchScreening(): Promise<void> {
  const product = join(import.meta.dirname, '../..')
  const path = againstPath()
  await using own = await Subject.start(script, product)
  await using other = path === null ? null : await Subject.start(script, path)
  const subjects = { own, other }
  const figures: Figures = {}
  const rate = async (job: Exclude<keyof ReturnType<typeof screeningInputs>, 'cells' | 'rows' | 'large'>) => {
    const perSecond = ({ cpuMilliseconds }: Sample) => Number(own.hello[job]) / 1000 / cpuMilliseconds
    await inTurn(1, (subject) => subject.do(job), subjects)
    const taken = await inTurn(samples, (subject) => subject.do(job), subjects)
    return compared(taken.own.map(perSecond), taken.other.map(perSecond), 'MB/s')
  }
  const time = async (job: 'cells' | 'rows') => {
    const taken = await inTurn(samples, (subject) => subject.do(job), subjects)
    const cpu = (all: readonly Sample[]) => all.map((sample) => sample.cpuMilliseconds)
    return compared(cpu(taken.own), cpu(taken.other), 'ms')
  }
  figures['screen_text'] = await rate('prose')
  figures['screen_encoded'] = await rate('encoded')
  figures['screen_unbroken'] = await rate('unbroken')
  figures['screen_logs'] = await rate('logs')
  figures['screen_html'] = await rate('html')
  figures['screen_html_links'] = await rate('htmlWithLinks')
  figures['screen_markdown'] = await rate('markdown')
  figures['screen_markdown_tables'] = await rate('markdownTables')
  figures['screen_ids'] = await rate('identifiers')
  figures['screen_json'] = await rate('json')
  figures['screen_csv'] = await rate('csv')
  figures['screen_numbers'] = await rate('numbers')
  figures['screen_20_cells_of_50000'] = await time('cells')
  figures['screen_10000_rows_of_900'] = await time('rows')
  const longest = await inTurn(waits, (subject) => worstWait(subject, 'large'), subjects)
  figures['screen_blocking'] = compared(longest.own, longest.other, 'ms')
  report('filters', figures)
}

function compared(own: readonly number[], other: readonly number[], unit: 'ms' | 'MB/s') {
  return figure(own, {
    unit,
    ...(other.length === 0 ? {} : { reference: { name: 'the other build', samples: other } }),
  })
}
