import type { JsonValue } from '../../core/json.ts'
import { curvePicture } from '../../filters/evaluation/curve-picture.ts'
import { recallAt, type RecallAt } from '../../filters/evaluation/ranking.ts'
import type { EvaluatedCategory, Evaluation } from '../../service/content-tools.ts'
import { markdownTable } from '../../text/markdown-table.ts'

/** Shares of harmless texts that may be found, at which recalls are told. */
const rates = [0.01, 0.05] as const

export function evaluationJson({ texts, failed, detectors, categories }: Evaluation): JsonValue {
  return {
    texts,
    failed,
    detectors: { ...detectors },
    categories: categories.map(({ category, ranking }) => {
      const { positives, negatives, auc, averagePrecision } = ranking
      const figures = { auc: figure(auc), average_precision: figure(averagePrecision) }
      const recalls = rates.map((rate) => recallJson(recallAt(ranking, rate)))
      return { category, positives, negatives, ...figures, recall_at: recalls }
    }) as JsonValue,
  }
}

/** What cannot be told for want of texts is null. */
const figure = (value: number): number | null => (Number.isFinite(value) ? value : null)

function recallJson(given: RecallAt): JsonValue {
  const { falsePositiveRate, threshold, truePositives, falsePositives, recall, interval } = given
  return {
    false_positive_rate: falsePositiveRate,
    threshold: figure(threshold),
    true_positives: truePositives,
    false_positives: falsePositives,
    recall: figure(recall),
    interval: [interval.low, interval.high],
  }
}

/** A table with a row for each category, and who was asked. */
export function evaluationMarkdown({ texts, failed, detectors, categories }: Evaluation): string {
  const names = [
    'category',
    'texts with it',
    'without',
    ...rates.map((rate) => `recall at ${rate * 100} %`),
    'AUC',
    'average precision',
  ]
  const rows = categories.map(({ category, ranking }) => {
    const { positives, negatives, auc, averagePrecision } = ranking
    const recalls = rates.map((rate) => recallText(recallAt(ranking, rate)))
    return [category, positives, negatives, ...recalls, shown(auc), shown(averagePrecision)]
  })
  const columns = names.map((name) => ({ name, type: 'text' }))
  const table = markdownTable({ columns, rows, totalRows: rows.length }, rows.length)
  const asked = Object.entries(detectors).map(([name, version]) => `${name} ${version}`)
  const missing = failed === 0 ? '' : ` ${failed} are in no figure: a detector did not answer about them.`
  return `${table}\n\n${texts} texts, with 95 % intervals (Wilson); asked: ${asked.join(', ') || 'nobody'}.${missing}\n`
}

const shown = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : 'no samples')

function recallText({ recall, interval, threshold }: RecallAt): string {
  if (!Number.isFinite(recall)) return 'no samples'
  const percent = (share: number): string => (share * 100).toFixed(1)
  const from = Number.isFinite(threshold) ? `, from ${threshold.toFixed(2)}` : ''
  return `${percent(recall)} % (${percent(interval.low)}–${percent(interval.high)})${from}`
}

/** Of categories that have texts with and without them. */
export function picturesOf({ categories }: Evaluation): readonly { readonly name: string; readonly text: string }[] {
  return categories
    .filter(({ ranking }) => ranking.positives > 0 && ranking.negatives > 0)
    .flatMap(({ category, ranking }: EvaluatedCategory) =>
      (['roc', 'pr'] as const).map((kind) => {
        const title = `${category}: ${kind === 'roc' ? `ROC, AUC ${shown(ranking.auc)}` : `precision and recall, average precision ${shown(ranking.averagePrecision)}`}`
        return { name: `${category.replaceAll('/', '-')}-${kind}.svg`, text: curvePicture(title, ranking, kind) }
      }),
    )
}
