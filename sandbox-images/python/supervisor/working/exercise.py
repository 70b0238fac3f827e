"""Cells that do what nearly every analysis does first, run before anybody asks: then it is imported, specialized and in
memory.

They draw no random number, leave no variable and no file, and run before any code of the user's.
"""

# In a process restored from a checkpoint every page is loaded when it is first touched, here instead of in a cell.
TABLE = """\
import pandas as pd
frame = pd.DataFrame({'group': ['a', 'b'] * 8, 'value': range(16)})
frame.groupby('group').value.mean()
frame.value.sum()
frame.head()
"""

_FIGURE = """\
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2, 3], label='a')
axes.set_title('A title')
axes.set_xlabel('x')
axes.set_ylabel('y')
axes.legend()
axes.grid(True)
plt.show()
"""
_BARS = """\
import pandas as pd
import matplotlib.pyplot as plt
frame = pd.DataFrame({'month': pd.date_range('2024-01-01', periods=6, freq='MS'), 'sales': range(6)})
frame.plot(x='month', y='sales')
plt.figure(figsize=(8, 5))
plt.bar(frame.month.dt.strftime('%b'), frame.sales, color='steelblue')
plt.xticks(rotation=45)
plt.tight_layout()
plt.show()
frame.sales.hist()
plt.scatter([1, 2, 3], [4.5, 5.5, 6.5])
"""
_FILES = """\
import io
import pandas as pd
text = io.StringIO('day,amount,name\\n2024-01-01,1.5,a\\n2024-01-02,2.5,b\\n')
frame = pd.read_csv(text, parse_dates=['day'])
pd.to_datetime(pd.Series(['3 January 2024', '4 January 2024']), format='mixed')
kept = io.BytesIO()
frame.to_parquet(kept)
kept.seek(0)
pd.read_parquet(kept)
frame.sort_values('amount')
frame[frame.amount > 2].describe()
frame.merge(frame.groupby('name').amount.sum().reset_index(), on='name').pivot_table(index='day', values='amount_x')
frame
"""

# For the process that is going to be checkpointed: seconds.
EVERYTHING = (_FIGURE, _BARS, _FILES, TABLE)
