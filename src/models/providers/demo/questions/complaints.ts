import { markdownTable, percent, python, sql, whole, type Script } from '../script.ts'
import { numberIn } from '../tool-result.ts'

export const complaints: Script = {
  question: 'What do customers complain about in their reviews?',
  aliases: ['what are customers complaining about', 'bad reviews', 'reasons for bad reviews', 'customer complaints'],
  tools: ['run_sql', 'run_python'],
  turns: [
    () => ({
      say: 'I take all reviews with their product, and the reasons given for refunds beside them.',
      calls: [
        sql(`SELECT p.category, p.name AS product, v.rating, v.body
FROM reviews v
JOIN products p ON p.id = v.product_id
ORDER BY v.id`),
        sql('SELECT reason, count(*) AS refunds FROM refunds GROUP BY reason ORDER BY refunds DESC'),
      ],
    }),
    (seen) => ({
      say: 'Which statements stand in bad reviews but not in good ones? I compare the sentences of all reviews.',
      calls: [python(sentences(seen.at(0).file()))],
    }),
  ],
  answer(seen) {
    const result = seen.at(2)
    const said = result.json()['sentences'] as readonly (readonly [string, number])[]
    const reasons = seen.at(1).rows().slice(0, 3)
    const named = reasons.map((row) => `${row['reason'] ?? ''} (${whole(numberIn(row, 'refunds'))})`)
    return [
      `${whole(result.number('bad'))} of ${whole(result.number('reviews'))} reviews have one or two stars. What sets them apart from good ones:`,
      '',
      markdownTable(
        ['statement', 'share of the bad reviews'],
        said.map(([sentence, share]) => [sentence, percent(share)]),
      ),
      '',
      `The share of bad reviews is largest in **${result.string('worst_category')}** (${percent(result.number('worst_share'))}).`,
      `Refunds point the same way; the reasons given most often: ${named.join(', ')}.`,
    ].join('\n')
  },
}

function sentences(file: string): string {
  return `import json
import re
import matplotlib.pyplot as plt
import pandas as pd

reviews = pd.read_parquet(${JSON.stringify(file)})
reviews["bad"] = reviews["rating"] <= 2

def split(row):
    text = re.sub(re.escape(row["product"]), "…", str(row["body"]), flags=re.IGNORECASE)
    return {part.strip() for part in re.split(r"(?<=[.!?])\\s+", text) if part.strip()}

said = reviews.assign(sentence=reviews.apply(split, axis=1)).explode("sentence").dropna(subset=["sentence"])
counts = said.groupby(["sentence", "bad"]).size().unstack(fill_value=0)
share_bad = counts[True] / reviews["bad"].sum()
share_good = counts[False] / (~reviews["bad"]).sum()
top = share_bad[(share_bad - share_good).sort_values(ascending=False).index].head(6)
by_category = reviews.groupby("category")["bad"].mean().sort_values()

figure, axes = plt.subplots(figsize=(8, 4))
axes.barh(by_category.index, by_category * 100, color="#b5442e")
axes.set_title("Reviews with one or two stars, by category")
axes.set_xlabel("% of the reviews")
figure.tight_layout()

print(json.dumps({
    "reviews": int(len(reviews)),
    "bad": int(reviews["bad"].sum()),
    "sentences": [[sentence, round(float(share), 4)] for sentence, share in top.items()],
    "worst_category": by_category.idxmax(),
    "worst_share": float(by_category.max()),
}, ensure_ascii=False))`
}
