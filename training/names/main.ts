import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Chance } from '../random.ts'
import { languages, wordClasses } from './gazetteers.ts'
import { Generator, type MadeText } from './generator.ts'
import { toExample, train } from './train.ts'
import type { ModelParts } from './write-model.ts'

const project = resolve(import.meta.dirname, '../..')
export const modelPath = join(project, 'src/filters/names/names.model')

export const defaults = { seed: 20_261_128, texts: 44_000, passes: 4, rows: 262_144, fewest: 3 } as const
type Settings = { readonly [Name in keyof typeof defaults]: number }

/** What a model is made by: these programs and lists, and the locales of one version of Faker. */
export function sourcesDigest(): string {
  const folders = ['training/names', 'src/filters/names']
  const files = folders
    .flatMap((folder) => readdirSync(join(project, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes('/training/') || /\/(?:tokens|features|labels)\.ts$/.test(path))
    .concat(join(project, 'training/random.ts'))
    .sort()
  const hash = createHash('sha256')
  for (const path of files) hash.update(`${relative(project, path)}\n`).update(readFileSync(path))
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/@faker-js/faker/package.json'), 'utf8')) as {
    version: string
  }
  return hash.update(`faker ${version}`).digest('hex')
}

/** Everything of a model; the same for the same settings. */
export function makeNames(settings: Settings, say: (line: string) => void): ModelParts {
  const { seed, texts, passes, rows, fewest } = settings
  const classes = wordClasses()
  const generator = new Generator(seed, 'training')
  const chance = new Chance(seed + 1)
  const made = Array.from({ length: texts }, () => madeText(generator, chance))
  const classesOf = (hash: number) => classes.get(hash) ?? 0
  const weights = train(made.map(toExample), { chance, classesOf, passes, fewest, say })
  return { weights, classes, rows, identity: { version: 1, seed, sources: sourcesDigest() } }
}

function madeText(generator: Generator, chance: Chance): MadeText {
  if (chance.percent(16)) return generator.technical()
  const language = chance.percent(58) ? 'english' : chance.pick(languages.slice(1))
  const made = generator.text(language)
  // Some write everything small. A letter that would change its length stays.
  return chance.percent(7) && made.text.toLowerCase().length === made.text.length
    ? { ...made, text: made.text.toLowerCase() }
    : made
}
