"""Reads a file as a table, in the one way Sallyport reads it everywhere: for SQL, for what a model is told of a file, and
for programs in a sandbox.

    from sallyport import read_table
    orders = read_table('orders.csv')
"""

from .frames import read_table
from .unreadable import Unreadable

__all__ = ['Unreadable', 'read_table']
