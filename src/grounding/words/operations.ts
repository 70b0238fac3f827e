/** What words ask of numbers. */
export type Operation =
  | 'sum'
  | 'mean'
  | 'median'
  | 'deviation'
  | 'quantile'
  | 'correlation'
  | 'max'
  | 'min'
  | 'count'
  | 'distinct'
  | 'share'
  | 'difference'
  | 'change'
  | 'ratio'
  | 'rank'

const patterns: Readonly<Record<Operation, RegExp>> = {
  sum: /\b(?:totals?|totall?ed|totall?ing|sums?|summed|altogether|combined|overall|in all|add(?:s|ed|ing)? up|amount(?:s|ed)? to|together|cumulative(?:ly)?|aggregated?|gesamt\w*|insgesamt|summe|zusammen|somme)\b/g,
  mean: /\b(?:averag(?:e|es|ed|ing)|mean|avg|typical(?:ly)?|durchschnitt\w*|mittelwert|moyenne)\b/g,
  median: /\bmedian\b/g,
  deviation: /\b(?:standard deviation|std(?:dev)?|standardabweichung)\b/g,
  quantile: /\b(?:quartiles?|interquartile|percentiles?|iqr|middle (?:half|50))\b/g,
  correlation: /\b(?:correlat\w*|pearson|korrel\w*)\b/g,
  max: /\b(?:max(?:imum)?|highest|largest|biggest|greatest|most|top|peak(?:s|ed)?|best|longest|tallest|oldest|heaviest|latest|last|strongest|widest|deepest|richest|h[oö]chste\w*|gr[oö]sste\w*|größte\w*|meisten)\b/g,
  min: /\b(?:min(?:imum)?|lowest|smallest|fewest|least|worst|shortest|youngest|lightest|cheapest|earliest|first|weakest|bottom|niedrigste\w*|kleinste\w*|geringste\w*|wenigsten)\b/g,
  count:
    /\b(?:number of|count(?:s|ed)?|how many|there (?:are|were|is|was)|rows?|records?|entries|observations|times|anzahl|nombre de)\b/g,
  distinct: /\b(?:distinct|different|unique|various|separate|verschiedene\w*)\b/g,
  share:
    /(?:\b(?:shares?|proportion|fraction|accounts? for|accounted|accounting for|represent\w*|ma[dk](?:e|es|ing) up|makes? up|contribut\w+|compris\w+|constitut\w+|anteil|part)\b|(?:%|percent|per cent) of\b|\bof (?:all|the total|total)\b)/g,
  difference:
    /\b(?:difference|differ(?:s|ed)?|gap|margin|more|less|fewer|higher|lower|larger|smaller|greater|longer|shorter|older|younger|taller|heavier|faster|slower|ahead of|behind|above|below|under|exceed(?:s|ed|ing)?|than|leads?(?! to\b)|led(?! to\b)|beat(?:s|ing)?|outsold|outscored|short of|mehr als|weniger als)\b/g,
  change:
    /\b(?:ris(?:e|es|en|ing)|rose|fall(?:s|en|ing)?|fell|increas\w*|decreas\w*|grow(?:s|n|ing|th)?|grew|declin\w*|drop(?:s|ped|ping)?|chang\w*|gain(?:s|ed|ing)?|improv\w*|widen\w*|narrow(?:s|ed|ing)?|surg(?:es?|ed|ing)|dip(?:s|ped)?|lost|added|adds|slid(?:es?|ing)?|expand\w*|contracted|climb(?:s|ed|ing)?|shr[aiu]nk\w*|jump(?:s|ed|ing)?|soar(?:s|ed|ing)?|plunge[sd]?|slipp?(?:s|ed)?|(?<!adds |add |added |adding |make |makes |made )up(?! to\b)|down|gestiegen|gesunken|stieg|sank|fiel)\b/g,
  ratio: /(?:(?<=\d ?)x|\btimes|\btwice|double[ds]?|tripled?|fold|ratio|half as|for (?:each|every))\b/g,
  rank: /\b(?:rank(?:s|ed|ing)?|place[ds]?|position(?:ed)?|finish(?:es|ed)?|com(?:e|es|ing)|came)\b/g,
}

const all = Object.entries(patterns) as readonly (readonly [Operation, RegExp])[]

/** Operations that words of a text name, with where. */
export function operationsIn(
  text: string,
): readonly { readonly operation: Operation; readonly start: number; readonly end: number }[] {
  const low = text.toLowerCase()
  return all.flatMap(([operation, pattern]) =>
    [...low.matchAll(pattern)].map((match) => ({ operation, start: match.index, end: match.index + match[0].length })),
  )
}

const ups =
  /\b(?:ris(?:e|es|en|ing)|rose|increas(?:e|es|ed|ing)|gr[eo]w(?:s|n|ing|th)?|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|soar(?:s|ed|ing)?|doubled|tripled|surged?|expand(?:s|ed)?|stieg|gestiegen|up)\b/gi
const downs =
  /\b(?:fall(?:s|en|ing)?|fell|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|drop(?:s|ped|ping)?|shr[aiu]nk(?:s|ing)?|plunge[sd]?|dip(?:s|ped)?|slip(?:s|ped|ping)?|los[st](?:es)?|reduc(?:ed|tion)|sank|gesunken|fiel|down)\b/gi
const more =
  /\b(?:more|higher|larger|greater|bigger|longer|older|taller|heavier|above|ahead of|exceed(?:s|ed|ing)?|surpass(?:es|ed)?|outperform(?:s|ed)?|mehr|höher)\b/gi
const less =
  /\b(?:less|fewer|lower|smaller|shorter|younger|lighter|below|behind|short of|trail(?:s|ed)?|weniger|niedriger)\b/gi

export interface Direction {
  readonly start: number
  readonly end: number
  readonly sign: 1 | -1
  /** `change`: over time; `comparison`: one thing beside another. */
  readonly of: 'change' | 'comparison'
}

export function directionsIn(text: string): readonly Direction[] {
  const found = (pattern: RegExp, sign: 1 | -1, of: Direction['of']): Direction[] =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, sign, of }))
  return [
    ...found(ups, 1, 'change'),
    ...found(downs, -1, 'change'),
    ...found(more, 1, 'comparison'),
    ...found(less, -1, 'comparison'),
  ].toSorted((left, right) => left.start - right.start)
}

/** Words that speak of less than nothing, with which a magnitude stands for a negative number. */
export const negatives =
  /\b(?:loss(?:es)?|lost|deficit|negative|below zero|minus|shortfall|fell|fall|drop(?:ped)?|declin\w*|decreas\w*|down|lower|less|fewer|behind|short of|reduction|reduced|cut|verlust)\b/i
