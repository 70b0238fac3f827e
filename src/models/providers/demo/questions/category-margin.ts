import { euros, markdownTable, percent, python, sql, whole, type Script } from '../script.ts'
import { numberIn } from '../tool-result.ts'

export const categoryMargin: Script = {
  question: 'Which product categories bring the most margin?',
  aliases: ['margin by category', 'most profitable product categories', 'which categories are the most profitable'],
  tools: ['describe_data', 'run_sql', 'run_python'],
  turns: [
    () => ({
      say: 'First I look at how products and order lines are recorded, and how many orders there are.',
      calls: [
        { tool: 'describe_data', input: { tables: ['products', 'order_lines', 'orders'] } },
        sql('SELECT status, count(*) AS orders FROM orders GROUP BY status ORDER BY orders DESC'),
      ],
    }),
    () => ({
      say: 'Cancelled orders do not count. Margin is what was paid less the purchase price.',
      calls: [
        sql(`SELECT p.category,
       sum(l.quantity) AS pieces,
       sum(l.line_total) AS revenue,
       sum(l.line_total - l.quantity * p.unit_cost) AS margin
FROM order_lines l
JOIN products p ON p.id = l.product_id
JOIN orders o ON o.id = l.order_id
WHERE o.status <> 'cancelled'
GROUP BY p.category
ORDER BY margin DESC`),
      ],
    }),
    (seen) => ({ say: 'A chart shows it best.', calls: [python(chart(seen.at(2).file()))] }),
  ],
  answer(seen) {
    const rows = seen.at(2).rows()
    const [best] = rows
    const share = numberIn(best, 'margin') / rows.reduce((sum, row) => sum + numberIn(row, 'margin'), 0)
    const table = rows.map((row) => [
      row['category'] ?? '',
      whole(numberIn(row, 'pieces')),
      euros(numberIn(row, 'revenue')),
      euros(numberIn(row, 'margin')),
      percent(numberIn(row, 'margin') / numberIn(row, 'revenue')),
    ])
    const cancelled = seen
      .at(1)
      .rows()
      .find((row) => row['status'] === 'cancelled')
    return [
      `**${best?.['category'] ?? ''}** brings the most margin: ${euros(numberIn(best, 'margin'))}, ${percent(share)} of the total.`,
      `The highest margin per euro of revenue is in **${seen.at(3).string('best_rate')}**.`,
      '',
      markdownTable(['category', 'pieces', 'revenue', 'margin', 'margin rate'], table),
      '',
      cancelled === undefined
        ? 'No order was cancelled.'
        : `${whole(numberIn(cancelled, 'orders'))} cancelled orders are left out.`,
    ].join('\n')
  },
}

function chart(file: string): string {
  return `import json
import matplotlib.pyplot as plt
import pandas as pd

categories = pd.read_parquet(${JSON.stringify(file)}).astype({"revenue": float, "margin": float})
categories["rate"] = categories["margin"] / categories["revenue"]
ordered = categories.sort_values("margin")

figure, axes = plt.subplots(figsize=(8, 4.5))
bars = axes.barh(ordered["category"], ordered["margin"] / 1000, color="#5b8c5a")
axes.bar_label(bars, labels=[f"{rate:.0%}" for rate in ordered["rate"]], padding=3)
axes.margins(x=0.1)
axes.set_title("Margin by product category, with margin rate")
axes.set_xlabel("thousand EUR")
figure.tight_layout()

print(json.dumps({"best_rate": categories.loc[categories["rate"].idxmax(), "category"]}))`
}
