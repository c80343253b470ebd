"""Imports orders and stock from files, row by row, without losing one.

A file is first read into a spool on disk (``source``, ``spool``); a damaged file is refused there, before anything is
written. Then each order is read by its format's rules (``formats``, ``order_drafts``), written in bounded chunks
(``order_writing``), and every row is accounted for (``report``). ``docs/imports.md`` explains this to users.
"""
