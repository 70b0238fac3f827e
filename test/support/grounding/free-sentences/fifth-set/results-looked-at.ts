import type { RunResult } from './run-result.ts'

/** What the runs of the half that may be looked at have read. Printed ones are as pandas and statsmodels printed them over data that was drawn for it. */
export const resultsLookedAt: Readonly<Record<string, RunResult>> = {
  'furniture by region and quarter': {
    kind: 'rows',
    text: `
    region | quarter | revenue | units | returns
    North | Q1 | 184200 | 1410 | 96
    North | Q2 | 201750 | 1522 | 88
    North | Q3 | 176980 | 1367 | 103
    North | Q4 | 263400 | 1988 | 121
    South | Q1 | 142310 | 1120 | 41
    South | Q2 | 150890 | 1184 | 52
    South | Q3 | 161075 | 1246 | 60
    South | Q4 | 198640 | 1533 | 77
    East | Q1 | 97450 | 804 | 35
    East | Q2 | 91200 | 761 | 29
    East | Q3 | 88640 | 742 | 38
    East | Q4 | 120310 | 985 | 44
    West | Q1 | 221900 | 1675 | 64
    West | Q2 | 236480 | 1790 | 71
    West | Q3 | 229015 | 1733 | 59
    West | Q4 | 301870 | 2240 | 98`,
  },
  'delivery hours by carrier': {
    kind: 'frame',
    text: `
          count   mean    std  min    25%    50%    75%    max
carrier
Kolibri   412.0  31.35   9.45  4.0  25.40  31.45  37.42   55.7
Norrpost  268.0  45.39  15.65  7.5  35.48  44.75  55.70   91.7
Rapid24   187.0  23.21   6.40  4.0  18.60  23.10  27.85   40.8
Seeland   133.0  55.56  21.73  4.5  41.40  54.70  69.70  107.4`,
  },
  'hospital wards in October': {
    kind: 'rows',
    text: `
    ward | beds | admissions | avg_stay_days | readmitted | cost_eur
    Cardiology | 48 | 312 | 4.6 | 28 | 1184600
    Geriatrics | 60 | 188 | 9.8 | 31 | 1027300
    Maternity | 32 | 264 | 3.1 | 6 | 611450
    Oncology | 40 | 141 | 8.2 | 22 | 1590800
    Orthopaedics | 52 | 297 | 5.4 | 17 | 1246150
    Paediatrics | 36 | 229 | 2.9 | 11 | 498200
    Psychiatry | 44 | 74 | 17.5 | 9 | 702900`,
  },
  'office energy by month': {
    kind: 'rows',
    text: `
    month | kwh | cost_eur | peak_kw | degree_days
    2025-01 | 48210 | 11088.30 | 142 | 512
    2025-02 | 43980 | 10115.40 | 139 | 446
    2025-03 | 39450 | 9073.50 | 131 | 371
    2025-04 | 31220 | 7180.60 | 117 | 228
    2025-05 | 26840 | 6173.20 | 104 | 117
    2025-06 | 27910 | 6419.30 | 121 | 31
    2025-07 | 30575 | 7338.00 | 133 | 4
    2025-08 | 29860 | 7166.40 | 130 | 9
    2025-09 | 26115 | 6267.60 | 109 | 88
    2025-10 | 33740 | 8097.60 | 118 | 241
    2025-11 | 41305 | 9913.20 | 134 | 388
    2025-12 | 46890 | 11253.60 | 140 | 487`,
  },
  'league table': {
    kind: 'rows',
    text: `
    team | played | won | drawn | lost | goals_for | goals_against | points
    Harbour FC | 30 | 20 | 6 | 4 | 61 | 28 | 66
    Millbrook | 30 | 18 | 7 | 5 | 55 | 31 | 61
    Red Star Ashdon | 30 | 17 | 5 | 8 | 58 | 39 | 56
    Northfield | 30 | 14 | 9 | 7 | 44 | 33 | 51
    Saltmarsh | 30 | 12 | 8 | 10 | 41 | 40 | 44
    Old Quarry | 30 | 11 | 6 | 13 | 38 | 45 | 39
    Vale Rovers | 30 | 9 | 10 | 11 | 36 | 37 | 37
    Stanmoor | 30 | 8 | 7 | 15 | 33 | 51 | 31
    Lakeside | 30 | 6 | 5 | 19 | 25 | 54 | 23
    Penley Town | 30 | 2 | 5 | 23 | 19 | 52 | 11`,
  },
  'satisfaction counted': {
    kind: 'lines',
    text: `
answer
satisfied            514
very satisfied       290
neutral              207
dissatisfied         156
very dissatisfied     73
Name: count, dtype: int64`,
  },
  'satisfaction by age group': {
    kind: 'rows',
    text: `
    age_group | respondents | mean_score | would_recommend
    18-29 | 268 | 3.41 | 139
    30-44 | 402 | 3.78 | 271
    45-59 | 351 | 3.69 | 228
    60+ | 219 | 3.52 | 131`,
  },
  'visits by country and device': {
    kind: 'frame',
    text: `
         desktop  mobile  tablet
country
Austria    22204   19390     930
France     24035    6131    1740
Germany     1090    1461    1910
Italy      16268    6680    1307
Poland     25139    4269     639`,
  },
  'loans by grade': {
    kind: 'rows',
    text: `
    grade | loans | amount_usd | interest_rate | defaults
    A | 4120 | 61800000 | 0.0612 | 74
    B | 5875 | 82250000 | 0.0895 | 247
    C | 3960 | 51480000 | 0.1241 | 348
    D | 1740 | 20010000 | 0.1608 | 263
    E | 655 | 7205000 | 0.2033 | 151
    F | 210 | 2100000 | 0.2417 | 71`,
  },
  'advertising regression': {
    kind: 'lines',
    text: `
observations: 96
r_squared: 0.9110
adj_r_squared: 0.9081
rmse: 1.509
intercept: 3.0338
coef_tv: 0.0475
coef_radio: 0.1840
coef_newspaper: -0.0021
p_tv: 5.36e-45
p_radio: 3.98e-28
p_newspaper: 0.660
correlation_tv_sales: 0.814`,
  },
  'staff by department and year': {
    kind: 'rows',
    text: `
    department | 2021 | 2022 | 2023 | 2024 | 2025
    Research | 84 | 97 | 118 | 131 | 126
    Production | 310 | 298 | 305 | 287 | 264
    Logistics | 72 | 75 | 91 | 96 | 103
    Sales | 55 | 61 | 64 | 58 | 60
    Administration | 40 | 41 | 39 | 37 | 33`,
  },
  'stock on hand': {
    kind: 'rows',
    text: `
    sku | product | stock | reorder_level | unit_price | last_counted
    A-100 | Desk lamp | 340 | 120 | 24.90 | 2026-03-02
    A-117 | Office chair | 58 | 60 | 189.00 | 2026-03-09
    A-123 | Standing desk | 21 | 15 | 449.00 | 2026-02-17
    B-204 | Whiteboard | 96 | 40 | 74.50 | 2026-03-11
    B-209 | Cable tray | 1250 | 400 | 12.75 | 2026-01-26
    C-310 | Monitor arm | 32 | 75 | 99.90 | 2026-03-04
    C-311 | Footrest | 144 | 50 | 35.00 | 2026-02-23
    C-318 | Filing cabinet | 17 | 20 | 159.00 | 2026-03-09`,
  },
  'cities and their weather': {
    kind: 'rows',
    text: `
    city | country | population | area_km2 | january_c | july_c | rain_mm
    Bergen | Norway | 291940 | 465 | 2.1 | 14.9 | 2495
    Cork | Ireland | 224004 | 187 | 5.9 | 15.8 | 1228
    Graz | Austria | 303270 | 128 | -0.4 | 21.3 | 819
    Malmo | Sweden | 362133 | 157 | 1.2 | 18.4 | 620
    Porto | Portugal | 248769 | 41 | 9.6 | 20.3 | 1237
    Split | Croatia | 160577 | 79 | 8.0 | 26.1 | 783
    Tampere | Finland | 260180 | 525 | -5.8 | 17.2 | 602
    Turin | Italy | 846926 | 130 | 2.6 | 24.0 | 914`,
  },
}
