"""Tests of domain, presenters, forms and schemas, without app or database."""
