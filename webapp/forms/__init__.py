"""Forms, one module per screen: what a person may type, and a sentence for each mistake."""
