import { euros, percent, python, sql, type Script } from '../script.ts'

export const revenue: Script = {
  question: 'How has revenue developed over the last three years?',
  aliases: ['revenue over time', 'revenue trend', 'show me the revenue per month', 'how did revenue develop'],
  tools: ['run_sql', 'run_python'],
  turns: [
    () => ({
      say: 'I take revenue and orders per month from the database.',
      calls: [sql('SELECT month, orders, revenue FROM monthly_revenue ORDER BY month')],
    }),
    (seen) => ({
      say: 'Now the yearly totals, the seasonal pattern and a chart, over all months.',
      calls: [python(analysis(seen.at(0).file()))],
    }),
  ],
  answer(seen) {
    const result = seen.at(1)
    const first = result.number('first_year')
    const last = result.number('last_year')
    const from = result.number('first_revenue')
    const to = result.number('last_revenue')
    return [
      `Revenue grew from **${euros(from)}** in ${first} to **${euros(to)}** in ${last}, ${percent(result.number('growth_per_year'))} a year on average.`,
      '',
      `- The strongest month of the year is ${monthName(result.number('peak_month'))}: on average ${percent(result.number('peak_lift'))} above an average month of its year.`,
      `- The weakest is ${monthName(result.number('low_month'))}, ${percent(-result.number('low_lift'))} below it.`,
      `- The best single month brought ${euros(result.number('best_month_revenue'))}.`,
    ].join('\n')
  },
}

function monthName(month: number): string {
  return new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2000, month - 1)))
}

function analysis(file: string): string {
  return `import json
import matplotlib.pyplot as plt
import pandas as pd

monthly = pd.read_parquet(${JSON.stringify(file)}).astype({"month": "datetime64[us]", "revenue": float})
monthly["year"] = monthly["month"].dt.year
per_year = monthly.groupby("year")["revenue"].sum()
years = len(per_year) - 1
growth = (per_year.iloc[-1] / per_year.iloc[0]) ** (1 / years) - 1
lift = monthly["revenue"] / monthly.groupby("year")["revenue"].transform("mean") - 1
seasonal = lift.groupby(monthly["month"].dt.month).mean()

figure, axes = plt.subplots(figsize=(9, 4.5))
axes.bar(monthly["month"], monthly["revenue"] / 1000, width=25, color="#7aa6c2", label="month")
axes.plot(monthly["month"], monthly["revenue"].rolling(12).mean() / 1000, color="#b5442e", linewidth=2, label="mean of 12 months")
axes.set_title("Revenue per month")
axes.set_ylabel("thousand EUR")
axes.legend()
figure.tight_layout()

print(json.dumps({
    "first_year": int(per_year.index[0]), "last_year": int(per_year.index[-1]),
    "first_revenue": float(per_year.iloc[0]), "last_revenue": float(per_year.iloc[-1]),
    "growth_per_year": float(growth),
    "peak_month": int(seasonal.idxmax()), "peak_lift": float(seasonal.max()),
    "low_month": int(seasonal.idxmin()), "low_lift": float(seasonal.min()),
    "best_month_revenue": float(monthly["revenue"].max()),
}))
per_year.rename("revenue").round(2).reset_index()`
}
