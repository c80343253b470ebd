"""Sign-in, stores, languages and tours, through the test client."""
