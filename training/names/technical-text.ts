import type { Chance } from '../random.ts'
import { adjectives, nouns, verbs } from './gazetteers.ts'
import { capitalizedWords } from './word-lists.ts'

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** Words of a program, as one makes them. */
class Words {
  readonly chance: Chance

  constructor(chance: Chance) {
    this.chance = chance
  }

  acronym = () =>
    this.chance.fill(
      this.chance.pick(['??', '???', '????', '???', '??-###', '??##', '???-20##-####', '???-20##-#####', '??? ####']),
    )
  command = () => `${this.verb()} ${this.noun()}`
  noun = () => this.chance.pick(nouns)
  Noun = () => capital(this.noun())
  verb = () => this.chance.pick(verbs)
  Verb = () => capital(this.verb())
  Adjective = () => capital(this.adjective())
  adjective = () => this.chance.pick(adjectives)
  term = () => this.chance.pick(capitalizedWords)
  number = () => String(this.chance.between(0, this.chance.pick([9, 99, 9999])))
  camel = () => `${this.verb()}${this.Noun()}`
  pascal = () => `${this.Noun()}${this.Noun()}`
  snake = () => `${this.noun()}_${this.noun()}`
  constant = () => `${this.noun()}_${this.noun()}`.toUpperCase()
  path = () => `/${this.noun()}/${this.noun()}/${this.noun()}.${this.chance.pick(['ts', 'py', 'js', 'java', 'go'])}`
  hex = (length: number) => Array.from({ length }, () => this.chance.between(0, 15).toString(16)).join('')
}

/** Lines as they stand in programs, logs, traces, tables and their documents: without a name of anybody. */
const shapes: readonly ((words: Words) => string)[] = [
  (w) => `const ${w.camel()} = ${w.camel()}(${w.noun()}, '${w.Noun()}')`,
  (w) => `  return this.${w.noun()}.${w.camel()}(${w.number()})`,
  (w) => `export class ${w.pascal()} extends ${w.pascal()} {`,
  (w) => `import { ${w.pascal()} } from './${w.noun()}.js'`,
  (w) => `    def ${w.snake()}(self, ${w.noun()}):`,
  (w) => `    """${w.Verb()} the ${w.noun()} of a ${w.pascal()}."""`,
  (w) => `// ${w.Verb()} the ${w.adjective()} ${w.noun()} of ${w.term()}`,
  (w) => ` * @param {${w.Noun()}} ${w.noun()} The ${w.noun()} to ${w.verb()}`,
  (w) => ` * ${w.Verb()}s the ${w.noun()}. See ${w.pascal()} and ${w.term()}.`,
  (w) => `# ${w.term()} ${w.noun()}`,
  (w) => `SELECT ${w.noun()}, ${w.noun()} FROM ${w.snake()} WHERE ${w.noun()} = '${w.Noun()}';`,
  (w) => `INSERT INTO ${w.noun()} VALUES (${w.number()}, '${w.Noun()}', '${w.term()}');`,
  (w) => `"${w.noun()}": "${w.Noun()}",`,
  (w) => `{"${w.noun()}": {"${w.camel()}": ${w.number()}, "${w.noun()}": "${w.term()}"}}`,
  (w) => `${w.noun()}: ${w.Noun()}`,
  (w) => `  - ${w.noun()}: ${w.term()}`,
  (w) =>
    `2024-0${w.chance.between(1, 9)}-1${w.chance.between(0, 9)}T10:2${w.chance.between(0, 9)}:0${w.chance.between(0, 9)}Z INFO ${w.pascal()} ${w.Verb()} ${w.noun()} ${w.number()} ms`,
  (w) =>
    `[${w.chance.pick(['ERROR', 'WARN', 'DEBUG', 'INFO'])}] ${w.Noun()} ${w.verb()} ${w.noun()}: ${w.term()} ${w.number()}`,
  (w) =>
    `Jan ${w.chance.between(1, 28)} 12:0${w.chance.between(0, 9)}:11 ${w.noun()} ${w.noun()}[${w.number()}]: ${w.Noun()} ${w.noun()} ${w.verb()}`,
  (w) => `    at ${w.pascal()}.${w.camel()} (${w.path()}:${w.number()}:${w.number()})`,
  (w) => `  File "${w.path()}", line ${w.number()}, in ${w.snake()}`,
  (w) => `${w.pascal()}Error: ${w.noun()} is not ${w.adjective()}`,
  (w) => `Caused by: java.lang.${w.pascal()}Exception: ${w.Noun()} ${w.noun()}`,
  (w) => `| ${w.Noun()} | ${w.Noun()} | ${w.number()} |`,
  (w) => `${w.Noun()},${w.Noun()},${w.number()},${w.number()}`,
  (w) => `${w.Noun()}\t${w.number()}\t${w.Noun()}\t${w.number()}`,
  (w) => `${w.Noun()}   ${w.number()}   ${w.Noun()}`,
  (w) => `$ npm ${w.verb()} ${w.noun()} --${w.noun()}`,
  (w) => `${w.constant()}=${w.hex(16)}`,
  (w) => `commit ${w.hex(40)}`,
  (w) => `${w.Verb()} ${w.noun()} in ${w.term()} (#${w.number()})`,
  (w) => `- ${w.hex(7)}: ${w.Verb()} the ${w.noun()} of ${w.term()}`,
  (w) => `* ${w.Verb()} ${w.pascal()} to ${w.term()} ${w.number()}.${w.number()}`,
  (w) => `'${w.Noun()}'`,
  (w) => `"${w.term()}"`,
  (w) => `'${w.Noun()} ${w.Noun()}',`,
  (w) => w.Noun(),
  (w) => w.term(),
  (w) => `${w.Noun()} ${w.Noun()}`,
  (w) => w.pascal(),
  (w) => `## ${w.Noun()} and ${w.term()}`,
  (w) => `The ${w.pascal()} ${w.verb()}s a ${w.noun()} when ${w.term()} is ${w.adjective()}.`,
  (w) => `${w.term()} ${w.verb()}s ${w.noun()}s from ${w.term()}, ${w.term()} and ${w.term()}.`,
  (w) => `If the ${w.noun()} is ${w.adjective()}, use ${w.pascal()} or ${w.term()} instead of ${w.term()}.`,
  (w) => `Returns a ${w.term()} of ${w.Noun()} ${w.noun()}s. Default: ${w.term()}.`,
  (w) => `See ${w.term()} for the ${w.noun()}; ${w.Noun()} and ${w.Noun()} are ${w.adjective()}.`,
  (w) =>
    `This addresses the ${w.adjective()} issues ${w.acronym()}, ${w.acronym()} and ${w.acronym()}; see the ${w.noun()} notes for ${w.acronym()}.`,
  (w) => `${w.Verb()} for ${w.verb()}ing the ${w.noun()} in ${w.acronym()} goes to the ${w.noun()}s of ${w.term()}.`,
  (w) =>
    `${w.Noun()} is a ${w.noun()} that ${w.verb()}s the ${w.Noun()} ${w.Noun()} ${w.Noun()}, ${w.acronym()}, or ${w.acronym()} ${w.noun()}.`,
  (w) =>
    `* "${w.command()}" did not ${w.verb()} the ${w.noun()} when ${w.acronym()} is ${w.adjective()} (e.g. -${w.noun().charAt(0)}).`,
  (w) =>
    `The ${w.acronym()} ${w.noun()} is ${w.adjective()}, i.e. the ${w.noun()} of ${w.acronym()} and ${w.acronym()} has to ${w.verb()}.`,
  (w) =>
    `if it is ${w.acronym()}, then the ${w.noun()} (e.g. ${w.noun()}) ${w.verb()}s ${w.acronym()} ${w.noun()}s in a ${w.Noun()}.`,
  (w) => `${w.Verb()} support for ${w.acronym()} and ${w.term()} in ${w.noun()} ${w.noun()}s on ${w.Noun()}`,
  (w) =>
    `${w.acronym()} ${w.noun()}s that ${w.verb()} ${w.acronym()}-style ${w.noun()}s learned to ${w.verb()} "${w.command()}".`,
  (w) =>
    `We ${w.verb()} ${w.term()}-${w.noun()} and ${w.Noun()}-${w.Noun()}: the ${w.Noun()} ${w.noun()}s with ${w.acronym()} or ${w.pascal()}.`,
  (w) =>
    `Some ${w.Noun()}s, most notably ${w.term()} ${w.number()}.${w.number()}, ${w.verb()} ${w.noun()}s by default (see ${w.Noun()} ${w.Noun()}).`,
  (w) =>
    `There is a ${w.adjective()} ${w.noun()} in ${w.Noun()}; ${w.Verb()} and ${w.verb()} it, ${w.noun()} by ${w.noun()}.`,
  (w) => `${w.Adjective()} ${w.noun()}s are no longer ${w.adjective()} in ${w.Noun()} and ${w.Noun()} ${w.noun()}s.`,
  (w) => `${w.Adjective()} ${w.noun()}`,
  (w) => `<${w.noun()} class="${w.noun()}">${w.Noun()} ${w.noun()}</${w.noun()}>`,
  (w) => `.${w.noun()}-${w.noun()} { ${w.noun()}: ${w.number()}px; }`,
  (w) => `@@ -${w.number()},${w.number()} +${w.number()},${w.number()} @@ ${w.camel()}`,
  (w) => `+  ${w.camel()}(${w.Noun()})`,
  (w) => `Step ${w.number()}: ${w.Verb()} the ${w.noun()} in ${w.term()}`,
  (w) => `Test ${w.Noun()} ${w.chance.pick(['passed', 'failed'])} in ${w.number()} ms`,
]

/** One to eight such lines. */
export function technicalText(chance: Chance): string {
  const words = new Words(chance)
  return Array.from({ length: chance.between(1, 8) }, () => chance.pick(shapes)(words)).join('\n')
}
