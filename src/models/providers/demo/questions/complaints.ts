import { markdownTable, percent, python, sql, whole, type Script } from '../script.ts'
import { numberIn } from '../tool-result.ts'

export const complaints: Script = {
  question: 'What do customers complain about in their reviews?',
  aliases: ['what are customers complaining about', 'bad reviews', 'reasons for bad reviews', 'customer complaints'],
  tools: ['run_sql', 'run_python'],
  turns: [
    () => ({
      say: 'I take all reviews with one or two stars, and the reasons given for refunds beside them.',
      calls: [
        sql(`SELECT p.category, v.rating, v.title, v.body
FROM reviews v
JOIN products p ON p.id = v.product_id
WHERE v.rating <= 2
ORDER BY v.id`),
        sql('SELECT reason, count(*) AS refunds FROM refunds GROUP BY reason ORDER BY refunds DESC'),
      ],
    }),
    (seen) => ({
      say: 'Which words set these reviews apart? I count them over all rows.',
      calls: [python(words(seen.at(0).file()))],
    }),
  ],
  answer(seen) {
    const result = seen.at(2)
    const terms = result.json()['terms'] as readonly (readonly [string, number])[]
    const reasons = seen.at(1).rows()
    return [
      `There are ${whole(result.number('reviews'))} reviews with one or two stars. The words that most of them share:`,
      '',
      markdownTable(
        ['word', 'share of the bad reviews'],
        terms.map(([word, share]) => [word, percent(share)]),
      ),
      '',
      `Most of them are about **${result.string('worst_category')}**. Refunds point the same way: the reasons given most often are ${reasons
        .slice(0, 3)
        .map((row) => `${row['reason'] ?? ''} (${whole(numberIn(row, 'refunds'))})`)
        .join(', ')}.`,
    ].join('\n')
  },
}

function words(file: string): string {
  return `import json
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

reviews = pd.read_csv(${JSON.stringify(file)})
counter = CountVectorizer(stop_words="english", binary=True, token_pattern=r"(?u)\\b[a-z]{4,}\\b", max_features=2000)
counts = counter.fit_transform(reviews["body"].fillna(""))
share = pd.Series(counts.mean(axis=0).A1, index=counter.get_feature_names_out()).sort_values(ascending=False)
top = share.head(8)

figure, axes = plt.subplots(figsize=(8, 4))
top[::-1].mul(100).plot.barh(ax=axes, color="#b5442e")
axes.set_title("Words in reviews with one or two stars")
axes.set_xlabel("% of these reviews")
figure.tight_layout()

print(json.dumps({
    "reviews": int(len(reviews)),
    "terms": [[word, round(float(value), 4)] for word, value in top.items()],
    "worst_category": reviews["category"].value_counts().idxmax(),
}))`
}
