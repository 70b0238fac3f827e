# The set-up runs this once: what the first sandbox has to make, a person then does not wait for.
import pandas

print(int(pandas.Series([2, 3, 5]).sum()))
