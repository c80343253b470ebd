"""The pages of imports: sending files, checking them, importing them, and what became of them."""
