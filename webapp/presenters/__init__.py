"""Build what screens and panels show from plain objects of the domain; no queries here."""
