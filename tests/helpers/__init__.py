"""What tests share: databases, the server, the browser, the cast, and assertions on pages and panels."""
