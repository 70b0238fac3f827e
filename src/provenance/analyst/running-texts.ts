import type { TrustedWords } from '../trusted-words.ts'

/** A built-in that runs a text, by itself or handed on: `exec(…)`, `apply(eval)`. A method of that name runs what it says. */
const runner = /(?:(?<![\w.'"])|\bbuiltins\.)(?:exec|eval|compile)\b(?!\s*=[^=])/
/** Functions of libraries that run a text, a module or an object out of a file. */
const libraryRunner =
  /\b(?:(?:pandas|pd|numexpr|ne)\.eval(?:uate)?|(?:pandas|pd)\.read_pickle|c?[pP]ickle\.(?:loads?|Unpickler)|(?:joblib|dill|cloudpickle|marshal|torch|skops\.io)\.loads?|shelve\.open|yaml\.(?:load|load_all|unsafe_load|full_load)|runpy\.run_(?:path|module)|(?:importlib\.)?import_module|importlib\.util\.\w+|allow_pickle\s*=\s*True)\b|\b(?:sql|query|execute)\(\s*(?:open\(|(?:pathlib\.)?Path\()/
/** One that is given a text that stands in the program. */
const plain =
  /(?:(?<![\w.'"])|\bbuiltins\.|\b(?:pandas|pd|numexpr|ne)\.)(?:exec|eval|evaluate|compile)\s*\(\s*[rbu]?(?:'[^'\\{}]*'|"[^"\\{}]*")/g
const imported = /^\s*(?:import\s+([\w.\s,]+)|from\s+([\w.]+)\s+import\b)/

/** What of a program runs as code and does not stand in it. */
interface RunningTexts {
  /** Paths of the files of the session. */
  readonly files: readonly string[]
  /** Of the person and the operator. */
  readonly said: TrustedWords
}

/**
 * Lines, from 1, of a program in Python that run a text which is not written there, or a module that is a file of the session and
 * that no person has named. It is no analysis of programs: who hides the name of a built-in is not noticed.
 */
export function runningLines(program: string, { files, said }: RunningTexts): readonly number[] {
  const modules = new Set(files.filter((path) => /\.py$|\//.test(path)).map((path) => path.replace(/\.py$|\/.*$/s, '')))
  const isTold = (module: string): boolean => said.says(`${module}.py`) || said.speaksOf([module])
  return program.split('\n').flatMap((line, at) => {
    if (/^\s*#/.test(line)) return []
    const code = line.replaceAll(plain, '')
    if (runner.test(code) || (libraryRunner.test(code) && !isOfNamedFile(line, said))) return [at + 1]
    const [, several = '', one = several] = imported.exec(line) ?? []
    const names = one.split(',').map((name) => name.trim().split(/[.\s]/, 1)[0] ?? '')
    return names.some((name) => modules.has(name) && !isTold(name)) ? [at + 1] : []
  })
}

/** Is it given a file that a person has named, and nothing else? */
function isOfNamedFile(line: string, said: TrustedWords): boolean {
  const texts = [...line.matchAll(/(['"])([^'"]{1,200})\1/g)].map(([, , text = '']) =>
    text.replace(/^\/mnt\/data\//, ''),
  )
  const files = texts.filter((text) => /\.\w{1,8}$/.test(text))
  return files.length > 0 && files.every((name) => said.says(name))
}
