/** Blocks between fences, and spans. */
const fenced = /^(`{3,}(?!`)|~{3,}(?!~))([^\n]*)\n([\s\S]*?)(?:^\1[^\n]*$|$(?![\s\S]))/gm
const span = /`(?![\s$€£]*[-−+]?[\d.,\s]+\s*(?:%|[kKmM]|bn)?\s*`)([^`\n]*)`/g
/** What a model names blocks that hold no program: those of text and data are read like the rest. */
const wordsOfBlock =
  /^\s*(?:|te?xt|plain(?:text)?|text\/plain|csv|tsv|psv|table|ascii|console|output|out|result|results|stdout|md|markdown|json[lc5]?)\s*$/i
const codeLine =
  /[;{}]\s*$|\w\([^()\n]{0,80}\)|^\s*(?:import|from|def|class|return|const|let|var|function|select|where|group by|order by|limit|insert into|update|create|(?:left |inner )?join|having)\s|^\s*(?:--|\/\/|#)\s|^\s*[\w.[\]'"]{1,80}\s{0,8}[-+*/]?=(?!=)|^\s*[$>] /i
/** What stands in spans of code and in no sentence. */
const codeSign =
  /[()[\]{};=<>_\\|]|[*/+]\S|::|->|\b(?:SELECT|FROM|WHERE|LIMIT|JOIN|GROUP BY|ORDER BY|AND|OR|NULL|TRUE|FALSE)\b/

/** Is a block a program? One that has no name is where most of its lines look like one. */
function isProgram(name: string, body: string): boolean {
  if (!wordsOfBlock.test(name)) return true
  if (name.trim() !== '') return false
  const lines = body.split('\n').filter((line) => line.trim() !== '')
  return 2 * lines.filter((line) => codeLine.test(line)).length > lines.length
}

const blank = (found: string): string => found.replaceAll(/[^\n]/g, ' ')

/** The text with its programs and spans of code as blanks, so that offsets stay; a block of figures or words is none. */
export function withoutCode(text: string): string {
  if (!hasOneOf(text, '`~')) return text
  return text
    .replaceAll(fenced, (block, mark: string, name: string, body: string) =>
      isProgram(name, body) ? blank(block) : `${blank(mark + name)}${block.slice(mark.length + name.length)}`,
    )
    .replaceAll(span, (found, words: string) => (codeSign.test(words) ? blank(found) : found))
}

/**
 * Parts of an answer whose digits say nothing about data: addresses, names of files, numbers of lists, references. Each with
 * signs of which it has one.
 */
const parts: readonly (readonly [needs: string, pattern: RegExp])[] = [
  // Nobody writes a figure in so long a word; the expressions below would look through it again from each of its places.
  ['', /([!-~])\1{19,}/g],
  ['', /[!-{}~]{200,}/g],
  // A value that the answer names, and that was not filled in, is told as such.
  ['{', /\{\{\s{0,4}run\d{1,4}:[^{}\n]{1,230}\}\}/g],
  // The words of a link are read by whoever reads the answer: "chart 7" says where it leads, more than that is said of data.
  [']', /!\[[^\]\n]*\]\([^)\n]*\)|\[(?:[\p{L}.]{1,20}[ #-]{1,2})?\d{1,3}\]\([^)\n]*\)|(?<=\])\([^)\n]*\)/gu],
  [':', /\b(?:https?|ftp|file|sandbox|data):\S+/gi],
  ['@', /[\w.+-]+@[\w-]+\.[\w.]+/g],
  ['/', /(?:[\w.~-]*\/)+[\w.-]*\d[\w.-]*\.[a-z]\w{0,4}\b/gi],
  ['.', /\b[\w-]+\.(?:csv|tsv|xlsx?|json|jsonl|parquet|png|jpe?g|svg|pdf|py|sql|txt|md|html?)\b/gi],
  ['.)', /^[ \t]*(?:[-*+][ \t]+)?\(?\d{1,3}[.)](?=[ \t])/gm],
  ['[', /\[\^?\d{1,3}\]/g],
  ['#', /#\d+\b(?=\W|$)(?![^\n]{0,3}\b(?:by|in)\b)/g],
  // Ids, versions, models: letters before digits, or digits around letters.
  ['', /\b\p{L}+[-_]?\d+(?:[\w-]|\.\d)*/gu],
  [':', /\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[ap]\.?m\b)?/gi],
  ['', /\b\d+\p{L}+\d[\w]*/gu],
  ['-', /\b[0-9a-f]{8}-[0-9a-f-]{20,}\b/gi],
  ['.', /\b(?!\d{1,2}\.\d{1,2}\.\d{4}(?![\d.]*\d)|\d{1,3}(?:\.\d{3})+(?![\d.]*\d))\d+(?:\.\d+){2,}(?!\d)/g],
  ['s', /(?<!\d)\d{3,4}s\b|'\d0s\b/g],
  [
    '',
    /\b(?:results?|runs?|tables?|figures?|steps?|pages?|chapters?|sections?|versions?|python|top|bottom|first|last|line|lines|quarter|q|h)[ -]#?\d{1,3}(?![\d.,]*\d|\s?%)/gi,
  ],
  ['-', /\b\d+(?:-day|-month|-year|-week|-hour|-minute|-point)\b(?= (?:average|moving|rolling|window|period|plan))/gi],
]

/** Currency before digits is no id, and neither is a quarter of a year. */
const kept = /^(?:US|CA|AU|USD|EUR|GBP|CHF|JPY|CNY|INR|Q[1-4]$)/

/** The text with those parts as blanks, so that offsets stay. */
export function withoutNoClaims(text: string): string {
  let masked = withoutCode(text)
  for (const [needs, part] of parts) {
    if (needs !== '' && !hasOneOf(text, needs)) continue
    masked = masked.replaceAll(part, (found: string) => (kept.test(found) ? found : blank(found)))
  }
  return masked
}

function hasOneOf(text: string, signs: string): boolean {
  for (const sign of signs) if (text.includes(sign)) return true
  return false
}
