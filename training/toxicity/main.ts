import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { kindCount } from '../../src/filters/toxicity/categories.ts'
import { Lexicon, readEntries } from '../../src/filters/toxicity/lexicon.ts'
import { ToxicityModel } from '../../src/filters/toxicity/model.ts'
import { ToxicityScorer } from '../../src/filters/toxicity/scorer.ts'
import { Chance } from '../random.ts'
import { calibrationOf } from './calibrate.ts'
import { ExampleReader } from './examples.ts'
import { Generator } from './generator.ts'
import { train } from './train.ts'
import { modelBytes, type ModelParts } from './write-model.ts'

const project = resolve(import.meta.dirname, '../..')
export const modelPath = join(project, 'src/filters/toxicity/toxicity.model')
export const lexiconPath = join(project, 'src/filters/toxicity/lexicon.txt')

export const defaults = {
  seed: 20_261_129,
  texts: 30_000,
  calibrationTexts: 6_000,
  passes: 4,
  rows: 65_536,
  fewest: 4,
} as const
type Settings = { readonly [Name in keyof typeof defaults]: number }

const readers = /\/(?:annotate|categories|classes|features|hashes|lexicon|scorer|words)\.ts$|\/lexicon\.txt$/

/** What a model is made by: these programs and lists, and the words of one version of Faker. */
export function sourcesDigest(): string {
  const folders = ['training/toxicity', 'src/filters/toxicity']
  const files = folders
    .flatMap((folder) => readdirSync(join(project, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes('/training/') || readers.test(path))
    .concat(join(project, 'training/random.ts'), join(project, 'training/names/gazetteers.ts'))
    .sort()
  const hash = createHash('sha256')
  for (const path of files) hash.update(`${relative(project, path)}\n`).update(readFileSync(path))
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/@faker-js/faker/package.json'), 'utf8')) as {
    version: string
  }
  return hash.update(`faker ${version}`).digest('hex')
}

/** Everything of a model; the same for the same settings. */
export function makeToxicity(settings: Settings, say: (line: string) => void): ModelParts {
  const { seed, texts, passes, rows, fewest, calibrationTexts } = settings
  const entries = readEntries(lexiconPath)
  const lexicon = new Lexicon(entries)
  const generator = new Generator(seed, 'training', entries)
  const reader = new ExampleReader(lexicon)
  const examples = Array.from({ length: texts }, () => reader.read(generator.text()))
  const weights = train(examples, { chance: new Chance(seed + 1), passes, fewest, say })
  const identity = { version: 1, seed, sources: sourcesDigest() }
  const parts = { weights, rows, identity, calibration: unknownCalibration }
  const scorer = new ToxicityScorer(modelOf(modelBytes(parts)), lexicon)
  const others = new Generator(seed + 2, 'held-out', entries)
  const scored = Array.from({ length: calibrationTexts }, () => {
    const { text, kinds } = others.text()
    scorer.read(text)
    return { kinds, sums: [...scorer.sums.subarray(0, kindCount)] }
  })
  return { ...parts, calibration: calibrationOf(scored) }
}

const unknownCalibration: ModelParts['calibration'] = Array.from({ length: kindCount }, () => [
  [0, 0],
  [1, 1],
])

function modelOf(bytes: Buffer): ToxicityModel {
  const end = bytes.indexOf(10)
  return new ToxicityModel(JSON.parse(bytes.subarray(0, end).toString('utf8')), bytes.subarray(end + 1))
}
