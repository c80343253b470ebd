"""Bringing orders and stock in from files, a row at a time, without losing one.

A file is read once into a spool on disk (``source``, ``spool``); a damaged one is refused there, before anything is
written. Then each order is read by the rules of its format (``formats``, ``order_drafts``) and written in bounded
chunks (``order_writing``), and each row is accounted for (``report``). ``docs/imports.md`` tells users the same.
"""
