import { euros, javascript, percent, sql, type Script } from '../script.ts'
import { numberIn } from '../tool-result.ts'

export const doubling: Script = {
  question: 'When will revenue have doubled at the current growth rate?',
  aliases: ['when will revenue double', 'how long until revenue doubles', 'doubling time of revenue'],
  tools: ['run_sql', 'run_javascript'],
  turns: [
    () => ({
      say: 'Revenue per year first.',
      calls: [
        sql(`SELECT extract(year FROM month)::integer AS year, sum(revenue) AS revenue
FROM monthly_revenue
GROUP BY 1
ORDER BY 1`),
      ],
    }),
    (seen) => ({
      say: 'The rest is a small calculation, for which an isolate is enough.',
      calls: [
        javascript(
          calculation(
            seen
              .at(0)
              .rows()
              .map((row) => numberIn(row, 'revenue')),
          ),
        ),
      ],
    }),
  ],
  answer(seen) {
    const years = seen.at(0).rows()
    const latest = years.at(-1)
    const result = seen.at(1)
    const wait = result.number('years')
    if (wait < 0) return 'Revenue is not growing, so it will not double at the current rate.'
    return [
      `At ${percent(result.number('growth'))} a year, the mean growth of ${years[0]?.['year'] ?? ''} to ${latest?.['year'] ?? ''}, revenue doubles in **${wait.toFixed(1)} years**.`,
      '',
      `That would be ${euros(result.number('target'))} a year, against ${euros(numberIn(latest, 'revenue'))} in ${latest?.['year'] ?? ''}. It is a projection of the past, not a forecast.`,
    ].join('\n')
  },
}

function calculation(revenues: readonly number[]): string {
  return `const revenues = ${JSON.stringify(revenues)}
const growth = (revenues.at(-1) / revenues[0]) ** (1 / (revenues.length - 1)) - 1
const years = growth > 0 ? Math.log(2) / Math.log(1 + growth) : -1
console.log(JSON.stringify({ growth, years, target: revenues.at(-1) * 2 }))`
}
