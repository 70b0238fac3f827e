import { simulateCanary, type SimulatedCanary } from '../../support/feedback/simulated-canary.ts'

const runs = 200
const baseRates = [0.01, 0.02, 0.05, 0.1, 0.2]
const shares = [0.1, 0.25, 0.5, 1]

/** How each candidate acts, and how many requests its canary decides at most. */
const candidates = [
  { name: 'three times as often', times: 3, mostDecided: 200 },
  { name: 'as often', times: 1, mostDecided: 2_000 },
  { name: 'at its bound, 1.25 times', times: 1.25, mostDecided: 2_000 },
]

/**
 * Canaries over made requests with the real watch, with the defaults of bounds: how many are rolled back, by how often the threshold in
 * force acts, by the share of principals that are in, and by how often the candidate acts. Each row is of 200 seeds.
 */
export async function benchCanaries(): Promise<void> {
  console.log(
    `\n${runs} canaries each, seeds 0 to ${runs - 1}; rolled back, and the middle of the requests decided by then`,
  )
  for (const { name, times, mostDecided } of candidates) {
    console.log(`\nThe candidate acts ${name}, and decides ${mostDecided} requests at most:`)
    console.log(`  ${'in force acts on'.padEnd(18)}${shares.map((share) => `share ${share}`.padEnd(26)).join('')}`)
    for (const baseRate of baseRates) {
      const cells: string[] = []
      for (const share of shares) cells.push(cellOf(await canaries({ baseRate, times, share, mostDecided })).padEnd(26))
      console.log(`  ${`${100 * baseRate} %`.padEnd(18)}${cells.join('')}`)
    }
  }
  console.log(
    '\nIt acts as often, and three times as often from then on; share 0.25, rolled back within 200 decided since:',
  )
  for (const changesAfter of [200, 1_000, 4_000]) {
    const cells: string[] = []
    for (const baseRate of baseRates) {
      const all = await canaries({ baseRate, times: 3, share: 0.25, changesAfter, mostDecided: changesAfter + 200 })
      cells.push(`${100 * baseRate} %: ${cellOf(all, changesAfter)}`)
    }
    console.log(`  after ${changesAfter}: ${cells.join('; ')}`)
  }
  console.log(
    '\nIt acts as often, 5 % of requests, share 0.25, and so many in a hundred decisions are complained of, of which three of each caller count:',
  )
  for (const [others, canary] of [
    [0.5, 0.5],
    [0.5, 2.5],
    [0.5, 5],
    [0.5, 10],
    [0.5, 15],
    [0.5, 100],
    [3, 3],
    [10, 10],
  ] as const) {
    const cells: string[] = []
    for (const callers of [20, 100, 1_000]) {
      const complained = { callers, complaints: { others, canary } }
      const all = await canaries({ baseRate: 0.05, times: 1, share: 0.25, mostDecided: 1_000, ...complained })
      cells.push(`${callers} callers ${cellOf(all)}`)
    }
    console.log(`  of others ${others}, of the canary ${canary}: ${cells.join('; ')}`)
  }
}

async function canaries(
  options: Omit<Parameters<typeof simulateCanary>[0], 'seed'>,
): Promise<readonly SimulatedCanary[]> {
  const all: SimulatedCanary[] = []
  for (let seed = 0; seed < runs; seed += 1) all.push(await simulateCanary({ ...options, seed }))
  return all
}

function cellOf(all: readonly SimulatedCanary[], from = 0): string {
  const back = all.filter(({ isRolledBack }) => isRolledBack)
  const rate = `${((100 * back.length) / all.length).toFixed(1)} %`
  const middle = back.map(({ decided }) => decided - from).toSorted((one, other) => one - other)[
    Math.floor(back.length / 2)
  ]
  return middle === undefined ? rate : `${rate}, ${middle} decided`
}
