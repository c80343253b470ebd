"""Domain, presenters, forms and schemas: no app, no database."""
