const sameValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['women', ['female']],
  ['woman', ['female']],
  ['girls', ['female']],
  ['females', ['female']],
  ['men', ['male']],
  ['man', ['male']],
  ['boys', ['male']],
  ['males', ['male']],
])

/** Words of values that are said in another form: "graduates" of "Graduate", "women" of "female". */
export function otherForms(word: string): readonly string[] {
  const same = sameValues.get(word)
  if (same !== undefined) return same
  if (word.length < 5) return []
  if (word.endsWith('ern') && /^(?:north|south|east|west)/.test(word)) return [word.slice(0, -3)]
  if (word.endsWith('ness')) return word.length < 8 ? [] : [word.slice(0, -4)]
  if (word.endsWith('ed')) return word.length < 6 ? [] : [word.slice(0, -1), word.slice(0, -2)]
  if (word.endsWith('e')) return [`${word}d`]
  if (!word.endsWith('s') || word.endsWith('ss')) return [`${word}ed`]
  return word.endsWith('ies') ? [`${word.slice(0, -3)}y`, word.slice(0, -1)] : [word.slice(0, -1)]
}
