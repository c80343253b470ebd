"""The pages of administrators: settings, people, tokens, stores, and the first start."""
